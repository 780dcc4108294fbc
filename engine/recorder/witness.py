"""What only the main program of a watched run can see: who was started, who died, what never returned."""

from collections.abc import Callable, Iterable
from multiprocessing.process import BaseProcess
from time import perf_counter_ns
from typing import Any

from dictrace.engine.recorder.channel import Channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.tasks import PrivateLock, Task


class Witness:
    """Tells the host over a channel of its own; `private_lock` makes the recorded lock of one process."""

    private_lock = PrivateLock

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def task(self, function: Callable[..., Any], number: int) -> Callable[..., Any]:
        """`function` as task number `number`."""
        return Task(function, number)

    def workers(self, processes: Iterable[BaseProcess]) -> None:
        """These processes were started to run tasks."""
        self._channel.send([(Kind.WORKERS, [(p.pid, p.name) for p in processes], perf_counter_ns())])

    def died(self, process: BaseProcess) -> None:
        """`process` ended without being asked to."""
        self._channel.send([(Kind.DIED, process.pid, process.exitcode, perf_counter_ns())])

    def unreturned(self, tasks: Iterable[int]) -> None:
        """These tasks never came back."""
        self._channel.send([(Kind.UNRETURNED, list(tasks), perf_counter_ns())])
