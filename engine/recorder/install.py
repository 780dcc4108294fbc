"""Turn recording on in this process: from now on every manager serves recorded objects, over stamped connections."""

from __future__ import annotations

import threading
from array import array
from collections import Counter, OrderedDict, defaultdict
from multiprocessing import managers
from sys import getrefcount

from dictrace.engine.recorder.containers import (
    RecordedArray,
    RecordedDict,
    RecordedList,
    RecordedNamespace,
    RecordedSet,
    RecordedValue,
)
from dictrace.engine.recorder.locks import RecordedCondition, RecordedLock
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.referents import Recorded
from dictrace.engine.recorder.wire import Listening, client, hide_frames, pickle_quickly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# Made by the machinery for its own use.
UNWATCHED = frozenset({"Iterator", "AsyncResult"})

_managers: Any = managers
_WRAPPERS: dict[type, type[Recorded]] = {
    **dict.fromkeys((dict, OrderedDict, defaultdict, Counter), RecordedDict),
    list: RecordedList,
    array: RecordedArray,
    set: RecordedSet,
    _managers.Value: RecordedValue,
    managers.Namespace: RecordedNamespace,
    type(threading.Lock()): RecordedLock,
    type(threading.RLock()): RecordedLock,
    threading.Semaphore: RecordedLock,
    threading.BoundedSemaphore: RecordedLock,
    threading.Condition: RecordedCondition,
}
_disguises: dict[type, type[Recorded]] = {}


class Making:
    """What a manager server calls to make an object of a registered type; `make` as in `BaseManager.register`."""

    def __init__(self, typeid: str, make: Callable[..., Any] | None) -> None:
        self._typeid = typeid
        self._make = make

    def __call__(self, *args: Any, **kwds: Any) -> Any:
        try:
            if self._make is None:
                if kwds or len(args) != 1:
                    raise ValueError("Without callable, must have one non-keyword argument")
                return recorded(self._typeid, args[0])
            plain = self._make(*args, **kwds)
        except BaseException as error:
            hide_frames(error)
            raise
        return recorded(self._typeid, plain, getrefcount(plain) > _ALONE)


def install() -> None:
    """Have the types of all managers recorded, those registered already and those to come."""
    _managers.listener_client["pickle"] = Listening, client
    pickle_quickly()
    register = managers.BaseManager.register.__func__  # type: ignore[attr-defined]

    def recording_register(cls: Any, typeid: str, *args: Any, **kwds: Any) -> None:
        register(cls, typeid, *args, **kwds)
        _watch(cls._registry, typeid)

    for manager in (managers.BaseManager, *managers.BaseManager.__subclasses__()):
        for typeid in getattr(manager, "_registry", ()):
            _watch(manager._registry, typeid)  # type: ignore[attr-defined]
    managers.BaseManager.register = classmethod(recording_register)  # type: ignore[assignment]


def recorded(typeid: str, plain: Any, kept: bool = False) -> Recorded:
    """The wrapper for `plain`; the same one where the program, which itself has `kept` the object, shares it again."""
    known = log().wrapper_of(plain)
    if known is not None:
        return known  # type: ignore[no-any-return]
    made = _disguised(type(plain))(typeid, plain)
    log().wrapped(plain, made, kept)
    return made


def _disguised(plain: type) -> type[Recorded]:
    """The wrapper's class for objects of the class `plain`, under the name that an error of the server says."""
    made = _disguises.get(plain)
    if made is None:
        names = {"__module__": plain.__module__, "__qualname__": plain.__qualname__}
        made = _disguises[plain] = type(plain.__name__, (_WRAPPERS.get(plain, Recorded),), names)
    return made


def _watch(registry: dict[str, Any], typeid: str) -> None:
    make, *rest = registry[typeid]
    if typeid not in UNWATCHED and not isinstance(make, Making):
        registry[typeid] = (Making(typeid, make), *rest)


_probe = object()
_ALONE = getrefcount(_probe)
