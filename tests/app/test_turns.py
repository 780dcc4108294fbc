"""Views are handed frames in turns: none is left behind, and the next frame never waits for all of them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDockWidget, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from dictrace.app.turns import Turns
from dictrace.engine.frame import Frame
from dictrace.engine.framing import frame_at
from tests.engine.races import race


class View(QWidget):
    """Notes the events of the frames that it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[int | None] = []

    def set_frame(self, frame: Frame | None) -> None:
        self.events.append(frame.event if frame else None)


@pytest.fixture(scope="module")
def frames() -> list[Frame]:
    recording = race(2, 20)
    return [frame_at(recording, event) for event in range(1, 31)]


@pytest.fixture
def views(qtbot: QtBot) -> Iterator[list[View]]:
    made = [View() for _number in range(3)]
    for view in made:
        qtbot.addWidget(view)
        view.show()
    QApplication.processEvents()
    yield made
    for view in made:
        view.close()


@pytest.fixture
def turns(views: list[View]) -> Iterator[Turns]:
    made = Turns(views)
    yield made
    made.finish()


def test_a_turn_of_the_event_loop_serves_one_view(turns: Turns, views: list[View], frames: list[Frame]) -> None:
    turns.start(frames[4])
    assert [view.events for view in views] == [[], [], []]
    for served in (1, 2, 3):
        assert turns.is_working
        QApplication.processEvents()
        assert sorted(len(view.events) for view in views) == [0] * (3 - served) + [1] * served
    assert not turns.is_working
    assert [view.events for view in views] == [[5], [5], [5]]


def test_views_that_are_not_seen_cost_no_turn(turns: Turns, views: list[View], frames: list[Frame]) -> None:
    views[0].hide()
    turns.start(frames[4])
    QApplication.processEvents()
    assert [view.events for view in views] == [[5], [5], []]


def test_a_view_behind_another_tab_costs_no_turn(qtbot: QtBot, frames: list[Frame]) -> None:
    window, views = QMainWindow(), [View() for _number in range(3)]
    qtbot.addWidget(window)
    docks = [QDockWidget(window) for _view in views]
    for dock, view in zip(docks, views, strict=True):
        dock.setWidget(view)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.tabifyDockWidget(docks[0], docks[1])
    docks[1].raise_()
    window.show()
    qtbot.waitExposed(window)
    assert views[0].isVisible(), "or this would prove nothing"
    turns = Turns(views, window)
    turns.start(frames[4])
    QApplication.processEvents()
    assert [view.events for view in views] == [[5], [5], []]
    turns.finish()
    window.close()


def test_where_frames_come_faster_all_views_get_as_many(turns: Turns, views: list[View], frames: list[Frame]) -> None:
    for frame in frames:
        turns.start(frame)
        QApplication.processEvents()
    assert [len(view.events) for view in views] == [10, 10, 10]
    assert sorted(event for view in views for event in view.events if event) == list(range(1, 31)), "the newest each"
    turns.finish()
    assert all(view.events[-1] == 30 for view in views)
    assert not turns.is_working


def test_what_is_asked_for_last_is_shown_at_last(turns: Turns, views: list[View], frames: list[Frame]) -> None:
    turns.start(frames[0])
    QApplication.processEvents()
    turns.start(None)
    while turns.is_working:
        QApplication.processEvents()
    assert all(view.events[-1] is None for view in views)
    assert sum(map(len, (view.events for view in views))) == 4
