"""Locks of `multiprocessing` that the program makes: where each was made, and who holds it when.

A lock is followed by what stands in it for the semaphore; its class, its name and its text stay as they are. Locks that
`multiprocessing` makes for itself are left alone.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from time import perf_counter_ns

from dictrace.engine.recorder.entries import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_numbers = count(1)
Ident = tuple[int, int]


class Semaphore:
    """In place of the semaphore of a lock. `ident`: the process that made the lock, and its number there."""

    def __init__(self, plain: Any, ident: Ident) -> None:
        self._plain = plain
        self.ident = ident

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """As `multiprocessing.Lock.acquire`."""
        granted: bool = self._plain.acquire(block, timeout)
        if granted:
            _note(self.ident, "acquired")
        return granted

    def release(self) -> None:
        """As `multiprocessing.Lock.release`."""
        _note(self.ident, "released")
        self._plain.release()

    def __enter__(self) -> bool:
        entered: bool = self._plain.__enter__()
        _note(self.ident, "acquired")
        return entered

    def __exit__(self, *error: object) -> None:
        _note(self.ident, "released")
        self._plain.__exit__(*error)


def install(synchronize: ModuleType) -> None:
    """`multiprocessing.synchronize` was loaded."""
    module: Any = synchronize
    own_folders = os.path.dirname(module.__file__), os.path.dirname(os.__file__) + os.sep + "concurrent"
    base = module.SemLock
    plain_getstate, plain_setstate = base.__getstate__, base.__setstate__

    def follow(kind: Any) -> None:
        plain_init = kind.__init__

        def init(self: Any, *, ctx: Any) -> None:
            plain_init(self, ctx=ctx)
            maker = sys._getframe(2)
            if not maker.f_code.co_filename.startswith(own_folders):
                self._semlock = Semaphore(self._semlock, (os.getpid(), next(_numbers)))
                self._make_methods()
                _note(self._semlock.ident, "made")

        kind.__init__ = init

    def getstate(self: Any) -> Any:
        state = plain_getstate(self)
        return (*state, self._semlock.ident) if isinstance(self._semlock, Semaphore) else state

    def setstate(self: Any, state: Any) -> None:
        plain_setstate(self, state[:4])
        if len(state) > 4:
            self._semlock = Semaphore(self._semlock, state[4])
            self._make_methods()

    follow(module.Lock)
    follow(module.RLock)
    base.__getstate__, base.__setstate__ = getstate, setstate


def _note(ident: Ident, step: str) -> None:
    from dictrace.engine.recorder.notebook import caller, notebook

    book = notebook()
    file, line = caller()
    book.note((Kind.LOCK, book.pid, *ident, step, perf_counter_ns(), book.task, file, line))
