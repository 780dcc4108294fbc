"""Start the host process and read its rows, for callers that wait: the command line, benchmarks and tests."""

import subprocess
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec

from dictrace.engine.experiment import Experiment, ExperimentError, checked
from dictrace.engine.order import Order
from dictrace.engine.rows import GateMode, OpRow
from dictrace.engine.words import _

if TYPE_CHECKING:
    from dictrace.engine.recording import Recording

HOST = (sys.executable, "-P", "-m", "dictrace.engine.host")
STOP = b'"stop"\n'
INTERRUPT = b'"interrupt"\n'
FAREWELL_S = 5.0


class Run:
    """A host at work on `order`; leaving the context ends it with everything it started.

    Attributes:
        host_pid: process id of the host.
    """

    def __init__(self, order: Order) -> None:
        stdio = order.script.stdio if order.script is not None else None
        self._host = subprocess.Popen(
            HOST,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            pass_fds=stdio or (),
        )
        self.host_pid = self._host.pid
        self._tell(msgspec.json.encode(order) + b"\n")

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        assert self._host.stdin is not None
        assert self._host.stdout is not None
        self._host.stdin.close()
        try:
            self._host.wait(FAREWELL_S)
        except subprocess.TimeoutExpired:
            self._host.kill()
            self._host.wait()
        self._host.stdout.close()

    def lines(self) -> Iterator[bytes]:
        """Whole JSON lines, as many at a time as have come, until the host ends."""
        assert self._host.stdout is not None
        rest = b""
        while chunk := self._host.stdout.read(1 << 16):
            lines, newline, rest = (rest + chunk).rpartition(b"\n")
            if newline:
                yield lines + newline

    def stop(self) -> None:
        """Ask for the end of the run; what was recorded still comes."""
        self._tell(STOP)

    def interrupt(self) -> None:
        """Send the program's processes what Ctrl+C sends to all that a terminal runs."""
        self._tell(INTERRUPT)

    def _tell(self, line: bytes) -> None:
        assert self._host.stdin is not None
        try:
            self._host.stdin.write(line)
        except BrokenPipeError:
            return  # it is gone already; `lines` ends


def order_like(recording: "Recording") -> Order:
    """The order that has a recording's program run again, its requests served in the recorded order.

    Raises:
        ExperimentError: it is a recording of a script.
    """
    try:
        experiment = checked(msgspec.convert(recording.header.parameters, Experiment))
    except msgspec.ValidationError:
        raise ExperimentError(_("Only the built-in program can be run in a recorded order.")) from None
    tasks = (row.task for row in recording.events if isinstance(row, OpRow))
    return Order(experiment, GateMode.SCRIPTED, tuple(task for task in tasks if task is not None))
