"""Faults for tests: a run is brought to a point and held there, one of its processes is struck, and what is left seen.

The gate holds each task where the order has no further place for it; so a run waits at its point as long as it takes.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dictrace.engine.experiment import preset
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from dictrace.engine.recording import Recording
from dictrace.engine.report import Report, report_of
from dictrace.engine.rows import AnyRow, GateMode, OpKind, OpRow, ProcessRow, Role, TaskRow, WaitRow
from tests.engine.runs import is_alive, recording_of, rows_of, wait_until

TASKS = 4
MAIN, SERVER, HOST = "main", "manager", "host"
IDLE = "idle"


@dataclass(frozen=True)
class Point:
    """Where a run is held, and whom the fault strikes there.

    Attributes:
        preset: what runs, with two processes.
        order: tasks whose requests the gate lets through; all further ones are held.
        reached: whether a row says that the point is reached.
        victim: the task whose worker is struck, `IDLE` for the worker without a task, or `SERVER`, `MAIN`, `HOST`.
    """

    preset: str
    order: tuple[int, ...]
    reached: Callable[[AnyRow], bool]
    victim: int | str
    tasks: int = TASKS


def _begins(row: AnyRow) -> bool:
    return isinstance(row, TaskRow) and row.task == 0


def _both_fetched(row: AnyRow) -> bool:
    return isinstance(row, OpRow) and row.kind is OpKind.FETCH and row.task == 1


def _waits(row: AnyRow) -> bool:
    return isinstance(row, WaitRow)


COPY_IN_HAND = "fetch-mutate-commit", (0, 1), _both_fetched
LOCK_HELD = "shared-lock", (0, 0, 1), _waits
POINTS = {
    "a worker that waits for a task": Point("fetch-mutate-commit", (), _begins, IDLE, tasks=1),
    "a worker that fetches": Point("fetch-mutate-commit", (), _begins, 0),
    "a worker between fetch and commit": Point(*COPY_IN_HAND, 0),
    "a worker that holds the lock": Point(*LOCK_HELD, 0),
    "a worker that waits for the lock": Point(*LOCK_HELD, 1),
    "the manager server": Point(*COPY_IN_HAND, SERVER),
    "the main program": Point(*COPY_IN_HAND, MAIN),
    "the host": Point(*COPY_IN_HAND, HOST),
}


@dataclass
class Aftermath:
    """What is left of a run in which something was struck.

    Attributes:
        rows: all rows, and how many of them had come `before` the fault.
        pid: of the process that was struck.
    """

    rows: list[AnyRow]
    before: int
    pid: int

    @property
    def recording(self) -> Recording:
        """All that was recorded."""
        return recording_of(self.rows)

    @property
    def report(self) -> Report:
        """What is said of it."""
        return report_of(self.recording)

    @property
    def pids(self) -> list[int]:
        """All processes that are known to have run."""
        return [row.pid for row in self.rows if isinstance(row, ProcessRow)]


def held(point: Point, start_method: str) -> Order:
    """The order of a run that is held at `point`."""
    what = preset(point.preset, processes=2, tasks=point.tasks, start_method=start_method)
    return Order(what, GateMode.BY_HAND, point.order)


def victim_of(point: Point, rows: list[AnyRow], host_pid: int) -> int:
    """Process id of whom the fault strikes."""
    takers = {row.task: row.pid for row in rows if isinstance(row, TaskRow) and row.pid is not None}
    if isinstance(point.victim, int):
        return takers[point.victim]
    if point.victim == HOST:
        return host_pid
    role = Role.WORKER if point.victim == IDLE else Role(point.victim)
    pids = (row.pid for row in rows if isinstance(row, ProcessRow) and row.role is role)
    return next(pid for pid in pids if pid not in takers.values())


def struck(point: Point, start_method: str, signum: signal.Signals) -> Aftermath:
    """Bring a run to `point`, strike, and take what still comes; who is stopped makes nobody wait: the run is ended."""
    with Run(held(point, start_method)) as run:
        coming, rows = rows_of(run), []
        for row in coming:
            rows.append(row)
            if point.reached(row):
                break
        before, pid = len(rows), victim_of(point, rows, run.host_pid)
        os.kill(pid, signum)
        if signum == signal.SIGSTOP:
            wait_until(lambda: state_of(pid) == "T")
            run.stop()
        if pid != run.host_pid or signum == signal.SIGKILL:
            rows += coming
    after = Aftermath(rows, before, pid)
    wait_until(lambda: not any(map(is_alive, after.pids)))
    return after


def state_of(pid: int) -> str:
    """The state of a process as the kernel has it, one letter."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def assert_true(recording: Recording) -> None:
    """The counts add up, and each loss has its certificate."""
    history = recording.history
    counts = history.counts_at(len(recording.events))
    assert counts.attempted == counts.survived + counts.overwritten + counts.never_sent + counts.never_ran
    kinds = [history.certificate(loss).kind.value for loss in history.standing()]
    for kind in ("overwritten", "never_sent", "never_ran"):
        assert kinds.count(kind) == getattr(counts, kind)
