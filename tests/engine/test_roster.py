"""Who took part, and how each ended: told once, when it is sure."""

import subprocess
import sys
import threading
from io import BytesIO

import pytest

from dictrace.engine.host import Sink
from dictrace.engine.order import Limits
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recording import Recording
from dictrace.engine.roster import Roster
from dictrace.engine.rows import AnyRow, DiedRow, LeftRow, ProcessRow
from dictrace.engine.sources import Sources
from dictrace.engine.transcript import Transcript
from tests.engine.histories import header

ORIGIN_NS = 1000
MAIN, WORKER = 10, 20
CONNECTION = 7


@pytest.fixture
def rows() -> list[AnyRow]:
    return []


@pytest.fixture
def roster(rows: list[AnyRow]) -> Roster:
    made = Roster(ORIGIN_NS, rows)
    made.came(MAIN, "MainProcess", 1001, "main", 0, "")
    made.came(WORKER, "Process-1", 1100, "", MAIN, "fork")
    made.said_hello(CONNECTION, WORKER)
    return made


def ends(rows: list[AnyRow]) -> list[AnyRow]:
    return [row for row in rows if not isinstance(row, ProcessRow)]


def test_who_says_goodbye_has_left(roster: Roster, rows: list[AnyRow]) -> None:
    roster.left(WORKER)
    assert ends(rows) == [], "it may still have something to tell"
    assert roster.working
    roster.gone(CONNECTION, 1500)
    assert ends(rows) == [LeftRow(WORKER, 500)]
    assert not roster.working
    roster.exited(WORKER, 0, 1600)
    roster.finish()
    assert ends(rows) == [LeftRow(WORKER, 500)]


def test_who_ends_with_the_run_has_not_left(roster: Roster, rows: list[AnyRow]) -> None:
    roster.all_are_asked()
    roster.gone(CONNECTION, 1500)
    roster.finish()
    assert ends(rows) == []


@pytest.mark.parametrize("is_known", [True, False])
def test_who_says_nothing_has_died(roster: Roster, rows: list[AnyRow], is_known: bool) -> None:
    roster.gone(CONNECTION, 1500)
    assert ends(rows) == []
    if is_known:
        roster.exited(WORKER, -9, 1600)
    roster.finish()
    assert ends(rows) == [DiedRow(WORKER, -9 if is_known else None, 500)]


@pytest.mark.parametrize("exit_code", [0, 1])
def test_what_a_process_tells_may_come_after_what_its_parent_tells(
    roster: Roster, rows: list[AnyRow], exit_code: int
) -> None:
    roster.came(30, "SyncManager-2", 1200, "manager", MAIN, "fork")
    roster.exited(30, exit_code, 1600)
    roster.came(30, "SyncManager-2", 1250, "manager", MAIN, "fork")
    roster.said_hello(9, 30)
    roster.came(30, "SyncManager-2", 1260, "manager", 0, "")
    roster.left(30)
    roster.gone(9, 1700)
    roster.finish()
    assert ends(rows) == [LeftRow(30, 700)]
    assert [row.pid for row in rows if isinstance(row, ProcessRow)] == [MAIN, WORKER, 30]


def test_one_that_starts_later_under_the_same_number_is_another(roster: Roster, rows: list[AnyRow]) -> None:
    roster.exited(WORKER, -9, 1600)
    roster.gone(CONNECTION, 1650)
    roster.came(WORKER, "Process-2", 1700, "", MAIN, "fork")
    assert [row.pid for row in rows if isinstance(row, ProcessRow)] == [MAIN, WORKER, WORKER]


def test_who_never_said_anything_is_told_when_nothing_more_can_come(roster: Roster, rows: list[AnyRow]) -> None:
    roster.came(30, "Process-2", 1200, "", MAIN, "spawn")
    roster.exited(30, 1, 1600)
    assert ends(rows) == []
    roster.finish()
    assert ends(rows) == [DiedRow(30, 1, 600)]


def test_who_comes_when_the_run_is_over_is_ended_with_it(roster: Roster, rows: list[AnyRow]) -> None:
    roster.all_are_asked()
    roster.came(30, "Process-2", 1200, "", MAIN, "fork")
    roster.said_hello(9, 30)
    roster.gone(9, 1700)
    roster.exited(30, -15, 1600)
    roster.finish()
    assert ends(rows) == []


@pytest.mark.parametrize(("exit_code", "end"), [(-15, LeftRow(WORKER, 500)), (3, DiedRow(WORKER, 3, 500))])
def test_who_was_to_be_ended_had_died_where_the_exit_code_is_its_own(
    roster: Roster, rows: list[AnyRow], exit_code: int, end: AnyRow
) -> None:
    roster.is_asked(WORKER)
    roster.gone(CONNECTION, 1500)
    assert ends(rows) == []
    roster.exited(WORKER, exit_code, 1600)
    roster.finish()
    assert ends(rows) == [end]


def test_who_was_ended_and_never_waited_for_has_left(roster: Roster, rows: list[AnyRow]) -> None:
    roster.is_asked(WORKER)
    roster.gone(CONNECTION, 1500)
    roster.all_are_asked()
    roster.finish()
    assert ends(rows) == [LeftRow(WORKER, 500)]


def test_a_recording_knows_when_a_process_left_and_gives_its_place_on(roster: Roster, rows: list[AnyRow]) -> None:
    roster.left(WORKER)
    roster.gone(CONNECTION, 1500)
    recording = Recording(header())
    for row in rows:
        recording.append(row)
    (worker,) = recording.workers
    assert worker.pid == WORKER
    assert worker.gone_ns == 500
    assert not worker.died_event
    recording.append(LeftRow(999, 600))
    assert len(recording.workers) == 1, "one that is not known is no worker"


def test_who_was_started_and_has_not_said_hello_goes_on_while_it_is_there(rows: list[AnyRow]) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        roster = Roster(ORIGIN_NS, rows)
        roster.came(process.pid, "Process-1", 1100, "", MAIN, "spawn")
        assert roster.working
        process.communicate(b"\n")
        assert not roster.working


def test_it_may_be_asked_who_goes_on_while_processes_come() -> None:
    sink = Sink(BytesIO(), Transcript(ORIGIN_NS, Sources()), Limits(), lambda: None)
    sink.entries([(Kind.HELLO, WORKER, "Process-1", 1100, "", MAIN, "fork")], CONNECTION)

    def come() -> None:
        for first in range(100, 20_000, 100):
            sink.entries([(Kind.PROCESS, pid, "", 1100, "manager", MAIN, "") for pid in range(first, first + 100)], 0)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    coming = threading.Thread(target=come)
    try:
        coming.start()
        while coming.is_alive():
            assert sink.is_any_working()
    finally:
        sys.setswitchinterval(before)
        coming.join()
