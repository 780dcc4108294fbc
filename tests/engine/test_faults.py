"""Each part of a run killed or stopped where it hurts: what was recorded is kept, and who died doing what is said."""

import signal
import sys

import pytest

from dictrace.engine.diagnoses.diagnosis import Kind
from dictrace.engine.experiment import start_methods
from dictrace.engine.rows import DiedRow, Outcome
from tests.engine.faulty import IDLE, POINTS, TASKS, assert_true, struck

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")

WORKERS = {name: point for name, point in POINTS.items() if isinstance(point.victim, int) or point.victim == IDLE}
SAID = {
    "a worker that waits for a task": "died by signal 9 while it waited for a task.",
    "a worker that fetches": "died by signal 9: the result of its task never comes",
    "a worker between fetch and commit": "died by signal 9 with a copy of d['test'] in hand:",
    "a worker that holds the lock": "died while it held lock: nobody can release it, and P",
    "a worker that waits for the lock": "died by signal 9 while it waited for a lock:",
}


# Each of these waits some seconds for the tasks of the dead; the stress run has all combinations.
@pytest.mark.parametrize(
    ("name", "start_method"),
    [*((name, "fork") for name in WORKERS), *(("a worker that holds the lock", m) for m in start_methods()[1:])],
)
def test_a_killed_worker_is_named_with_what_it_did(name: str, start_method: str) -> None:
    point = WORKERS[name]
    after = struck(point, start_method, signal.SIGKILL)
    recording = after.recording
    assert [row.pid for row in recording.events if isinstance(row, DiedRow)] == [after.pid]
    assert SAID[name] in after.report.diagnoses[0].text
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FAILED
    assert f"A worker (PID {after.pid}) ended by signal 9" in recording.end.text
    counts = recording.history.counts_at(len(recording.events))
    assert counts.attempted == counts.never_ran == point.tasks
    assert_true(recording)


@pytest.mark.parametrize("start_method", start_methods())
def test_a_killed_manager_server_is_named(start_method: str) -> None:
    after = struck(POINTS["the manager server"], start_method, signal.SIGKILL)
    assert after.report.diagnoses[0].kind is Kind.SERVER_DIED
    assert after.report.diagnoses[0].text.startswith("The manager server died by signal 9:")
    assert Kind.MANAGER_GONE not in {diagnosis.kind for diagnosis in after.report.diagnoses}
    end = after.recording.end
    assert end is not None
    assert end.text.startswith(f"The manager server (PID {after.pid}) ended by signal 9; tasks that never returned: ")
    counts = after.recording.history.counts_at(len(after.recording.events))
    assert counts.attempted == counts.never_ran == TASKS
    assert_true(after.recording)


def test_a_killed_main_program_is_named() -> None:
    after = struck(POINTS["the main program"], "fork", signal.SIGKILL)
    end = after.recording.end
    assert end is not None
    assert end.outcome is Outcome.FAILED
    assert end.text == f"The main program (PID {after.pid}) was ended by signal 9."
    assert_true(after.recording)


@pytest.mark.parametrize("name", POINTS)
def test_who_is_stopped_keeps_nobody_from_ending_the_run(name: str) -> None:
    after = struck(POINTS[name], "fork", signal.SIGSTOP)
    assert len(after.rows) >= after.before
    end = after.recording.end
    assert (end is None) == (name == "the host")
    assert end is None or end.outcome is Outcome.STOPPED
    assert_true(after.recording)


def test_a_killed_host_leaves_what_it_had_told() -> None:
    after = struck(POINTS["the host"], "fork", signal.SIGKILL)
    assert len(after.rows) == after.before
    assert after.recording.end is None
    assert_true(after.recording)
