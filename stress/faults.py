"""Each part of a run killed, stopped or starved at many points, under each start method."""

import os
import signal
from collections.abc import Iterator
from itertools import cycle, product
from random import Random

from dictrace.engine.experiment import PRESETS, preset, start_methods
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from dictrace.engine.rows import AnyRow, Outcome, ProcessRow
from stress.recordings import fuzzed
from stress.table import Trial
from tests.engine.faulty import POINTS, assert_true, state_of, struck
from tests.engine.leftovers import apart, assert_nothing_left, inventory
from tests.engine.runs import recording_of, rows_of, wait_until

TIMES = 240


def trials() -> Iterator[Trial]:
    """After each fault nothing is left, what was recorded is kept and adds up, and the next run starts at once."""
    for part, signum in (("killed", signal.SIGKILL), ("stopped, then the run ended", signal.SIGSTOP)):
        yield from _struck(part, signum)
    with apart() as folder:
        before = inventory(folder)

        def starve(chance: Random) -> str:
            told = starved(chance)
            assert_nothing_left(folder, before)
            return told

        yield fuzzed("faults", "any part starved: stopped and continued, again and again", TIMES, starve)


def _struck(how: str, signum: signal.Signals) -> Iterator[Trial]:
    ways = cycle(product(POINTS, start_methods()))
    with apart() as folder:
        before = inventory(folder)

        def strike(_chance: Random) -> str:
            name, start_method = next(ways)
            after = struck(POINTS[name], start_method, signum)
            assert len(after.rows) >= after.before
            assert_true(after.recording)
            assert_nothing_left(folder, before)
            end = after.recording.end
            return "broken off, and read up to there" if end is None else f"{end.outcome} and told"

        yield fuzzed("faults", f"each part at each point {how}", TIMES, strike)


def starved(chance: Random) -> str:
    """A run of which a part, any one, is stopped and continued with each of its rows."""
    what = preset(
        chance.choice(list(PRESETS)), processes=3, tasks=30, think_ms=0.0, start_method=chance.choice(start_methods())
    )
    rows: list[AnyRow] = []
    stops = 0
    with Run(Order(what)) as run:
        pids = [run.host_pid]
        for row in rows_of(run):
            rows.append(row)
            if isinstance(row, ProcessRow):
                pids.append(row.pid)
            stops += _pause(chance.choice(pids))
    recording = recording_of(rows)
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FINISHED, recording.end.text
    assert recording.history.counts_at(len(recording.events)).attempted == what.tasks
    assert_true(recording)
    return "finished in order" if stops else "finished before it was starved"


def _pause(pid: int) -> bool:
    """Stop a process, and continue it once it stands still; whether it was still there."""
    try:
        os.kill(pid, signal.SIGSTOP)
        wait_until(lambda: state_of(pid) in "TZX")
        os.kill(pid, signal.SIGCONT)
    except (ProcessLookupError, FileNotFoundError):
        return False
    return True
