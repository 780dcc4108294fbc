"""The transport shows where the player is and asks it to move; its setters ask nothing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Frame
from dictrace.widgets.choice import Choice
from dictrace.widgets.scrub_bar import ScrubBar
from dictrace.widgets.style import style_sheet
from dictrace.widgets.theme import LIGHT
from dictrace.widgets.transport import Transport, speed_text, time_text
from tests.engine.races import race
from tests.widgets.frames import frame_with_loss

FACTORS = (0.25, 1.0, 2.0)
BUTTONS = ("To the start", "Step back", "Play", "Step", "To the end", "Previous loss", "Next loss")


class Watched:
    """A transport and what it signalled."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.transport = Transport(self.window)
        self.transport.setStyleSheet(style_sheet(LIGHT))
        self.transport.set_theme(LIGHT)
        self.transport.resize(1000, 50)
        self.signals: list[object] = []
        for name in ("play_toggled", "start_requested", "end_requested", "next_loss_requested"):
            getattr(self.transport, name).connect(lambda name=name: self.signals.append(name))
        self.transport.previous_loss_requested.connect(lambda: self.signals.append("previous_loss_requested"))
        for name in ("step_requested", "seek_requested", "speed_chosen", "by_clock_chosen"):
            getattr(self.transport, name).connect(lambda value, name=name: self.signals.append((name, value)))

    def button(self, name: str) -> QToolButton:
        (found,) = [b for b in self.transport.findChildren(QToolButton) if b.accessibleName() == name]
        return found

    def choice(self, name: str) -> Choice:
        (found,) = [c for c in self.transport.findChildren(Choice) if c.accessibleName() == name]
        return found


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    return Watched(qtbot)


@pytest.fixture(scope="module")
def frame() -> Frame:
    return frame_with_loss(race())


def test_without_a_frame_nothing_can_be_played(watched: Watched) -> None:
    assert not any(watched.button(name).isEnabled() for name in BUTTONS)


def test_setters_ask_nothing(watched: Watched, frame: Frame) -> None:
    watched.transport.set_frame(frame)
    watched.transport.set_losses([3, 40])
    watched.transport.set_playing(True)
    watched.transport.set_speeds(FACTORS, 1.0, False)
    watched.transport.set_speeds((0.01, 1.0), 0.01, True)
    watched.transport.set_frame(None)
    assert watched.signals == []


def test_each_button_asks_for_its_move(qtbot: QtBot, watched: Watched, frame: Frame) -> None:
    watched.transport.set_frame(frame)
    watched.transport.set_losses([3, 40])
    for name in BUTTONS:
        qtbot.mouseClick(watched.button(name), Qt.MouseButton.LeftButton)
    assert watched.signals == [
        "start_requested",
        ("step_requested", -1),
        "play_toggled",
        ("step_requested", 1),
        "end_requested",
        "previous_loss_requested",
        "next_loss_requested",
    ]


def test_without_losses_there_is_none_to_jump_to(watched: Watched, frame: Frame) -> None:
    watched.transport.set_losses([])
    watched.transport.set_frame(frame)
    assert watched.button("Play").isEnabled()
    assert not watched.button("Next loss").isEnabled()
    watched.transport.set_losses([3])
    assert watched.button("Next loss").isEnabled()


def test_play_button_becomes_pause(watched: Watched, frame: Frame) -> None:
    watched.transport.set_frame(frame)
    before = watched.button("Play").icon().pixmap(32).toImage()
    watched.transport.set_playing(True)
    assert watched.button("Pause").icon().pixmap(32).toImage() != before
    watched.transport.set_playing(False)
    assert watched.button("Play").icon().pixmap(32).toImage() == before


def test_position_and_true_time_are_told(watched: Watched, frame: Frame) -> None:
    watched.transport.set_frame(replace(frame, event=96, events=2000, time_ns=41_234_000))
    texts = [label.text() for label in watched.transport.findChildren(QLabel)]
    assert texts == ["of 2,000 events", "41.23 ms"]


def test_speeds_are_offered_and_chosen(watched: Watched, frame: Frame) -> None:
    watched.transport.set_speeds(FACTORS, 1.0, False)
    speed = watched.choice("Speed")
    assert [speed.itemText(n) for n in range(speed.count())] == ["1/4×", "1×", "2×"]
    assert speed.currentText() == "1×"
    speed.setCurrentIndex(2)
    speed.activated.emit(2)
    mode = watched.choice("What moves evenly")
    mode.setCurrentIndex(1)
    mode.activated.emit(1)
    assert watched.signals == [("speed_chosen", 2.0), ("by_clock_chosen", True)]


@pytest.mark.parametrize(
    ("speed", "by_clock", "text"),
    [(0.0025, True, "1/400"), (1.0, True, "1×"), (4.0, True, "4×"), (0.125, False, "1/8×")],
)
def test_speed_as_read_by_a_person(speed: float, by_clock: bool, text: str) -> None:
    assert speed_text(speed, by_clock) == text


@pytest.mark.parametrize(("time_ns", "text"), [(0, "0.00 ms"), (1_234_567, "1.23 ms"), (12_300_000_000, "12.30 s")])
def test_time_as_read_by_a_person(time_ns: int, text: str) -> None:
    assert time_text(time_ns) == text


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [1200, 900, 500, 330])
def test_nothing_overlaps_or_is_cut_at_any_width(watched: Watched, frame: Frame, width: int, zoom: float) -> None:
    theme = replace(LIGHT, zoom=zoom)
    transport = watched.transport
    transport.setStyleSheet(style_sheet(theme))
    transport.set_theme(theme)
    transport.set_frame(frame)
    transport.set_speeds((1 / 10_000, 1.0), 1 / 10_000, True)
    watched.window.show()
    for _twice in range(2):
        transport.resize(theme.px(width), transport.minimumSizeHint().height())
    QApplication.processEvents()
    kinds = (QToolButton, ScrubBar, Choice, QLabel)
    shown = [w for w in transport.findChildren(QWidget) if isinstance(w, kinds) and w.isVisible()]
    assert sum(isinstance(widget, QLabel) for widget in shown) == (1 if width < 440 else 2)
    assert all(transport.rect().contains(widget.geometry()) for widget in shown)
    assert not any(one.geometry().intersects(other.geometry()) for n, one in enumerate(shown) for other in shown[:n])
    for label in transport.findChildren(QLabel):
        assert label.isHidden() or label.width() >= label.sizeHint().width()
    for choice in transport.findChildren(Choice):
        assert choice.fontMetrics().horizontalAdvance(choice.currentText()) <= choice.width() - theme.px(27)
    watched.window.close()


@pytest.mark.parametrize("width", [1200, 934, 614])
def test_losses_have_room_to_be_told_apart(watched: Watched, frame: Frame, width: int) -> None:
    """Widths of the transport in windows 1920, 1600 and 1280 wide."""
    watched.transport.set_frame(frame)
    watched.window.show()
    watched.transport.resize(width, 100)
    QApplication.processEvents()
    (scrub,) = watched.transport.findChildren(ScrubBar)
    assert scrub.width() > 0.35 * width
    watched.window.close()


def test_labels_keep_their_width_while_playing(watched: Watched, frame: Frame) -> None:
    watched.window.show()
    watched.transport.set_frame(replace(frame, event=1, position=1.0, time_ns=1000))
    QApplication.processEvents()
    early = [label.geometry() for label in watched.transport.findChildren(QLabel)]
    watched.transport.set_frame(replace(frame, event=frame.events, position=float(frame.events)))
    QApplication.processEvents()
    assert [label.geometry() for label in watched.transport.findChildren(QLabel)] == early
    watched.window.close()
