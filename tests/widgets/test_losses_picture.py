"""The plot keeps its labels whole, its axes as far as is expected, and its lines to what the frame counts."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Counts, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.history import Curve
from dictrace.engine.recording import Recording
from dictrace.widgets.losses_painter import label_width
from dictrace.widgets.losses_picture import LossesPicture, view_of
from dictrace.widgets.text import text_width
from dictrace.widgets.theme import LIGHT, TextSize
from tests.engine.races import race


class Shown:
    """A picture in a view of its own."""

    def __init__(self, qtbot: QtBot) -> None:
        self.picture = LossesPicture(LIGHT)
        self.view = view_of(self.picture)
        qtbot.addWidget(self.view)
        self.resize(700, 220)
        self.view.show()

    def resize(self, width: int, height: int) -> None:
        self.view.resize(width, height)
        self.view.grab()

    def at(self, frame: Frame | None) -> None:
        self.picture.set_frame(frame)
        self.view.grab()

    @property
    def labels(self) -> dict[str, QRectF]:
        """Text of each label that is seen -> where it is in the view."""
        items = [item for item in self.view.scene().items() if isinstance(item, pg.TextItem) and item.isVisible()]
        return {item.toPlainText(): item.mapRectToScene(item.boundingRect()) for item in items if item.toPlainText()}

    @property
    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        across, up = self.picture.vb.viewRange()
        return tuple(across), tuple(up)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:
    made = Shown(qtbot)
    yield made
    made.view.close()


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


def counting(recording: Recording, counts: Counts) -> Frame:
    """The last frame, with other counts."""
    return replace(frame_at(recording, len(recording.events)), counts=counts)


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("size", [(220, 110), (300, 150), (700, 220)], ids=str)
def test_labels_are_whole_and_apart_at_any_size(
    shown: Shown, recording: Recording, size: tuple[int, int], zoom: float
) -> None:
    shown.picture.set_theme(replace(LIGHT, zoom=zoom))
    shown.picture.set_curve(recording.history.curve(), 60)
    shown.resize(round(size[0] * zoom), round(size[1] * zoom))
    for event in range(1, len(recording.events) + 1, 7):
        shown.at(frame_at(recording, event))
        boxes = list(shown.labels.values())
        assert len(boxes) >= 2
        assert all(box.left() >= -1 and box.right() <= size[0] * zoom + 1 for box in boxes)
        assert all(-8 * zoom <= box.top() and box.bottom() <= size[1] * zoom for box in boxes)
        middles = sorted(box.center().y() for box in boxes)
        assert all(np.diff(middles) >= 0.8 * zoom * TextSize.BODY)


def test_labels_count_what_the_frame_counts(shown: Shown, recording: Recording) -> None:
    shown.picture.set_curve(recording.history.curve(), 60)
    shown.at(counting(recording, Counts(1_234, 1_000, 234)))
    assert set(shown.labels) == {"attempted 1,234", "surviving 1,000", "234 lost"}
    shown.at(counting(recording, Counts(60, 60)))
    assert set(shown.labels) == {"attempted 60", "surviving 60"}
    shown.at(frame_at(recording, 0))
    assert not shown.labels, "nothing has happened"
    shown.at(None)
    assert not shown.labels


def test_lost_stands_between_attempted_and_surviving(shown: Shown, recording: Recording) -> None:
    shown.picture.set_curve(recording.history.curve(), 60)
    for counts in (Counts(60, 10, 50), Counts(60, 59, 1), Counts(2, 1, 1)):
        shown.at(counting(recording, counts))
        heights = {text.split()[-1 if "lost" in text else 0]: box.center().y() for text, box in shown.labels.items()}
        assert heights["attempted"] < heights["lost"] < heights["surviving"]


def test_axes_reach_to_what_is_expected_and_leave_room_for_labels(shown: Shown, recording: Recording) -> None:
    few = recording.history.curve()
    shown.picture.set_curve(Curve(few.events[:5], few.commits[:5], few.attempted[:5], few.survived[:5]), 1_000)
    (left, right), (bottom, top) = shown.ranges
    assert left == bottom == 0
    assert top > 1_000
    room_px = (right - 1_000) / right * shown.picture.vb.width()
    assert room_px == pytest.approx(label_width(1_000), abs=1)
    shown.resize(1_400, 220)
    (_left, wider), _up = shown.ranges
    assert 1_000 < wider < right, "the room is in pixels: of a wider plot it is a smaller part"


@pytest.mark.parametrize("updates", [100, 10_000, 1_000_000])
def test_labels_are_whole_however_many_updates_there_are(shown: Shown, recording: Recording, updates: int) -> None:
    numbers = np.array([1, updates])
    shown.picture.set_curve(Curve(numbers, numbers, numbers, numbers), updates)
    last = frame_at(recording, len(recording.events))
    shown.at(replace(last, event=updates, counts=Counts(updates, updates, 0, 0, 0, 0)))
    assert len(shown.labels) == 2
    assert all(box.right() <= shown.view.width() for box in shown.labels.values())


def test_gap_lies_between_the_lines_as_far_as_the_frame(shown: Shown, recording: Recording) -> None:
    curve = recording.history.curve()
    shown.picture.set_curve(curve, 60)
    for event in (20, 60, len(recording.events)):
        shown.at(frame_at(recording, event))
        past = int(np.count_nonzero(curve.events <= event))
        items = shown.view.scene().items()
        ends = {tuple(column[-1] for column in item.getOriginalDataset()) for item in items if is_line(item)}
        now = float(curve.commits[past - 1])
        assert ends == {(now, curve.attempted[past - 1]), (now, curve.survived[past - 1])}
        (gap,) = [item.path().boundingRect() for item in items if type(item).__name__ == "QGraphicsPathItem"]
        assert (gap.left(), gap.right()) == (0, now)
        assert gap.bottom() == curve.attempted[past - 1]


def is_line(item: object) -> bool:
    return isinstance(item, pg.PlotDataItem)


@pytest.mark.parametrize("most", [20, 20_000, 2_000_000])
def test_large_numbers_stand_beside_the_axis_s_title(shown: Shown, most: int) -> None:
    numbers = np.linspace(1, most, 50).astype(np.int64)
    shown.picture.set_curve(Curve(numbers, numbers, numbers, numbers))
    QApplication.processEvents()  # what is laid out anew
    axis = shown.picture.getAxis("left")
    title = axis.label.mapRectToParent(axis.label.boundingRect())
    assert axis.width() - title.right() > text_width(f"{most:,}", TextSize.SMALL) + 4
