"""Locks, private copies and death, process by process."""

import pytest

from dictrace.engine.frame import (
    FieldView,
    LockView,
    Packet,
    PrivateCopy,
    ProcessState,
)
from dictrace.engine.framing import frame_at
from dictrace.engine.rows import (
    Change,
    DiedRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    PrivateLockRow,
    ReplyRow,
    UnsentRow,
    WaitRow,
)
from tests.engine.scenes import (
    LOST,
    MAIN,
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


class TestLocks:
    """Shared locks have a holder and a queue; private ones exclude nobody."""

    recording = recording_of(
        ObjectRow(2, "Lock", 0),
        NameRow(2, "lock", 4),
        begin(0, P1, 10),
        begin(1, P2, 10),
        op(1, 100, P1, OpKind.ACQUIRE, "acquire", 50, object=2, task=0, line=8),
        ReplyRow(P1, 1, 110),
        WaitRow(2, 200, P2, 4, 2, 1, 8, "test.py", 150),
        op(3, 300, P1, OpKind.RELEASE, "release", 280, object=2, task=0, line=8),
        OpRow(4, 400, P2, 4, 2, "acquire", OpKind.ACQUIRE, task=1, line=8, request_ns=150),
        ReplyRow(P2, 4, 420),
        op(5, 500, P2, OpKind.RELEASE, "release", 480, object=2, task=1, line=8),
        op(6, 600, MAIN, OpKind.ACQUIRE, "acquire", 590, object=2),
    )

    @pytest.mark.parametrize(
        ("event", "holder", "queue", "holds"),
        [
            (0, None, (), (None, None)),
            (1, 0, (), (0, None)),
            (2, 0, (1,), (0, None)),
            (3, None, (1,), (None, None)),
            (4, 1, (), (None, 0)),
            (5, None, (), (None, None)),
            (6, None, (), (None, None)),
        ],
    )
    def test_holder_and_queue(
        self, event: int, holder: int | None, queue: tuple[int, ...], holds: tuple[int | None, int | None]
    ) -> None:
        frame = frame_at(self.recording, event)
        assert frame.locks == (LockView("lock", holder, queue),)
        assert tuple(view.holds for view in frame.processes) == holds

    def test_a_waiting_request_stays_at_the_server(self) -> None:
        for position in (2, 2.5, 3, 3.99):
            frame = frame_at(self.recording, position)
            assert Packet(1, True, "acquire", 1.0, False) in frame.packets
            assert frame.processes[1].state is ProcessState.WAITING
            assert frame.processes[1].line == 8

    def test_before_and_after_it_is_a_packet_like_others(self) -> None:
        assert packets_at(self.recording, 1.75) == (Packet(1, True, "acquire", 0.5, False),)
        assert frame_at(self.recording, 1.75).processes[1].state is ProcessState.WORKING
        assert packets_at(self.recording, 4.1) == (Packet(1, False, "granted", 0.5, False),)
        assert frame_at(self.recording, 4.1).processes[1].state is ProcessState.WORKING
        assert packets_at(self.recording, 4.9) == (Packet(1, True, "release", 0.5, False),)
        assert packets_at(self.recording, 5) == (Packet(1, False, "done", 0.0, False),)

    def test_the_first_process_can_wait_too(self) -> None:
        recording = recording_of(
            op(1, 100, P2, OpKind.ACQUIRE, "acquire", object=2), WaitRow(2, 200, P1, 4, 2), WaitRow(3, 300, MAIN, 9, 2)
        )
        assert frame_at(recording, 3).locks == (LockView("object 2", 1, (0,)),)

    def test_a_private_lock_goes_by_time(self) -> None:
        recording = recording_of(
            begin(0, P1, 10),
            PrivateLockRow(P1, True, 120, 0, 7),
            fetch(1, 100, P2, None, 1, 0),
            PrivateLockRow(P1, False, 180, 0, 7),
            fetch(2, 200, P2, None, 1, 0),
        )
        held = [frame_at(recording, position).processes[0].holds_private for position in (1, 1.2, 1.79, 1.8, 2)]
        assert held == [False, True, True, False, False]
        assert not frame_at(recording, 1.5).processes[1].holds_private
        assert frame_at(recording, 1.5).locks == ()


class TestCopies:
    """What a process holds, in every way it can end."""

    def test_never_sent(self) -> None:
        recording = recording_of(
            commit(1, 100, MAIN, 90, None, 1, None, Change(added={"9": "'m'"})),
            begin(0, P1, 110),
            fetch(2, 200, P1, 180, 0, 1),
            ReplyRow(P1, 2, 220),
            fetch(3, 300, P2, None, 1, 1),
            end(0, P1, 350),
            UnsentRow(4, 400, P1, 2, 0, 1, "'test'", 1, Change(added={"0": "'a'"}), 2, "test.py"),
        )
        copy = frame_at(recording, 3).processes[0].copy
        assert copy == copy_of(1, 0, cells([PRESENT], [-1], ("9", "0")), (1,))
        assert frame_at(recording, 3.6).processes[0].copy is None
        frame = frame_at(recording, 4)
        assert frame.processes[0] == process("P1", ProcessState.IDLE, tasks_done=1, lost=1)
        assert frame.losses == (0,)
        assert frame.cells == cells([PRESENT, LOST], [-1, 0], ("9", "0"))

    def test_of_a_counter_it_is_a_value(self) -> None:
        recording = recording_of(
            op(1, 100, MAIN, OpKind.COMMIT, "__setitem__", key="'n'", version=1, change=Change(value="7")),
            begin(0, P1, 110),
            fetch(2, 200, P1, 180, 0, 1, key="'n'"),
            ReplyRow(P1, 2, 210),
            commit(3, 300, P2, 290, 1, 2, 1, Change(value="8"), key="'n'"),
        )
        frame = frame_at(recording, 3)
        assert frame.processes[0].copy == PrivateCopy(0, 1, 1, None, "7", ())
        assert frame.fields == (FieldView("d", 2, 1, "8"),)
        assert frame_at(recording, 2).fields == (FieldView("d", 1, 1, "7"),)

    def test_of_a_nested_proxy_there_is_none(self) -> None:
        recording = recording_of(
            op(1, 100, MAIN, OpKind.COMMIT, "__setitem__", key="'p'", version=1, change=Change(value="<DictProxy>")),
            commit(2, 150, MAIN, 140, None, 1, None, Change(added={"9": "'m'"})),
            begin(0, P1, 160),
            fetch(3, 200, P1, 180, 0, 1),
            ReplyRow(P1, 3, 210),
            fetch(4, 300, P1, 280, 0, 1, key="'p'"),
            ReplyRow(P1, 4, 310),
            op(5, 400, P1, OpKind.READ, "keys", 380, object=2, task=0),
        )
        copies = [view.copy for view in (frame_at(recording, 4.5).processes[0], frame_at(recording, 5).processes[0])]
        assert [copy and copy.field for copy in copies] == [1, 1], "the copy of d['test'] is what it still holds"
        assert packets_at(recording, 4.05) == (Packet(0, False, "<DictProxy>", 0.5, False),)
        assert packets_at(recording, 4.9) == (Packet(0, True, "keys", 0.5, False),)
        assert frame_at(recording, 5).processes[0].state is ProcessState.FETCHING

    def test_of_what_is_not_there_none_is_shown(self) -> None:
        recording = recording_of(
            begin(0, P1, 10),
            fetch(1, 100, P1, 80, 0, 0),
            ReplyRow(P1, 1, 110),
            commit(2, 200, P2, 190, 1, 1, None, Change(added={"0": "'a'"})),
        )
        assert packets_at(recording, 1) == (Packet(0, False, "nothing", 0.0, False),)
        assert frame_at(recording, 1.5).processes[0].state is ProcessState.WORKING
        assert frame_at(recording, 2).processes[0].copy is None

    def test_the_latest_of_several_is_shown_and_the_earlier_comes_back(self) -> None:
        recording = recording_of(
            commit(1, 10, MAIN, 9, None, 1, None, Change(added={"0": "'a'"})),
            commit(2, 20, MAIN, 19, None, 1, None, Change(added={"0": "'b'"}), key="'other'"),
            begin(0, P1, 30),
            fetch(3, 100, P1, 90, 0, 1),
            ReplyRow(P1, 3, 110),
            fetch(4, 200, P1, 190, 0, 1, key="'other'"),
            ReplyRow(P1, 4, 210),
            commit(5, 300, P1, 290, 0, 2, 1, Change(changed={"0": "'c'"}), key="'other'"),
            ReplyRow(P1, 5, 310),
            commit(6, 400, P2, 390, 1, 2, None, Change(added={"1": "'d'"})),
        )
        copies = [frame_at(recording, position).processes[0].copy for position in (3.5, 4.5, 5.5)]
        assert [copy and copy.field for copy in copies] == [0, 1, 0]

    def test_fetched_again_it_is_the_latest_again(self) -> None:
        recording = recording_of(
            commit(1, 10, MAIN, 9, None, 1, None, Change(added={"0": "'a'"})),
            commit(2, 20, MAIN, 19, None, 1, None, Change(added={"0": "'b'"}), key="'other'"),
            fetch(3, 100, P1, 90, 0, 1),
            fetch(4, 200, P1, 190, 0, 1, key="'other'"),
            begin(0, P1, 30),
            fetch(5, 300, P1, 290, 0, 1),
            ReplyRow(P1, 5, 310),
            fetch(6, 400, P2, 390, 1, 1),
        )
        copy = frame_at(recording, 5.5).processes[0].copy
        assert copy is not None
        assert copy.field == 0

    def test_a_commit_from_another_version_leaves_it(self) -> None:
        recording = recording_of(
            commit(1, 10, MAIN, 9, None, 1, None, Change(added={"0": "'a'"})),
            commit(2, 20, MAIN, 19, None, 2, 1, Change(changed={"0": "'b'"})),
            begin(0, P1, 30),
            fetch(3, 100, P1, 90, 0, 2),
            ReplyRow(P1, 3, 110),
            commit(4, 200, P1, 190, 0, 3, 1, Change(changed={"0": "'c'"})),
            ReplyRow(P1, 4, 210),
            fetch(5, 300, P2, 290, 1, 3),
        )
        copy = frame_at(recording, 4.5).processes[0].copy
        assert copy is not None
        assert (copy.base_version, copy.behind, copy.own) == (2, 1, ())

    def test_a_later_task_does_not_use_the_copy_of_an_earlier_one(self) -> None:
        recording = recording_of(
            commit(1, 10, MAIN, 9, None, 1, None, Change(added={"0": "'a'"})),
            begin(0, P1, 30),
            fetch(2, 100, P1, 90, 0, 1),
            ReplyRow(P1, 2, 110),
            fetch(3, 200, P2, 190, 7, 1),
            end(0, P1, 210),
            begin(1, P1, 220),
            commit(4, 300, P1, 290, 1, 2, 1, Change(changed={"0": "'b'"})),
        )
        copy = frame_at(recording, 3).processes[0].copy
        assert copy is not None
        assert copy.own == ()
        assert frame_at(recording, 4).processes[0].copy is None


class TestDied:
    """A process that died does nothing more, whatever rows come late."""

    recording = recording_of(
        commit(1, 100, MAIN, 90, None, 1, None, Change(added={"9": "'m'"})),
        begin(0, P1, 110),
        fetch(2, 200, P1, 180, 0, 1),
        PrivateLockRow(P1, True, 205, 0, 7),
        ReplyRow(P1, 2, 210),
        fetch(3, 300, P2, None, 1, 1),
        DiedRow(P1, -9, 400),
        commit(5, 500, P1, 310, 0, 2, 1, Change(added={"0": "'a'"})),
    )

    def test_it_holds_its_copy_until_then(self) -> None:
        assert frame_at(self.recording, 3).processes[0].state is ProcessState.HOLDS_COPY
        assert frame_at(self.recording, 3).processes[0].holds_private

    @pytest.mark.parametrize("event", [4, 5])
    def test_from_its_event_on_it_is_dead(self, event: int) -> None:
        frame = frame_at(self.recording, event)
        assert frame.processes[0].state is ProcessState.DIED
        assert frame.processes[0].task == 0
        assert frame.processes[0].copy is None
        assert not frame.processes[0].holds_private
        assert [packet for packet in frame.packets if packet.process == 0] == []
