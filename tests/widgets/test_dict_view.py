"""Dict: each key with who was to write it, what is there and what became of it, at any frame."""

from itertools import count

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dictrace.engine.explain import certificate_text
from dictrace.engine.frame import CellState
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.widgets import slices
from dictrace.widgets.dict_model import Column
from dictrace.widgets.dict_view import DictView
from dictrace.widgets.selection import Selection
from dictrace.widgets.theme import LIGHT
from tests.engine.histories import Simulation
from tests.engine.races import race


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def view(qtbot: QtBot) -> DictView:
    made = DictView()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(400, 300)
    return made


def show(qtbot: QtBot, view: DictView, recording: Recording, position: float) -> None:
    view.set_recording(recording)
    qtbot.waitUntil(lambda: not view.model.slices.is_working)
    view.set_frame(frame_at(recording, position))


def row(view: DictView, number: int) -> list[str]:
    return [view.model.index(number, column).data() for column in Column]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 1.0])
def test_fates_are_those_of_the_frame(qtbot: QtBot, view: DictView, recording: Recording, share: float) -> None:
    position = int(share * len(recording.events))
    show(qtbot, view, recording, position)
    frame = frame_at(recording, position)
    cells = dict(zip(frame.cells.labels, frame.cells.states.tolist(), strict=False))
    assert view.model.rowCount() == 60
    for number in range(60):
        key, expected, there, fate = row(view, number)
        assert key == str(number), "rows are in the order of the keys"
        assert expected.startswith("P")
        state = CellState(cells.get(key, 0))
        if state is CellState.PRESENT:
            writer = frame.cells.writers[frame.cells.labels.index(key)]
            assert (there, fate) == (f"P{writer + 1}", "present")
        else:
            assert there == "nothing"
            assert fate == ("overwritten" if state is CellState.LOST else "not yet")


def test_every_kind_of_fate(qtbot: QtBot, view: DictView) -> None:
    run = Simulation()
    run.commit(0, None, {}, None)
    run.update(1, 1, 1, **{"1": "1"})
    run.update(2, 2, 1, **{"2": "2"})
    run.unsent(1, 3, {"3": "3"}, 1)
    run.raised(2, 4)
    run.update(1, 5, 3, **{"5": "5"})
    recording = run.finish()
    show(qtbot, view, recording, 6)
    assert [row(view, number) for number in range(5)] == [
        ["1", "P1", "nothing", "overwritten"],
        ["2", "P2", "P2", "present"],
        ["3", "P1", "nothing", "never sent"],
        ["5", "P1", "P1", "present"],
        ["task 4", "P2", "nothing", "never ran"],
    ]
    view.set_frame(frame_at(recording, 2))
    assert [row(view, number)[Column.FATE] for number in range(5)] == [
        "present", "not yet", "not yet", "not yet", "not yet",
    ]  # fmt: skip


def test_key_that_was_lost_twice_tells_of_the_loss_at_the_frame(qtbot: QtBot, view: DictView) -> None:
    run = Simulation()
    run.commit(0, None, {}, None)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    run.update(1, 3, 3, a="1")
    run.update(2, 4, 3, c="1")
    recording = run.finish()
    show(qtbot, view, recording, 3)
    number = next(n for n in range(view.model.rowCount()) if row(view, n)[Column.KEY] == "a")
    found = []
    for event in range(2, 6):
        view.set_frame(frame_at(recording, event))
        found.append(view.model.loss_of(number))
    assert found == [None, 0, None, 1]


def test_counter_tells_what_it_should_be_and_what_it_is(qtbot: QtBot, view: DictView) -> None:
    run = Simulation()
    run.commit(0, None, "0", None, "'n'")
    run.commit(1, 1, "1", 1, "'n'")
    run.commit(2, 2, "1", 1, "'n'")
    run.commit(1, 3, "2", 3, "'n'")
    recording = run.finish()
    show(qtbot, view, recording, 0)
    found = []
    for event in range(5):
        view.set_frame(frame_at(recording, event))
        found.append(row(view, 0)[Column.EXPECTED :])
    assert found == [
        ["1 · P1", "nothing", "not yet"],
        ["0", "0 · main program", "present"],
        ["1", "1 · P1", "present"],
        ["2", "1 · P2", "1 lost"],
        ["3", "2 · P1", "1 lost"],
    ]
    tip = view.model.index(0, Column.FATE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == certificate_text(recording.history.certificate(0))
    assert view.model.index(0, Column.FATE).data(Qt.ItemDataRole.ForegroundRole) == LIGHT.lost_text


def test_key_of_its_own_tells_its_value_and_process(qtbot: QtBot, view: DictView) -> None:
    run = Simulation()
    run.commit(2, 7, "'seven'", None, "7")
    show(qtbot, view, run.finish(), 1)
    assert row(view, 0) == ["7", "'seven' · P2", "'seven' · P2", "present"]
    tip = view.model.index(0, Column.EXPECTED).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "Task 7 of P2 was to write it."


def test_keys_are_put_in_order_in_slices(qtbot: QtBot, view: DictView, recording: Recording) -> None:
    view.set_recording(recording)
    assert view.model.rowCount() == 0
    qtbot.waitUntil(lambda: view.model.rowCount() == 60)


def test_press_on_a_missing_key_selects_its_loss(qtbot: QtBot, view: DictView, recording: Recording) -> None:
    show(qtbot, view, recording, len(recording.events))
    view.show()
    loss = recording.history.standing()[3]
    number = view.model.row_of_loss(loss)
    assert row(view, number)[Column.FATE] == "overwritten"
    tip = view.model.index(number, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == certificate_text(recording.history.certificate(loss))
    index = view.model.index(number, Column.FATE)
    view.table.scrollTo(index)
    event = recording.history.losses.events[loss]
    heard: list[object] = []
    view.selected.connect(heard.append)
    view.seek_requested.connect(heard.append)
    at = view.table.visualRect(index).center()
    qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert heard == [Selection(event=event, loss=loss), event]


def test_press_on_a_key_that_is_there_leads_to_its_commit(qtbot: QtBot, view: DictView, recording: Recording) -> None:
    show(qtbot, view, recording, len(recording.events))
    number = next(n for n in range(60) if row(view, n)[Column.FATE] == "present")
    with qtbot.waitSignal(view.seek_requested, timeout=1000) as caught:
        view.table.row_pressed.emit(number)
    (position,) = caught.args
    committed = recording.events[int(position) - 1]
    assert getattr(committed, "change").added.keys() == {str(number)}  # noqa: B009


def test_selected_loss_is_shown_without_a_signal(qtbot: QtBot, view: DictView, recording: Recording) -> None:
    show(qtbot, view, recording, len(recording.events))
    loss = recording.history.standing()[5]
    with qtbot.assertNotEmitted(view.selected), qtbot.assertNotEmitted(view.seek_requested):
        view.set_selection(Selection(loss=loss))
    (chosen,) = view.table.selectionModel().selectedRows()
    assert chosen.row() == view.model.row_of_loss(loss)
    assert view.model.loss_of(chosen.row()) == loss


def test_growth_brings_new_keys(qtbot: QtBot, view: DictView, recording: Recording) -> None:
    growing = Recording(recording.header)
    half = len(recording.events) // 2
    growing.extend(recording.events[:half])
    show(qtbot, view, growing, half)
    before = view.model.rowCount()
    growing.extend(recording.events[half:])
    show(qtbot, view, growing, len(growing.events))
    assert 0 < before < view.model.rowCount() == 60
    view.set_recording(None)
    view.set_frame(None)
    assert view.model.rowCount() == 0


def test_rows_that_come_between_two_slices_are_read_too(
    qtbot: QtBot, view: DictView, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = count()
    monkeypatch.setattr(slices, "perf_counter", lambda: 0.6 * slices.SLICE_S * next(seconds))  # a step per slice
    run = Simulation()
    for task in range(20):
        run.commit(1, task, "'new'", None, f"{task}")
    half = len(run.rows) // 2
    growing = Recording(run.header)
    growing.extend(run.rows[:half])
    view.set_recording(growing)
    with qtbot.waitSignal(view.model.slices.sliced):
        pass
    growing.extend(run.rows[half:])
    qtbot.waitUntil(lambda: not view.model.slices.is_working)
    assert view.model.rowCount() == 20
