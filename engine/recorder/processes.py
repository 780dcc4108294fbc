"""Each process that `multiprocessing` starts, as it sees itself: it says hello, and goodbye when it ends in order."""

from __future__ import annotations

import os
import signal
import sys
from multiprocessing import context, process
from time import perf_counter_ns

from dictrace.engine.recorder.channel import ADDRESS, channel
from dictrace.engine.recorder.entries import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from dictrace.engine.recorder.notebook import Notebook

MANAGER, WORKER, RUNNER = "manager", "worker", "process"
TASK = "_dictrace_task"

_ROLES = {
    ("multiprocessing.managers", "BaseManager._run_server"): MANAGER,
    ("multiprocessing.pool", "worker"): WORKER,
    ("concurrent.futures.process", "_process_worker"): WORKER,
}


def install(util: ModuleType) -> None:
    """`multiprocessing.util` was loaded: follow this process, and those it will start."""
    _util: Any = util
    _util.register_after_fork(_arrive, _arrive)
    # A spawned process runs no hooks of `register_after_fork`.
    context.SpawnProcess._after_fork = staticmethod(lambda: _arrive(None))  # type: ignore[attr-defined]
    _util.Finalize(None, _leave, exitpriority=20)
    if sys.version_info >= (3, 13):
        _look_at_exceptions()
    if process.parent_process() is None:
        # Sockets go where the host will remove them, however the run ends; all children inherit this.
        process.current_process()._config.setdefault("tempdir", os.path.dirname(os.environ[ADDRESS]))  # type: ignore[attr-defined]


def role_of(started: Any) -> str:
    """What a `multiprocessing.Process` is there for; must be asked before it ran."""
    target = getattr(started, "_target", None)
    function = getattr(target, "__func__", target)
    name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    return _ROLES.get(name, RUNNER)  # type: ignore[arg-type]


def _arrive(_: object) -> None:
    """In a new process, once `multiprocessing` is ready in it."""
    from multiprocessing import util

    from dictrace.engine.recorder.notebook import notebook

    this: Any = process.current_process()
    role = role_of(this)
    if this._start_method != "spawn":
        util.Finalize(None, _leave, exitpriority=20)  # what was registered before the fork is the parent's
    entries: list[Any] = [
        (Kind.HELLO, os.getpid(), this.name, perf_counter_ns(), role, this._parent_pid, this._start_method)
    ]
    if role == MANAGER:
        channel().send(entries)
        if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _close_and_end)
        return
    book = notebook()
    entries.append((Kind.START, book.pid, "up", perf_counter_ns()))
    task = getattr(this, TASK, None)
    if task is not None:
        book.begin(task)
    channel().send([*entries, *(book.take_unserved())])


def _close_and_end(signum: int, _frame: object) -> None:
    """In a server that is terminated: it ends as it would unwatched, but for what it still has to tell."""
    from dictrace.engine.recorder.log import log

    log().close()
    signal.signal(signum, signal.SIG_DFL)
    os.kill(os.getpid(), signum)


def _forget() -> None:
    """In a process that a server forks."""
    if signal.getsignal(signal.SIGTERM) is _close_and_end:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _look_at_exceptions() -> None:
    """Since 3.13 a process comes to its exit handlers when the exception that ends it is past. It is at hand when it is
    printed, and then the process is asked for its name.
    """
    started: Any = process.BaseProcess
    printing, plain = started._bootstrap.__code__, started.name

    def name(this: Any) -> Any:
        if sys._getframe(1).f_code is printing:
            notebooks: Any = sys.modules.get("dictrace.engine.recorder.notebook")
            if notebooks is not None and notebooks.is_open():
                _note_exception(notebooks.notebook())
        return plain.fget(this)

    started.name = property(name, plain.fset)


def _note_exception(book: Notebook) -> None:
    error = sys.exc_info()[1]
    if book.task is not None and error is not None and not isinstance(error, SystemExit):
        book.raised(error)


def _leave() -> None:
    """At the end of a process: its task, where it is one, its last notes, and goodbye."""
    notebooks: Any = sys.modules.get("dictrace.engine.recorder.notebook")
    if notebooks is None or not notebooks.is_open():
        if role_of(process.current_process()) == MANAGER:
            channel().send([(Kind.GOODBYE, os.getpid(), perf_counter_ns())])
        return  # or a helper of multiprocessing itself, or a program that asked no server
    book = notebooks.notebook()
    _note_exception(book)
    if book.task is not None:
        book.end_and_tell(returned=role_of(process.current_process()) != WORKER)
    book.note_reply()
    channel().send([*book.take_unserved(), (Kind.GOODBYE, book.pid, perf_counter_ns())])


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
