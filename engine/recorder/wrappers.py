"""What is made in a manager server to stand for the objects that it serves."""

from __future__ import annotations

import threading
from array import array
from collections import Counter, OrderedDict, defaultdict
from multiprocessing import managers

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

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
