"""What stands in the manager server for locks, semaphores and conditions: who waits and who was granted."""

from __future__ import annotations

from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.referents import Recorded
from dictrace.engine.recorder.wire import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class RecordedLock(Recorded):
    """A Lock, RLock or semaphore: a wait is logged when it begins, and the acquire when it is granted."""

    def acquire(self, *args: Any, **kwds: Any) -> bool:
        """``Lock.acquire``; one that can't wait, or that is wrong, is left to the plain object."""
        log, asked = self._log, present.stamp
        if kwds or not may_wait(*args):
            log.admit(asked)
            granted = bool(self._plain.acquire(*args, **kwds))
            log.note(Kind.OP, asked, self._number, "acquire", "acquire" if granted else "read")
            return granted
        log.enter(asked)
        try:
            if self._plain.acquire(False):
                log.served(Kind.OP, asked, self._number, "acquire", "acquire")
                return True
            log.served(Kind.WAIT, asked, self._number)
        finally:
            log.leave(asked)
        granted = bool(self._plain.acquire(*args))
        log.note(Kind.OP, asked, self._number, "acquire", "acquire" if granted else "read")
        return granted

    def release(self, *count: Any) -> None:
        """``Lock.release``."""
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            self._plain.release(*count)
            log.served(Kind.OP, asked, self._number, "release", "release")
        finally:
            log.leave(asked)


class RecordedCondition(RecordedLock):
    """A Condition: who waits for it has released its lock meanwhile."""

    def wait(self, *timeout: Any) -> bool:
        """``Condition.wait``."""
        log, asked = self._log, present.stamp
        if not self._plain._is_owned():
            return bool(self._plain.wait(*timeout))  # which is an error
        log.note(Kind.OP, asked, self._number, "wait", "release")
        notified = bool(self._plain.wait(*timeout))
        log.note(Kind.OP, asked, self._number, "wait", "acquire")
        return notified


def may_wait(blocking: object = True, timeout: object = None) -> bool:
    """Whether an acquire with these arguments waits for a lock that is held."""
    if timeout is None:
        return bool(blocking)
    return bool(blocking) and isinstance(timeout, int | float) and (timeout >= 0 or timeout == -1)
