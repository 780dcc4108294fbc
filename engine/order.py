"""What a host is asked to do: one value, sent to it as a JSON line."""

import msgspec

from dictrace.engine.experiment import Experiment
from dictrace.engine.rows import GateMode

MAX_ROWS = 5_000_000


class Limits(msgspec.Struct, frozen=True):
    """How much of a run is kept, and when it is ended.

    Attributes:
        rows, output_bytes: what comes after this many is counted, not kept.
        processes: a run that has started more is ended.
        seconds: a run that takes longer is ended; None: it may take as long as it likes.
    """

    rows: int = MAX_ROWS
    output_bytes: int = 50_000_000
    processes: int = 1000
    seconds: float | None = None


class Script(msgspec.Struct, frozen=True):
    """A program of somebody's own.

    Attributes:
        path: the file, as the person named it, seen from `cwd`.
        arguments: what follows it on its command line.
        cwd: its working directory.
        stdio: file descriptors that the host inherits: its standard input, and where its output goes besides the
            recording. None: no input, and the recording only.
    """

    path: str
    arguments: tuple[str, ...] = ()
    cwd: str = "."
    stdio: tuple[int, int, int] | None = None


class Order(msgspec.Struct, frozen=True):
    """What to run, an experiment or a script, and the gate it passes.

    Attributes:
        order: scripted gate: the tasks of a recording's requests, in serve order.
        live: somebody looks at the rows as they come. Else a short program is left alone: they come when it is over.
    """

    experiment: Experiment | None = None
    gate: GateMode = GateMode.FREE
    order: tuple[int, ...] = ()
    script: Script | None = None
    limits: Limits = Limits()
    live: bool = True


def order_of(experiment: Experiment) -> Order:
    """The order to run an experiment: its seed decides whether it runs free."""
    return Order(experiment, GateMode.FREE if experiment.seed is None else GateMode.JITTERED)
