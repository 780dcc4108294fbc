"""The scrub bar marks losses, shows the position, and tells where a person goes."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from dictrace.widgets.scrub_bar import ScrubBar
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import share_of

WIDTH, LEFT = 418, 9


class Watched:
    """A scrub bar of one pixel per event, and where it was asked to go."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bar = ScrubBar()
        qtbot.addWidget(self.bar)
        self.bar.resize(WIDTH, self.bar.sizeHint().height())
        self.bar.set_position(100.0, 400)
        self.sought: list[float] = []
        self.bar.seek_requested.connect(self.sought.append)

    def marks(self, left: float, right: float) -> float:
        """Share of lost colour above the line, between two events."""
        image = self.bar.grab().toImage()
        return share_of(image, LIGHT.lost, QRectF(LEFT + left, 0, right - left, self.bar.height() / 2 - 3))


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    return Watched(qtbot)


def test_marks_are_where_updates_were_lost(watched: Watched) -> None:
    assert watched.marks(0, 400) == 0
    watched.bar.set_losses([200])
    assert watched.marks(197, 204) > 0.1
    assert watched.marks(0, 190) == 0
    assert watched.marks(210, 400) == 0


def test_many_marks_are_tallest_where_most_losses_are(watched: Watched) -> None:
    watched.bar.set_position(0.0, 400_000)
    losses = np.concatenate((np.arange(0, 200_000, 100), np.arange(200_000, 400_000, 10)))
    watched.bar.set_losses(losses.tolist())
    image = watched.bar.grab().toImage()
    top = QRectF(LEFT, 2, 195, 4)
    assert share_of(image, LIGHT.lost, top) == 0
    assert share_of(image, LIGHT.lost, top.translated(205, 0)) > 0.9
    assert watched.marks(0, 195) > 0.2


def test_handle_moves_with_the_position(watched: Watched) -> None:
    middle = watched.bar.height() // 2 + 2
    for position in (100, 300):
        watched.bar.set_position(float(position), 400)
        image = watched.bar.grab().toImage()
        assert image.pixelColor(LEFT + position, middle - 4) == LIGHT.accent
        assert image.pixelColor(LEFT + position + 20, middle) == LIGHT.border
    assert watched.sought == [], "setters ask nothing"


def test_pressing_and_dragging_seek(qtbot: QtBot, watched: Watched) -> None:
    bar, middle = watched.bar, watched.bar.height() // 2
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(LEFT + 40, middle))
    qtbot.mouseMove(bar, QPoint(LEFT + 80, middle))
    qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(LEFT + 80, middle))
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(0, middle))
    qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(WIDTH, middle))
    qtbot.mousePress(bar, Qt.MouseButton.RightButton, pos=QPoint(LEFT + 10, middle))
    assert watched.sought == [40.0, 80.0, 0.0, 400.0], "never outside the recording"


def test_page_keys_go_a_twentieth_and_other_keys_are_left_alone(qtbot: QtBot, watched: Watched) -> None:
    qtbot.keyClick(watched.bar, Qt.Key.Key_PageDown)
    qtbot.keyClick(watched.bar, Qt.Key.Key_PageUp)
    qtbot.keyClick(watched.bar, Qt.Key.Key_Right)
    assert watched.sought == [120.0, 80.0]


def test_without_a_recording_nothing_is_sought(qtbot: QtBot, watched: Watched) -> None:
    watched.bar.set_position(0.0, 0)
    qtbot.mouseClick(watched.bar, Qt.MouseButton.LeftButton)
    qtbot.keyClick(watched.bar, Qt.Key.Key_PageDown)
    assert watched.sought == []
    assert share_of(watched.bar.grab().toImage(), LIGHT.accent) == 0


def test_zoom_moves_the_places(qtbot: QtBot, watched: Watched) -> None:
    watched.bar.set_theme(replace(LIGHT, zoom=2.0))
    watched.bar.resize(2 * WIDTH, watched.bar.sizeHint().height())
    qtbot.mouseClick(watched.bar, Qt.MouseButton.LeftButton, pos=QPoint(2 * (LEFT + 300), 20))
    assert watched.sought == [300.0]
