"""Frames: exact at every event of a race written by hand, and lawful at any position of random runs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictrace.engine.explain import happened
from dictrace.engine.frame import (
    Cells,
    Counts,
    FieldView,
    Frame,
    Opening,
    Packet,
    ProcessState,
    ProcessView,
    ServerState,
)
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import (
    Change,
    EndRow,
    ObjectRow,
    OpKind,
    Outcome,
    ReplyRow,
    UnsentRow,
)
from tests.engine.histories import Simulation, header, simulations
from tests.engine.scenes import (
    LOST,
    MAIN,
    MANAGER,
    P1,
    P2,
    PRESENT,
    begin,
    cells,
    commit,
    copy_of,
    end,
    fetch,
    op,
    packets_at,
    process,
    recording_of,
)

RACE = (
    commit(1, 100, MAIN, 90, None, 1, None, Change()),
    begin(0, P1, 150),
    fetch(2, 200, P1, 180, 0, 1),
    ReplyRow(P1, 2, 220),
    begin(1, P2, 160),
    fetch(3, 250, P2, 230, 1, 1),
    ReplyRow(P2, 3, 270),
    commit(4, 300, P1, 290, 0, 2, 1, Change(added={"0": "'a'"})),
    ReplyRow(P1, 4, 320),
    end(0, P1, 330),
    commit(5, 350, P2, 340, 1, 3, 1, Change(added={"1": "'b'"}, removed=("0",)), own=Change(added={"1": "'b'"})),
    ReplyRow(P2, 5, 370),
    end(1, P2, 380),
    EndRow(Outcome.FINISHED, 400, 0),
)
LABELS = ("0", "1")
NO_CELLS = cells([], [], LABELS)
BEGINS = Opening(MAIN, ServerState.UP, None)


class TestRace:
    """Two processes fetch version 1; the second to commit overwrites the first."""

    recording = recording_of(*RACE)

    def frame(
        self,
        event: int,
        time_ns: int,
        version: int,
        held: Cells,
        processes: tuple[ProcessView, ProcessView],
        packets: tuple[Packet, ...],
        counts: Counts,
        losses: tuple[int, ...] = (),
        opening: Opening | None = None,
    ) -> Frame:
        size = int(np.count_nonzero(held.states == PRESENT))
        fields = (FieldView("d['test']", version, size, None),) if event else ()
        return Frame(
            position=event,
            event=event,
            events=6,
            time_ns=time_ns,
            duration_ns=400,
            manager_pid=MANAGER,
            fields=fields,
            cells=held,
            processes=processes,
            packets=packets,
            locks=(),
            counts=counts,
            losses=losses,
            happened=happened(self.recording, event),
            live=False,
            opening=opening,
            servers=(MANAGER,),
            shown=(0, 1),
        )

    def test_before_the_first_event(self) -> None:
        idle = process("P1", ProcessState.IDLE, connected=False), process("P2", ProcessState.IDLE, connected=False)
        expected = self.frame(0, 0, 0, NO_CELLS, idle, (), Counts(), opening=BEGINS)
        assert frame_at(self.recording, 0) == expected
        assert frame_at(self.recording, 0).happened == ""
        assert frame_at(self.recording, 6).happened != ""

    def test_the_main_program_commits_and_is_no_packet(self) -> None:
        idle = process("P1", ProcessState.IDLE, connected=False), process("P2", ProcessState.IDLE, connected=False)
        expected = self.frame(1, 100, 1, NO_CELLS, idle, (), Counts(), opening=BEGINS)
        assert frame_at(self.recording, 1) == expected

    def test_the_first_fetches(self) -> None:
        views = process("P1", ProcessState.FETCHING, 0, 2), process("P2", ProcessState.WORKING, 1, connected=False)
        packets = (Packet(0, False, "copy of v1", 0.0, False),)
        assert frame_at(self.recording, 2) == self.frame(2, 200, 1, NO_CELLS, views, packets, Counts())

    def test_the_second_fetches(self) -> None:
        first = process("P1", ProcessState.HOLDS_COPY, 0, 2, copy=copy_of(1, 0, NO_CELLS, (0,)))
        views = first, process("P2", ProcessState.FETCHING, 1, 2)
        packets = (Packet(1, False, "copy of v1", 0.0, False),)
        assert frame_at(self.recording, 3) == self.frame(3, 250, 1, NO_CELLS, views, packets, Counts())

    def test_the_first_commits_and_leaves_the_second_behind(self) -> None:
        first = process("P1", ProcessState.COMMITTING, 0, 5, copy=copy_of(1, 0, NO_CELLS, (0,)))
        second = process("P2", ProcessState.HOLDS_COPY, 1, 2, copy=copy_of(1, 1, NO_CELLS, (1,)))
        packets = (Packet(0, False, "v2 done", 0.0, False),)
        held = cells([PRESENT], [0], LABELS)
        expected = self.frame(4, 300, 2, held, (first, second), packets, Counts(1, 1))
        assert frame_at(self.recording, 4) == expected

    def test_the_second_overwrites(self) -> None:
        first = process("P1", ProcessState.IDLE, tasks_done=1, lost=1)
        second = process("P2", ProcessState.COMMITTING, 1, 5, copy=copy_of(1, 1, NO_CELLS, (1,)))
        packets = (Packet(1, False, "v3 done", 0.0, True),)
        held = cells([LOST, PRESENT], [0, 1], LABELS)
        counts = Counts(attempted=2, survived=1, overwritten=1)
        assert frame_at(self.recording, 5) == self.frame(5, 350, 3, held, (first, second), packets, counts, (0,))

    def test_the_end(self) -> None:
        views = (
            process("P1", ProcessState.ENDED, tasks_done=1, lost=1),
            process("P2", ProcessState.ENDED, tasks_done=1),
        )
        held = cells([LOST, PRESENT], [0, 1], LABELS)
        counts = Counts(attempted=2, survived=1, overwritten=1)
        assert frame_at(self.recording, 6) == self.frame(6, 400, 3, held, views, (), counts)

    @pytest.mark.parametrize(
        ("position", "packets"),
        [
            (1.5, ()),
            (1.8, (Packet(0, True, "get 'test'", 0.0, False),)),
            (1.9, (Packet(0, True, "get 'test'", 0.5, False),)),
            (2.2, (Packet(0, False, "copy of v1", 0.5, False),)),
            (2.5, ()),
            (3.2, (Packet(1, False, "copy of v1", 0.5, False),)),
            (3.9, (Packet(0, True, "set 'test'", 0.5, False),)),
            (4.2, (Packet(0, False, "v2 done", 0.5, False),)),
            (4.9, (Packet(1, True, "set 'test'", 0.5, True),)),
            (5.2, (Packet(1, False, "v3 done", 0.5, True),)),
            (5.5, ()),
        ],
    )
    def test_requests_and_replies_travel_in_true_time(self, position: float, packets: tuple[Packet, ...]) -> None:
        assert packets_at(self.recording, position) == packets

    @pytest.mark.parametrize(
        ("position", "state", "task", "line"),
        [
            (1.4, ProcessState.IDLE, None, None),
            (1.5, ProcessState.WORKING, 0, None),
            (1.9, ProcessState.FETCHING, 0, 2),
            (2.5, ProcessState.HOLDS_COPY, 0, 2),
            (3.9, ProcessState.COMMITTING, 0, 5),
            (4.3, ProcessState.COMMITTING, 0, 5),
            (4.5, ProcessState.WORKING, 0, 5),
            (4.6, ProcessState.IDLE, None, None),
        ],
    )
    def test_states_of_the_first_in_between(
        self, position: float, state: ProcessState, task: int | None, line: int | None
    ) -> None:
        view = frame_at(self.recording, position).processes[0]
        assert (view.state, view.task, view.line) == (state, task, line)

    def test_the_copy_goes_when_the_reply_to_its_commit_arrives(self) -> None:
        assert frame_at(self.recording, 4.39).processes[0].copy is not None
        assert frame_at(self.recording, 4.41).processes[0].copy is None

    def test_a_copy_falls_behind_with_each_commit_but_its_own(self) -> None:
        copies = [frame_at(self.recording, position).processes[1].copy for position in (3.5, 4, 4.9, 5)]
        assert [copy and copy.behind for copy in copies] == [0, 1, 1, 1]

    def test_cells_equal_only_cells_that_look_alike(self) -> None:
        held = cells([LOST, PRESENT], [0, 1], LABELS)
        assert held == cells([LOST, PRESENT], [0, 1], LABELS)
        assert held != cells([PRESENT, PRESENT], [0, 1], LABELS)
        assert held != cells([LOST, PRESENT], [1, 1], LABELS)
        assert held != cells([LOST, PRESENT], [0, 1], ("0", "2"))
        assert held != LABELS

    def test_arrays_of_copies_and_cells_can_not_be_changed(self) -> None:
        frame = frame_at(self.recording, 4)
        copy = frame.processes[1].copy
        assert copy is not None
        assert copy.cells is not None
        for held in (frame.cells, copy.cells):
            for column in (held.states, held.writers, held.fields):
                assert not column.flags.writeable

    def test_positions_outside_are_the_ends(self) -> None:
        assert frame_at(self.recording, -3) == frame_at(self.recording, 0)
        assert frame_at(self.recording, 99) == frame_at(self.recording, 6)
        assert frame_at(self.recording, 1.5).time_ns == 150


class TestFields:
    """Containers whose keys are cells."""

    def test_a_value_lost_in_place_is_still_there(self) -> None:
        recording = recording_of(
            op(1, 100, MAIN, OpKind.COMMIT, "__setitem__", key="'q'", version=1, change=Change(value="deque([])")),
            fetch(2, 200, P1, None, 0, 1, key="'q'"),
            UnsentRow(3, 300, P1, 2, 0, 1, "'q'", 1, Change(value="deque([1])"), 2, "test.py"),
        )
        frame = frame_at(recording, 3)
        assert frame.cells.states.tolist() == [LOST]
        assert frame.fields == (FieldView("d", 1, 1, "deque([])"),)

    def test_of_several_keys_no_value_is_given(self) -> None:
        recording = recording_of(
            op(1, 100, P1, OpKind.COMMIT, "__setitem__", key="1", version=1, change=Change(value="1")),
            op(2, 200, P1, OpKind.COMMIT, "__setitem__", key="2", version=1, change=Change(value="2")),
        )
        assert [frame_at(recording, event).fields for event in (1, 2)] == [
            (FieldView("d", 1, 1, "1"),),
            (FieldView("d", 2, 2, None),),
        ]

    def test_a_referent_that_is_one_value(self) -> None:
        recording = recording_of(
            op(1, 100, P1, OpKind.COMMIT, "set", object=2, version=1, change=Change(value="5")),
            ObjectRow(2, "Value", 50),
        )
        assert frame_at(recording, 1).fields == (FieldView("Value 2", 1, 1, "5"),)
        assert frame_at(recording, 1).packets == (Packet(0, False, "v1 done", 0.0, False),)


class TestLive:
    """Rows are still to come."""

    rows = (
        commit(1, 100, MAIN, 90, None, 1, None, Change(added={"9": "'m'"})),
        begin(0, P1, 110),
        fetch(2, 200, P1, 180, 0, 1),
        fetch(3, 300, P2, None, 1, 1),
    )

    def test_it_is_live_until_its_last_row(self) -> None:
        recording = recording_of(*self.rows)
        assert frame_at(recording, 3).live
        assert frame_at(recording, 3).processes[1].state is ProcessState.FETCHING
        recording.append(EndRow(Outcome.STOPPED, 500, 0))
        assert not frame_at(recording, 3).live
        assert frame_at(recording, 4).processes == (
            process("P1", ProcessState.ENDED),
            process("P2", ProcessState.ENDED),
        )

    def test_a_damaged_file_is_not_live(self) -> None:
        recording = recording_of(*self.rows)
        recording.damage = "It was cut short."
        assert not frame_at(recording, 3).live

    def test_a_reply_of_unknown_time_has_arrived_by_the_next_event(self) -> None:
        recording = recording_of(*self.rows)
        assert packets_at(recording, 2.5) == (Packet(0, False, "copy of v1", 0.5, False),)
        assert frame_at(recording, 3).processes[0].state is ProcessState.HOLDS_COPY
        assert packets_at(recording, 3) == (Packet(1, False, "copy of v1", 0.0, False),)

    def test_a_reply_of_unknown_time_has_arrived_by_the_next_request(self) -> None:
        recording = recording_of(*self.rows[:3], commit(3, 300, P1, 250, 0, 2, 1, Change(added={"0": "'a'"})))
        assert packets_at(recording, 2.25) == (Packet(0, False, "copy of v1", 0.5, False),)
        assert packets_at(recording, 2.75) == (Packet(0, True, "set 'test'", 0.5, False),)

    def test_a_reply_of_unknown_time_has_arrived_by_the_end_of_the_task(self) -> None:
        recording = recording_of(*self.rows[:3], end(0, P1, 250), fetch(3, 300, P2, None, 1, 1))
        assert packets_at(recording, 2.25) == (Packet(0, False, "copy of v1", 0.5, False),)
        assert frame_at(recording, 2.5).processes[0].state is ProcessState.IDLE

    def test_a_request_of_unknown_time_is_not_shown(self) -> None:
        recording = recording_of(*self.rows)
        assert [packet.process for packet in frame_at(recording, 2.9).packets] == [0]

    def test_it_grows_under_the_same_positions(self) -> None:
        recording = recording_of(*self.rows[:3])
        before = frame_at(recording, 2)
        recording.append(self.rows[3])
        after = frame_at(recording, 2)
        assert (before.events, after.events) == (2, 3)
        assert (before.cells, before.processes, before.packets) == (after.cells, after.processes, after.packets)

    def test_without_any_event(self) -> None:
        frame = frame_at(Recording(header()), 0)
        assert (frame.position, frame.events, frame.processes, frame.fields, frame.happened) == (0, 0, (), (), "")
        assert len(frame.cells.states) == 0


class TestLaws:
    """Whatever a run looks like."""

    @given(simulations, st.data())
    @settings(max_examples=300, deadline=None)
    def test_the_way_to_a_position_does_not_matter(self, run: Simulation, data: st.DataObject) -> None:
        recording, other = run.recording, run.recording
        positions = data.draw(st.lists(st.floats(0, len(recording.events)), max_size=6))
        frames = {position: frame_at(recording, position) for position in positions}
        for position in reversed(positions):
            assert frame_at(recording, position) == frames[position]
            assert frame_at(other, position) == frames[position]

    @given(simulations)
    @settings(max_examples=300, deadline=None)
    def test_stepping_back_undoes_stepping_forward(self, run: Simulation) -> None:
        recording = run.recording
        forward = [frame_at(recording, event) for event in range(len(recording.events) + 1)]
        back = [frame_at(recording, event) for event in range(len(recording.events), -1, -1)]
        assert forward == back[::-1]

    @given(simulations, st.data())
    @settings(max_examples=500, deadline=None)
    def test_every_frame_is_consistent(self, run: Simulation, data: st.DataObject) -> None:
        recording = run.recording
        position = data.draw(st.floats(0, len(recording.events)))
        frame = frame_at(recording, position)
        counts = frame.counts
        assert counts == recording.history.counts_at(frame.event)
        assert counts.attempted == counts.survived + counts.lost
        assert sum(view.lost for view in frame.processes) <= counts.lost
        assert sum(field.size for field in frame.fields) >= np.count_nonzero(frame.cells.states == PRESENT)
        assert len(frame.cells.states) == len(frame.cells.writers) == len(frame.cells.fields)
        assert all(field < len(frame.fields) for field in frame.cells.fields)
        assert len({packet.process for packet in frame.packets}) == len(frame.packets)
        for packet in frame.packets:
            assert 0 <= packet.progress <= 1
            assert packet.text
        for view in frame.processes:
            if view.copy is not None:
                assert view.copy.behind >= 0
                assert view.copy.field < len(frame.fields)
                assert (view.copy.cells is None) != (view.copy.value is None)
                assert all(cell < len(frame.cells.labels) for cell in view.copy.own)
            assert (view.state is ProcessState.HOLDS_COPY) <= (view.copy is not None)

    @given(simulations, st.data())
    @settings(max_examples=300, deadline=None)
    def test_what_the_server_holds_does_not_depend_on_what_comes_later(
        self, run: Simulation, data: st.DataObject
    ) -> None:
        whole = run.recording
        half = Recording(run.header)
        half.extend(run.rows[: data.draw(st.integers(0, len(run.rows)))])
        event = len(half.events)
        early, late = frame_at(half, event), frame_at(whole, event)
        assert (early.counts, early.losses, early.fields) == (late.counts, late.losses, late.fields)
        assert early.time_ns == late.time_ns
        for column in ("states", "writers", "fields"):
            assert np.array_equal(getattr(early.cells, column), getattr(late.cells, column))
