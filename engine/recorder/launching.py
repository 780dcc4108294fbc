"""Processes as those who start them see them: when, as what, and how they ended.

Nothing is wrapped that can fail: what a program prints of an error shows the frames that it would show unwatched. So
the recorder acts where `multiprocessing` makes its `Popen`, and where that is given a process id and an exit code.
"""

from __future__ import annotations

import os
import signal
import sys
from time import perf_counter_ns

from dictrace.engine.recorder.channel import FLUSH_S, channel, closing_mark
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.processes import MANAGER, RUNNER, TASK, role_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_ABOUT = "_dictrace"


def install(popen_fork: ModuleType) -> None:
    """`multiprocessing.popen_fork` was loaded, on which the `Popen` of the other start methods is based."""
    popen: Any = popen_fork.Popen
    popen.__new__ = _new
    popen.__setattr__ = _set
    plain_send_signal = popen._send_signal

    def send_signal(self: Any, signum: int) -> None:
        if self.poll() is None:  # it may have died long before
            channel().send([(Kind.ASKED, self.pid)])
            if signum == signal.SIGTERM and os.path.exists(closing_mark(self.pid)):
                self.wait(FLUSH_S)  # it would have ended by now, had it not so much to tell
        plain_send_signal(self, signum)

    popen._send_signal = send_signal


def _new(cls: Any, started: Any) -> Any:
    import dictrace.engine.recorder.notebook  # noqa: F401 - so that a forked process need not load it

    role = role_of(started)
    if role == MANAGER:
        channel().send([(Kind.START, os.getpid(), "spawn", perf_counter_ns())])
    elif role == RUNNER:
        from dictrace.engine.recorder.numbers import next_number

        setattr(started, TASK, next_number())
    popen = object.__new__(cls)
    vars(popen)[_ABOUT] = started.name, role
    return popen


def _set(self: Any, name: str, value: Any) -> None:
    """As it would be set unwatched; properties would slow down a pool, which looks at both again and again."""
    object.__setattr__(self, name, value)
    if name == "pid" and value:
        _started(self, value)
    elif name == "returncode" and value is not None:
        _ended(self, value)


def _started(popen: Any, pid: int) -> None:
    name, role = vars(popen)[_ABOUT]
    channel().send([(Kind.PROCESS, pid, name, perf_counter_ns(), role, os.getpid(), popen.method)])


def _ended(popen: Any, code: int) -> None:
    tasks: Any = sys.modules.get("dictrace.engine.recorder.tasks")
    told = tasks.take_returned() if tasks is not None else []  # it died after these, and in none of them
    channel().send([*told, (Kind.EXITED, popen.pid, code, perf_counter_ns())])
