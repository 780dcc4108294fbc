"""The tests themselves, over and over, each time in another order; half of the times while one core is kept busy."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from stress.recordings import fuzzed
from stress.table import Trial

TIMES = 10
ROOT = Path(__file__).resolve().parent.parent


def trials() -> Iterator[Trial]:
    """Any test that fails once is a failure, with the seed of its order."""
    yield fuzzed("suite", "all tests in random order", TIMES, _run)
    with _busy_core():
        yield fuzzed("suite", "the same while one core is kept busy", TIMES, _run)


def _run(chance: Random) -> str:
    """Those of the engine by themselves, as `make test` runs them."""
    order = "-p", "randomly", f"--randomly-seed={chance.randrange(2**32)}"
    for half in ("tests/engine", "--ignore=tests/engine"):
        command = [sys.executable, "-m", "pytest", half, *order, "--quiet", "-rfE"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
            raise AssertionError(f"{order[-1]}: {'; '.join(failed) or done.stdout[-500:] + done.stderr[-500:]}")
    return "passed"


@contextmanager
def _busy_core() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(busy.pid, {min(os.sched_getaffinity(0))})
        try:
            yield
        finally:
            busy.kill()
