"""The lost-updates plot: loaded later than its view is made, true to the curve, as fast with 100 000 points."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsView, QLabel
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Counts
from dictrace.engine.framing import frame_at
from dictrace.engine.history import Curve
from dictrace.engine.recording import Recording
from dictrace.widgets.losses_picture import LossesPicture
from dictrace.widgets.losses_plot import LossesPlot
from dictrace.widgets.theme import DARK, LIGHT, Theme, mixed
from tests.engine.races import race
from tests.widgets.frames import picture, share_of


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[LossesPlot]:
    made = LossesPlot()
    qtbot.addWidget(made)
    made.resize(700, 220)
    made.show()
    made.load()
    yield made
    made.close()


def painted(recording: Recording, event: int, theme: Theme = LIGHT) -> QImage:
    from dictrace.widgets.losses_painter import paint_losses_plot

    curve, frame = recording.history.curve(), frame_at(recording, event)

    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_losses_plot(painter, rect, curve, frame, theme, 60)

    return picture(paint, 700, 220, theme.panel)


def test_what_was_set_before_it_was_loaded_is_shown_after(qtbot: QtBot, recording: Recording) -> None:
    plot = LossesPlot()
    qtbot.addWidget(plot)
    plot.resize(700, 220)
    plot.set_theme(DARK)
    plot.set_curve(recording.history.curve, 60)
    plot.set_frame(frame_at(recording, len(recording.events)))
    plot.show()
    lost = mixed(DARK.panel, DARK.lost, 0.25)
    assert share_of(plot.grab().toImage(), lost) == 0
    plot.load()
    assert share_of(plot.grab().toImage(), lost) > 0.03
    plot.close()


def test_without_a_curve_it_says_what_will_come(plot: LossesPlot, recording: Recording) -> None:
    invitation = plot.findChild(QLabel)
    view = plot.findChild(QGraphicsView)
    assert invitation is not None
    assert view is not None
    assert invitation.isVisible()
    assert not view.isVisible()
    plot.set_curve(recording.history.curve, 60)
    plot.set_frame(frame_at(recording, 9))
    assert view.isVisible()
    for nothing in (None, Recording(recording.header).history.curve):
        plot.set_curve(nothing)
        plot.set_frame(None)
        assert not view.isVisible()


@pytest.mark.parametrize("updates", [2, 12_000])
def test_axes_count_whole_updates(qtbot: QtBot, updates: int) -> None:
    picture = LossesPicture(LIGHT)
    picture.set_curve(Curve(*(np.arange(1, updates + 1) for _column in range(4))))
    axis = picture.getAxis("left")
    values = [value for _spacing, level in axis.tickValues(0, updates, 100) for value in level]
    assert all(value == round(value) for value in values)
    assert axis.tickStrings([updates], 1, 1) == [f"{updates:,}"]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_gap_is_filled_up_to_the_position_and_named(qtbot: QtBot, recording: Recording, theme: Theme) -> None:
    gap = mixed(theme.panel, theme.lost, 0.25)
    shares = [share_of(painted(recording, event, theme), gap) for event in (0, 40, len(recording.events))]
    assert shares[0] == 0
    assert shares[0] < shares[1] < shares[2]
    image = painted(recording, len(recording.events), theme)
    assert share_of(image, theme.lost_text) > 0
    assert share_of(painted(recording, 0, theme), theme.lost_text) == 0


def test_without_losses_nothing_is_vermillion(plot: LossesPlot, recording: Recording) -> None:
    numbers = np.arange(1, 61)
    plot.set_curve(lambda: Curve(2 * numbers, numbers, numbers, numbers), 60)
    plot.set_frame(replace(frame_at(recording, len(recording.events)), counts=Counts(60, 60)))
    image = plot.grab().toImage()
    assert share_of(image, LIGHT.text) > 0.001
    assert share_of(image, LIGHT.lost_text) == share_of(image, mixed(LIGHT.panel, LIGHT.lost, 0.25)) == 0


def test_labels_stand_at_the_cursor_and_never_on_each_other(plot: LossesPlot, recording: Recording) -> None:
    import pyqtgraph as pg

    plot.set_curve(recording.history.curve, 60)
    view = plot.findChild(QGraphicsView)
    assert view is not None
    for event in (3, 8, 60, len(recording.events)):
        frame = frame_at(recording, event)
        plot.set_frame(frame)
        plot.grab()
        items = [item for item in view.scene().items() if isinstance(item, pg.TextItem) and item.toPlainText()]
        boxes = [item.mapRectToScene(item.boundingRect()) for item in items if item.isVisible()]
        assert len(boxes) == (3 if frame.counts.lost else 2)
        tolerance = 4
        assert not any(
            one.adjusted(0, tolerance, 0, -tolerance).intersects(other.adjusted(0, tolerance, 0, -tolerance))
            for n, one in enumerate(boxes)
            for other in boxes[:n]
        )
        assert all(view.sceneRect().adjusted(-1, -8, 1, 8).contains(box) for box in boxes)


def test_a_hundred_thousand_points_are_thinned_and_end_where_they_end(plot: LossesPlot, recording: Recording) -> None:
    import pyqtgraph as pg

    numbers = np.arange(1, 100_001)
    plot.set_curve(lambda: Curve(numbers, numbers, numbers, numbers * 7 // 10))
    plot.set_frame(replace(frame_at(recording, 5), event=100_000, counts=Counts(100_000, 70_000, 30_000)))
    view = plot.findChild(QGraphicsView)
    assert view is not None
    lines = [item for item in view.scene().items() if isinstance(item, pg.PlotDataItem)]
    assert len(lines) == 2
    for line in lines:
        x, y = line.getOriginalDataset()
        assert len(x) <= 1000
        assert x[-1] == 100_000
        assert y[-1] in (70_000, 100_000)


def test_what_was_never_committed_is_drawn_against_attempts(plot: LossesPlot, recording: Recording) -> None:
    import pyqtgraph as pg

    numbers = np.arange(1, 61)
    plot.set_curve(lambda: Curve(numbers, np.ones(60, np.int64), numbers, np.zeros(60, np.int64)), 60)
    plot.set_frame(None)
    view = plot.findChild(QGraphicsView)
    assert view is not None
    titles = {item.labelText for item in view.scene().items() if isinstance(item, pg.AxisItem)}
    assert "updates attempted" in titles
    plot.set_curve(recording.history.curve, 60)
    plot.set_frame(None)
    titles = {item.labelText for item in view.scene().items() if isinstance(item, pg.AxisItem)}
    assert "commits served" in titles
