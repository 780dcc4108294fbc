"""Who holds each shared lock and who waits for it, at any event."""

from array import array
from bisect import bisect_right

FREE: tuple[int | None, tuple[int, ...]] = (None, ())


class LockLog:
    """One shared lock: a Lock, an RLock (acquired more than once by its holder) or a semaphore (several holders).

    Attributes:
        object: number of the referent.
    """

    def __init__(self, object: int) -> None:
        self.object = object
        self._holders: list[int] = []
        self._queue: list[int] = []
        self._events = array("q")
        self._states = [FREE]

    def wait(self, event: int, pid: int) -> None:
        """Process `pid` found it held and waits."""
        self._queue.append(pid)
        self._log(event)

    def leave(self, event: int, pid: int) -> None:
        """Process `pid` waits no longer."""
        if pid in self._queue:
            self._queue.remove(pid)
            self._log(event)

    def acquire(self, event: int, pid: int) -> None:
        """It was granted to process `pid`."""
        if pid in self._queue:
            self._queue.remove(pid)
        self._holders.append(pid)
        self._log(event)

    def release(self, event: int, pid: int) -> None:
        """Process `pid` released it; a Lock may be released by a process that does not hold it."""
        if pid in self._holders:
            self._holders.remove(pid)
        elif self._holders:
            self._holders.pop()
        self._log(event)

    def at(self, event: int) -> tuple[int | None, tuple[int, ...]]:
        """Pid of the holder (of several the latest; None: free) and of those that wait, in order, after `event`."""
        return self._states[bisect_right(self._events, event)]

    def _log(self, event: int) -> None:
        self._events.append(event)
        self._states.append((self._holders[-1] if self._holders else None, tuple(self._queue)))
