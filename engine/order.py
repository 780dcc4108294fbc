"""What a host is asked to do: one value, sent to it as a JSON line."""

import msgspec

from dictrace.engine.experiment import Experiment
from dictrace.engine.rows import GateMode

MAX_ROWS = 5_000_000


class Order(msgspec.Struct, frozen=True):
    """What to run: an experiment and the gate it passes.

    Attributes:
        order: scripted gate: the tasks of a recording's requests, in serve order.
        max_rows: rows after this many are counted, not kept.
    """

    experiment: Experiment
    gate: GateMode = GateMode.FREE
    order: tuple[int, ...] = ()
    max_rows: int = MAX_ROWS
