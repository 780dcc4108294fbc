"""Short runs that end in every way there is, for tests of what they leave behind."""

import os
import signal
from collections.abc import Callable
from random import Random

from dictrace.engine.experiment import PRESETS, preset
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from tests.engine.faulty import POINTS, held
from tests.engine.runs import rows_of


def cycle(chance: Random, ending: str, start_method: str) -> None:
    """One run, which ends as `ending` says."""
    if ending == "whole":
        order = Order(preset(chance.choice(list(PRESETS)), processes=2, tasks=4, start_method=start_method))
        with Run(order) as run:
            assert b'"row":"end"' in b"".join(run.lines())
        return
    point = POINTS["a worker between fetch and commit"]
    with Run(held(point, start_method)) as run:
        rows = rows_of(run)
        for _row in range(chance.randint(1, 10)):
            next(rows)  # the header is one; whatever has started by then
        ENDINGS[ending](run)


def _stop(run: Run) -> None:
    run.stop()
    assert b'"row":"end"' in b"".join(run.lines())


ENDINGS: dict[str, Callable[[Run], None]] = {
    "whole": lambda _run: None,
    "stopped": _stop,
    "left": lambda _run: None,
    "host killed": lambda run: os.kill(run.host_pid, signal.SIGKILL),
}
