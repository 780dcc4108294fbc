"""What stands in the manager server for each shared object: the plain object, with its served requests logged.

A wrapper rather than a subclass, so that the object inside stays the plain thing: what is printed, copied, pickled or
compared is exactly what it would be unwatched.
"""

from collections.abc import Callable
from typing import Any

from dictrace.engine.recorder.entries import NOBODY, Stamp
from dictrace.engine.recorder.log import Log, Serving, log
from dictrace.engine.recorder.proxies import STAMP
from dictrace.engine.recorder.values import ABSENT

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
            with Serving(self._log, stamp):
                result = plain(*args, **kwds)
                self._log.op(stamp, self._number, method, "read")
            return result

        return read

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._plain.__reduce_ex__(protocol)

    def __repr__(self) -> str:
        return repr(self._plain)

    def __str__(self) -> str:
        return str(self._plain)

    def _dictrace_tell(self, _dictrace: Stamp) -> None:
        with Serving(self._log, _dictrace):
            self._log.replied(_dictrace)


class RecordedDict(Recorded):
    """A dict whose keys have versions."""

    def __init__(self, *args: Any, **kwds: Any) -> None:
        super().__init__("dict", dict(*args, **kwds))
        self._versions: dict[Any, int] = {}
        self._log.keep_final(self._number, self)

    def __getitem__(self, key: Any, *, _dictrace: Stamp = NOBODY) -> Any:
        with Serving(self._log, _dictrace):
            value = self._plain[key]
            self._log.fetch(_dictrace, self._number, "__getitem__", key, self._versions.get(key, 0), value)
        return value

    def get(self, key: Any, default: Any = None, *, _dictrace: Stamp = NOBODY) -> Any:
        """``dict.get``, a fetch."""
        with Serving(self._log, _dictrace):
            value = self._plain.get(key, default)
            self._log.fetch(_dictrace, self._number, "get", key, self._versions.get(key, 0), value)
        return value

    def __setitem__(self, key: Any, value: Any, *, _dictrace: Stamp = NOBODY) -> None:
        with Serving(self._log, _dictrace):
            old = self._plain.get(key, ABSENT)
            self._plain[key] = value
            version = self._versions[key] = self._versions.get(key, 0) + 1
            self._log.commit(_dictrace, self._number, "__setitem__", key, version, old, value)

    def final(self) -> dict[Any, Any]:
        """What it holds now."""
        return self._plain  # type: ignore[no-any-return]


class RecordedLock(Recorded):
    """A Lock or RLock: a wait is logged when it begins, and the acquire when it is granted."""

    def acquire(self, blocking: bool = True, timeout: float = -1, *, _dictrace: Stamp = NOBODY) -> bool:
        """``Lock.acquire``."""
        with Serving(self._log, _dictrace):
            if self._plain.acquire(False):
                self._log.op(_dictrace, self._number, "acquire", "acquire")
                return True
            if not blocking:
                self._log.op(_dictrace, self._number, "acquire", "read")
                return False
            self._log.wait(_dictrace, self._number)
        granted = bool(self._plain.acquire(blocking, timeout))
        with self._log.lock:
            self._log.op(_dictrace, self._number, "acquire", "acquire" if granted else "read")
        return granted

    def release(self, *, _dictrace: Stamp = NOBODY) -> None:
        """``Lock.release``."""
        with Serving(self._log, _dictrace):
            self._plain.release()
            self._log.op(_dictrace, self._number, "release", "release")
