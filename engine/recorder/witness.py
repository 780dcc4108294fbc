"""What only the main program of a watched run can see: who was started and when, who died, what never returned."""

import os
from collections.abc import Callable, Iterable
from multiprocessing.context import BaseContext
from multiprocessing.managers import SyncManager
from multiprocessing.process import BaseProcess
from time import perf_counter_ns
from typing import Any

from dictrace.engine.recorder.channel import Channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.tasks import PrivateLock, Task, came_up


class Witness:
    """Tells the host over a channel of its own.

    `private_lock` makes the recorded lock of one process; a worker calls `came_up` when it runs.
    """

    private_lock = PrivateLock
    came_up = staticmethod(came_up)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def manager(self, context: BaseContext) -> SyncManager:
        """What ``context.Manager()`` gives; told is when it was asked for, and when the server's address was there."""
        manager = SyncManager(ctx=context)
        spawned_ns = perf_counter_ns()
        manager.start(log)  # the server's log begins with the server
        steps = (("spawn", spawned_ns), ("address", perf_counter_ns()))
        self._channel.send([(Kind.START, os.getpid(), step, ns) for step, ns in steps])
        return manager

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
