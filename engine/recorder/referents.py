"""What stands in the manager server for each shared object: the plain object, with its served requests logged.

A wrapper rather than a subclass, so that the object inside stays the plain thing: what is printed, copied, pickled or
compared is exactly what it would be unwatched.
"""

from collections.abc import Callable
from typing import Any

from dictrace.engine.recorder.entries import NOBODY, Kind, Stamp
from dictrace.engine.recorder.log import Log, log
from dictrace.engine.recorder.proxies import STAMP

Method = Callable[..., Any]


class Recorded:
    """A referent whose methods take the keyword argument `STAMP` and log what they serve."""

    def __init__(self, typeid: str, plain: Any) -> None:
        self._plain = plain
        self._log: Log = log()
        self._number = self._log.add_object(typeid, self)

    def __getattr__(self, method: str) -> Method:
        plain = getattr(self._plain, method)

        def read(*args: Any, **kwds: Any) -> Any:
            stamp = kwds.pop(STAMP, NOBODY)
            self._log.enter(stamp)
            try:
                result = plain(*args, **kwds)
                self._log.served(Kind.OP, stamp, self._number, method, "read")
                return result
            finally:
                self._log.leave(stamp)

        return read

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._plain.__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return repr(self._plain)

    def __str__(self) -> str:
        return str(self._plain)

    def _dictrace_tell(self, _dictrace: Stamp) -> None:
        self._log.told(_dictrace)


class RecordedDict(Recorded):
    """A dict whose fetches and commits are logged with the values committed."""

    def __init__(self, *args: Any, **kwds: Any) -> None:
        super().__init__("dict", dict(*args, **kwds))
        self._log.keep_final(self._number, self)

    def __getitem__(self, key: Any, *, _dictrace: Stamp = NOBODY) -> Any:
        return self._fetch("__getitem__", _dictrace, key)

    def get(self, key: Any, default: Any = None, *, _dictrace: Stamp = NOBODY) -> Any:
        """``dict.get``, a fetch."""
        return self._fetch("get", _dictrace, key, default)

    def _fetch(self, method: str, stamp: Stamp, *args: Any) -> Any:
        self._log.enter(stamp)
        try:
            value = getattr(self._plain, method)(*args)
            self._log.served(Kind.FETCH, stamp, self._number, method, args[0])
            return value
        finally:
            self._log.leave(stamp)

    def __setitem__(self, key: Any, value: Any, *, _dictrace: Stamp = NOBODY) -> None:
        log = self._log
        log.enter(_dictrace)
        try:
            self._plain[key] = value
            log.served(Kind.COMMIT, _dictrace, self._number, "__setitem__", key, value)
        finally:
            log.leave(_dictrace)

    def final(self) -> dict[Any, Any]:
        """What it holds now."""
        return self._plain  # type: ignore[no-any-return]


class RecordedLock(Recorded):
    """A Lock or RLock: a wait is logged when it begins, and the acquire when it is granted."""

    def acquire(self, blocking: bool = True, timeout: float = -1, *, _dictrace: Stamp = NOBODY) -> bool:
        """``Lock.acquire``."""
        log = self._log
        log.enter(_dictrace)
        try:
            granted = bool(self._plain.acquire(False))
            if granted or not blocking:
                log.served(Kind.OP, _dictrace, self._number, "acquire", "acquire" if granted else "read")
                return granted
            log.served(Kind.WAIT, _dictrace, self._number)
        finally:
            log.leave(_dictrace)
        granted = bool(self._plain.acquire(blocking, timeout))
        log.granted(_dictrace, self._number, "acquire", "acquire" if granted else "read")
        return granted

    def release(self, *, _dictrace: Stamp = NOBODY) -> None:
        """``Lock.release``."""
        self._log.enter(_dictrace)
        try:
            self._plain.release()
            self._log.served(Kind.OP, _dictrace, self._number, "release", "release")
        finally:
            self._log.leave(_dictrace)
