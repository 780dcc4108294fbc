"""Log: every event, or those that a filter lets through; it follows the frame, and rows are copied as text."""

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from dictrace.engine.explain import happened, in_brief
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind
from dictrace.widgets.log_model import Column, EventKind, LogModel
from dictrace.widgets.log_view import LogView
from dictrace.widgets.selection import Selection
from dictrace.widgets.slices import SLICE_S
from dictrace.widgets.theme import LIGHT
from tests.engine.races import race


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def view(qtbot: QtBot, recording: Recording) -> LogView:
    made = LogView()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(700, 300)
    made.set_recording(recording)
    return made


def events(model: LogModel) -> list[int]:
    return [model.event_of(row) for row in range(model.rowCount())]


def found(qtbot: QtBot, view: LogView) -> list[int]:
    qtbot.waitUntil(lambda: not view.model.slices.is_working)
    return events(view.model)


def test_every_event_is_a_row(view: LogView, recording: Recording) -> None:
    assert events(view.model) == list(range(1, len(recording.events) + 1))
    for event in (1, 5, len(recording.events)):
        cells = [view.model.index(event - 1, column).data() for column in Column]
        row = recording.events[event - 1]
        worker = recording.worker_label(recording.event_worker[event - 1]) or ""
        assert cells[Column.EVENT] == str(event)
        assert cells[Column.TIME] == f"{recording.event_ns[event - 1] / 1e6:.3f}"
        assert cells[Column.PROCESS] == worker
        assert cells[Column.HAPPENED] == happened(recording, event)
        assert cells[Column.SERVE] == str(getattr(row, "serve", ""))


def test_filter_by_text_in_any_case(qtbot: QtBot, view: LogView, recording: Recording) -> None:
    qtbot.keyClicks(view.filter, "p2 FETCHED")
    wanted = [k for k in range(1, len(recording.events) + 1) if "P2 fetched" in happened(recording, k)]
    assert found(qtbot, view) == wanted
    view.filter.clear()
    assert found(qtbot, view) == list(range(1, len(recording.events) + 1))


def test_filter_by_kinds(qtbot: QtBot, view: LogView, recording: Recording) -> None:
    kinds = [getattr(row, "kind", None) for row in recording.events]
    fetches = [k for k, kind in enumerate(kinds, 1) if kind is OpKind.FETCH]
    losses = sorted(set(recording.history.losses.events))
    qtbot.mouseClick(view.chips[EventKind.LOSS], Qt.MouseButton.LeftButton)
    assert found(qtbot, view) == losses
    qtbot.mouseClick(view.chips[EventKind.FETCH], Qt.MouseButton.LeftButton)
    assert found(qtbot, view) == sorted(losses + fetches)
    qtbot.mouseClick(view.chips[EventKind.LOSS], Qt.MouseButton.LeftButton)
    assert found(qtbot, view) == fetches


@pytest.mark.parametrize("filtered", [False, True])
def test_growth_is_appended(qtbot: QtBot, view: LogView, recording: Recording, filtered: bool) -> None:
    growing = Recording(recording.header)
    view.chips[EventKind.COMMIT].setChecked(filtered)
    view.set_recording(growing)
    for row in recording.events:
        growing.append(row)
        view.set_recording(growing)
    found(qtbot, view)
    view.set_recording(growing)
    everything = found(qtbot, view)
    kinds = [getattr(row, "kind", None) for row in recording.events]
    assert everything == [k for k, kind in enumerate(kinds, 1) if kind is OpKind.COMMIT or not filtered]


def test_press_leads_to_the_event(qtbot: QtBot, view: LogView) -> None:
    view.show()
    at = view.table.visualRect(view.model.index(3, Column.HAPPENED)).center()
    heard: list[object] = []
    view.selected.connect(heard.append)
    view.seek_requested.connect(heard.append)
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert heard == [Selection(event=4), 4.0]
    qtbot.keyClick(view.table, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.seek_requested, timeout=1000) as sought:
        qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert sought.args == [5.0]


def test_frame_is_highlighted_and_followed(view: LogView, recording: Recording) -> None:
    view.show()
    for event in (100, 3, 60):
        changed: list[int] = []
        view.model.dataChanged.connect(lambda first, _last, *_roles, rows=changed: rows.append(first.row() + 1))
        view.set_frame(frame_at(recording, event))
        assert changed[-1] == event
        index = view.model.index(event - 1, 0)
        assert view.table.viewport().rect().contains(view.table.visualRect(index))
        coloured = [k for k in (2, 3, 4, 60, 100) if view.model.index(k - 1, 0).data(Qt.ItemDataRole.BackgroundRole)]
        assert coloured == [event]


def test_filtered_rows_follow_the_last_one_before_the_frame(qtbot: QtBot, view: LogView, recording: Recording) -> None:
    view.chips[EventKind.LOSS].setChecked(True)
    losses = found(qtbot, view)
    view.set_frame(frame_at(recording, losses[4] + 0.5))
    assert view.model.row_of(losses[4]) == 4
    assert view.model.row_of(losses[0] - 1) == -1


def test_setters_emit_nothing_and_selection_is_shown(qtbot: QtBot, view: LogView) -> None:
    with qtbot.assertNotEmitted(view.selected), qtbot.assertNotEmitted(view.seek_requested):
        view.set_selection(Selection(event=7))
    assert [index.row() for index in view.table.selectionModel().selectedRows()] == [6]


def test_selected_rows_are_copied_as_text(qtbot: QtBot, view: LogView, recording: Recording) -> None:
    view.table.choose_row(1)
    qtbot.keyClick(view.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert [line.split("\t")[Column.EVENT] for line in lines] == ["2", "3"]
    assert [line.split("\t")[Column.HAPPENED] for line in lines] == [happened(recording, k) for k in (2, 3)]


def test_searching_stops_between_slices(qtbot: QtBot, view: LogView) -> None:
    now = [0.0]

    def tick() -> float:
        now[0] += SLICE_S / 3
        return now[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dictrace.widgets.slices.perf_counter", tick)
        view.filter.setText("P1")
        with qtbot.waitSignal(view.model.slices.sliced):
            pass
        assert view.model.slices.is_working
        assert view.model.rowCount() <= 3
    assert len(found(qtbot, view)) > 3


@pytest.mark.parametrize(("width", "said"), [(2000, happened), (200, in_brief)])
def test_what_has_no_room_is_said_in_brief(
    view: LogView, recording: Recording, width: int, said: Callable[[Recording, int], str]
) -> None:
    delegate, option = view.table.itemDelegateForColumn(Column.HAPPENED), QStyleOptionViewItem()
    assert isinstance(delegate, QStyledItemDelegate)
    for event in range(1, len(recording.events) + 1):
        option.rect = QRect(0, 0, width, 20)
        delegate.initStyleOption(option, view.model.index(event - 1, Column.HAPPENED))
        assert option.text == said(recording, event)


def test_in_brief_tells_versions_and_cost(recording: Recording) -> None:
    told = [in_brief(recording, event) for event in range(1, len(recording.events) + 1)]
    losses = recording.history.losses.events
    assert [text for event, text in enumerate(told, 1) if "−" in text] == [
        told[event - 1] for event in sorted({*losses})
    ]
    fetched = r"P\d fetched d\['test'\] v\d+"
    wrote = r"(P\d|The main program) wrote d\['test'\] v\d+( from v\d+)?(  −\d+)?"
    assert [text for text in told if not re.fullmatch(rf"{fetched}|{wrote}|The run finished\.", text)] == []
