"""What stands in the manager server for locks, semaphores and conditions: who waits and who was granted."""

from __future__ import annotations

from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.referents import Recorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RecordedLock(Recorded):
    """A Lock, RLock or semaphore: a wait is logged when it begins, and the acquire when it is granted."""

    def acquire(self, *args: Any, **kwds: Any) -> bool:
        """``Lock.acquire``; one that can't wait, or that is wrong, is left to the plain object."""
        if kwds or not may_wait(*args):
            self._log.admit()
            granted = bool(self._plain.acquire(*args, **kwds))
        else:
            with self._turn:
                if self._plain.acquire(False):
                    self._served(Kind.OP, "acquire", "acquire")
                    return True
                self._served(Kind.WAIT)
            granted = bool(self._plain.acquire(*args))
        self._log.note(Kind.OP, self._number, "acquire", "acquire" if granted else "read")
        return granted

    def release(self, *count: Any) -> None:
        """``Lock.release``."""
        with self._turn:
            self._plain.release(*count)
            self._served(Kind.OP, "release", "release")


class RecordedCondition(RecordedLock):
    """A Condition: who waits for it has released its lock meanwhile."""

    def wait(self, *timeout: Any) -> bool:
        """``Condition.wait``."""
        if not self._plain._is_owned():
            return bool(self._plain.wait(*timeout))  # which is an error
        self._log.note(Kind.OP, self._number, "wait", "release")
        notified = bool(self._plain.wait(*timeout))
        self._log.note(Kind.OP, self._number, "wait", "acquire")
        return notified


def may_wait(blocking: object = True, timeout: object = None) -> bool:
    """Whether an acquire with these arguments waits for a lock that is held."""
    if timeout is None:
        return bool(blocking)
    return bool(blocking) and isinstance(timeout, int | float) and (timeout >= 0 or timeout == -1)
