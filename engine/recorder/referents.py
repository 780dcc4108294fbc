"""What stands in the manager server for each shared object: the plain object, with its served requests logged.

A wrapper rather than a subclass, so that the object inside stays the plain thing: what is printed, copied, pickled or
compared is exactly what it would be unwatched. What a request does to an object of a passive type is told as *steps*,
in the order of `entries.Step`; any other call is told as it is, after it has returned, since it may block.
"""

from array import array
from collections.abc import Callable, Iterable
from itertools import chain
from multiprocessing import managers
from typing import Any

from dictrace.engine.recorder.entries import Kind, Step, StepTaken
from dictrace.engine.recorder.log import Log, log
from dictrace.engine.recorder.wire import present

MISSING: Any = object()
# Made by the machinery for its own use.
UNWATCHED = frozenset({"Iterator", "AsyncResult", "Pool"})

_VALUE = getattr(managers, "Value")  # noqa: B009  # the type stubs don't know it

Method = Callable[..., Any]
Steps = list[StepTaken]


class Recorded:
    """A referent of any type; a call is logged once it has returned."""

    def __init__(self, typeid: str, plain: Any) -> None:
        self._plain = plain
        self._log: Log = log()
        self._number = self._log.add_object(typeid, self)

    def __getattr__(self, name: str) -> Any:
        plain = getattr(self._plain, name)
        return self._watched(name, plain) if callable(plain) else plain

    def __dir__(self) -> list[str]:
        return dir(self._plain)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self._plain.__reduce_ex__(protocol)

    def __eq__(self, other: object) -> bool:
        return bool(self._plain == other)

    def __hash__(self) -> int:
        return hash(self._plain)

    def __repr__(self) -> str:
        return repr(self._plain)

    def __str__(self) -> str:
        return str(self._plain)

    def _watched(self, name: str, plain: Method) -> Method:
        def call(*args: Any, **kwds: Any) -> Any:
            asked = present.stamp
            try:
                return plain(*args, **kwds)
            finally:
                self._log.enter(asked)
                self._log.served(Kind.CALL, asked, self._number, name, args)
                self._log.leave(asked)

        return call


class Passive(Recorded):
    """A referent that only holds values: its methods are short and run under the log's lock.

    Methods named in `readers` only look, those in `holders` hand out a copy of everything; what any other does is seen
    by comparing before and after.
    """

    readers: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()

    def __init__(self, typeid: str, plain: Any) -> None:
        super().__init__(typeid, plain)
        contents = self.contents()
        if contents:
            made = [(Step.MAKE, key, value) for key, value in contents.items()]
            self._serve("create", lambda: (None, made))
        self._log.keep_final(self._number, self)

    def __del__(self) -> None:
        self._log.dropped(self._number, self.contents())

    def contents(self) -> dict[Any, Any]:
        """Its keys and values, in a new dict."""
        raise NotImplementedError

    def _serve(self, method: str, act: Callable[[], tuple[Any, Steps]]) -> Any:
        """Serve a request: `act` gives its result and what it did."""
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            result, steps = act()
            log.served(Kind.STEPS, asked, self._number, method, *chain.from_iterable(steps))
            return result
        finally:
            log.leave(asked)

    def _watched(self, name: str, plain: Method) -> Method:
        def call(*args: Any, **kwds: Any) -> Any:
            def act() -> tuple[Any, Steps]:
                if name in self.readers:
                    return plain(*args, **kwds), []
                if name in self.holders:
                    return plain(*args, **kwds), [(Step.FETCH_ALL, None, None)]
                before = self.contents()
                result = plain(*args, **kwds)
                return result, differences(before, self.contents())

            return self._serve(name, act)

        return call


def differences(before: dict[Any, Any], after: dict[Any, Any]) -> Steps:
    """What one request, which nothing could come between, made of `before`."""
    steps: Steps = [(Step.TAKE, key, None) for key in before if key not in after]
    steps += [(Step.MAKE, key, value) for key, value in after.items() if before.get(key, MISSING) is not value]
    return steps


class Keyed(Passive):
    """What dicts, lists, arrays, values and namespaces share: single keys fetched, committed and removed."""

    def _get(self, method: str, key: Any, find: Callable[[], Any]) -> Any:
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            try:
                value = find()
            except (LookupError, AttributeError):
                log.served(Kind.FETCH, asked, self._number, method, key)
                raise
            log.served(Kind.FETCH, asked, self._number, method, key)
            return value
        finally:
            log.leave(asked)

    def _set(self, method: str, key: Any, value: Any, put: Callable[[], None]) -> None:
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            put()
            log.served(Kind.COMMIT, asked, self._number, method, key, value)
        finally:
            log.leave(asked)


class RecordedDict(Keyed):
    """A dict."""

    readers = frozenset({"keys", "__iter__", "__len__", "__contains__", "__reversed__", "__eq__"})
    holders = frozenset({"copy", "items", "values", "__or__", "__ror__"})

    def contents(self) -> dict[Any, Any]:
        """Its keys and values, in a new dict."""
        return dict(self._plain)

    def __getitem__(self, key: Any) -> Any:
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            value = self._plain.get(key, MISSING)
            log.served(Kind.FETCH, asked, self._number, "__getitem__", key)
            if value is MISSING:
                value = self._plain[key]  # a KeyError, or what a defaultdict makes of it
                log.served(Kind.STEPS, asked, self._number, "__missing__", Step.MAKE, key, value)
            return value
        finally:
            log.leave(asked)

    def get(self, key: Any, default: Any = None) -> Any:
        """``dict.get``, a fetch."""
        return self._get("get", key, lambda: self._plain.get(key, default))

    def __setitem__(self, key: Any, value: Any) -> None:
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            self._plain[key] = value
            log.served(Kind.COMMIT, asked, self._number, "__setitem__", key, value)
        finally:
            log.leave(asked)

    def __delitem__(self, key: Any) -> None:
        def act() -> tuple[None, Steps]:
            del self._plain[key]
            return None, [(Step.REMOVE, key, None)]

        self._serve("__delitem__", act)

    def pop(self, key: Any, *default: Any) -> Any:
        """``dict.pop``: looks and removes in one request."""

        def act() -> tuple[Any, Steps]:
            steps: Steps = [(Step.TAKE if key in self._plain else Step.FETCH, key, None)]
            return self._plain.pop(key, *default), steps

        return self._serve("pop", act)

    def popitem(self, *last: Any) -> Any:
        """``dict.popitem``: looks and removes in one request."""

        def act() -> tuple[Any, Steps]:
            item = self._plain.popitem(*last)
            return item, [(Step.TAKE, item[0], None)]

        return self._serve("popitem", act)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """``dict.setdefault``: looks, and adds what is missing, in one request."""

        def act() -> tuple[Any, Steps]:
            steps: Steps = [(Step.FETCH if key in self._plain else Step.MAKE, key, default)]
            return self._plain.setdefault(key, default), steps

        return self._serve("setdefault", act)

    def update(self, *args: Any, **kwds: Any) -> None:
        """``dict.update``: a commit of each key."""
        self._update("update", dict(*args, **kwds))

    def __ior__(self, other: Any) -> Any:
        self._update("__ior__", dict(other))
        return self._plain

    def _update(self, method: str, changes: dict[Any, Any]) -> None:
        def act() -> tuple[None, Steps]:
            self._plain.update(changes)
            return None, [(Step.COMMIT, key, value) for key, value in changes.items()]

        self._serve(method, act)

    def clear(self) -> None:
        """``dict.clear``: removes each key without a look at it."""

        def act() -> tuple[None, Steps]:
            steps: Steps = [(Step.REMOVE, key, None) for key in self._plain]
            self._plain.clear()
            return None, steps

        self._serve("clear", act)


class RecordedList(Keyed):
    """A list or an array; its keys are the indices."""

    readers = frozenset({"__len__", "__contains__", "count", "index", "__iter__"})
    holders = frozenset({"copy", "__add__", "__mul__", "__rmul__", "__reversed__"})

    def contents(self) -> dict[Any, Any]:
        """Its indices and items."""
        return dict(enumerate(self._plain))

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self._serve("__getitem__", lambda: (self._plain[index], [(Step.FETCH_ALL, None, None)]))
        return self._get("__getitem__", self._place(index), lambda: self._plain[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._watched("__setitem__", self._plain.__setitem__)(index, value)
            return

        def put() -> None:
            self._plain[index] = value

        self._set("__setitem__", self._place(index), value, put)

    def append(self, item: Any) -> None:
        """``list.append``."""
        self._extend("append", [item])

    def extend(self, items: Iterable[Any]) -> None:
        """``list.extend``."""
        self._extend("extend", list(items))

    def pop(self, *index: Any) -> Any:
        """``list.pop``: looks and removes in one request."""
        if index:
            return self._watched("pop", self._plain.pop)(*index)

        def act() -> tuple[Any, Steps]:
            item = self._plain.pop()
            return item, [(Step.TAKE, len(self._plain), None)]

        return self._serve("pop", act)

    def _extend(self, method: str, items: list[Any]) -> None:
        def act() -> tuple[None, Steps]:
            first = len(self._plain)
            for item in items:
                self._plain.append(item)
            return None, [(Step.MAKE, first + n, item) for n, item in enumerate(items)]

        self._serve(method, act)

    def _place(self, index: Any) -> Any:
        try:
            return index + len(self._plain) if index < 0 else index
        except TypeError:
            return 0  # the plain object says what is wrong with it


class RecordedValue(Keyed):
    """A `Value`: one key, None."""

    def contents(self) -> dict[Any, Any]:
        """Its one value."""
        return {None: self._plain.get()}

    def get(self) -> Any:
        """The value, a fetch."""
        return self._get("get", None, self._plain.get)

    def set(self, value: Any) -> None:
        """A commit."""
        self._set("set", None, value, lambda: self._plain.set(value))


class RecordedNamespace(Keyed):
    """A `Namespace`; its keys are the names of its attributes.

    A proxy asks for these special methods by name, and an object's own dict comes before those of its class.
    """

    def __init__(self, typeid: str, plain: Any) -> None:
        super().__init__(typeid, plain)
        vars(self)["__getattribute__"] = self._attribute
        vars(self)["__setattr__"] = self._assign
        vars(self)["__delattr__"] = self._delete

    def contents(self) -> dict[Any, Any]:
        """Its attributes."""
        return dict(vars(self._plain))

    def _attribute(self, name: str) -> Any:
        return self._get("__getattribute__", name, lambda: getattr(self._plain, name))

    def _assign(self, name: str, value: Any) -> None:
        self._set("__setattr__", name, value, lambda: setattr(self._plain, name, value))

    def _delete(self, name: str) -> None:
        def act() -> tuple[None, Steps]:
            delattr(self._plain, name)
            return None, [(Step.REMOVE, name, None)]

        self._serve("__delattr__", act)


class RecordedLock(Recorded):
    """A Lock, RLock or semaphore: a wait is logged when it begins, and the acquire when it is granted."""

    def acquire(self, blocking: bool = True, *timeout: Any) -> bool:
        """``Lock.acquire``."""
        log, asked = self._log, present.stamp
        log.enter(asked)
        try:
            granted = bool(self._plain.acquire(False))
            if granted or not blocking:
                kind = "acquire" if granted else "read"
                log.served(Kind.OP, asked, self._number, "acquire", kind)
                return granted
            log.served(Kind.WAIT, asked, self._number)
        finally:
            log.leave(asked)
        granted = bool(self._plain.acquire(blocking, *timeout))
        log.granted(asked, self._number, "acquire", "acquire" if granted else "read")
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

    def wait(self, timeout: float | None = None) -> bool:
        """``Condition.wait``."""
        asked = present.stamp
        self._log.granted(asked, self._number, "wait", "release")
        notified = bool(self._plain.wait(timeout))
        self._log.granted(asked, self._number, "wait", "acquire")
        return notified


def recorded(typeid: str, plain: Any) -> Recorded:
    """The wrapper for `plain`; the same one where the program shares it a second time."""
    known = log().wrapper_of(plain)
    if known is not None:
        return known  # type: ignore[no-any-return]
    made = _wrapper(plain)(typeid, plain)
    log().wrapped(plain, made)
    return made


def _wrapper(plain: Any) -> type[Recorded]:
    kind = type(plain)
    if isinstance(plain, dict):
        return RecordedDict
    if kind in (list, array):
        return RecordedList
    if kind is _VALUE:
        return RecordedValue
    if kind is managers.Namespace:
        return RecordedNamespace
    if hasattr(plain, "notify_all"):
        return RecordedCondition
    if hasattr(plain, "acquire") and hasattr(plain, "release"):
        return RecordedLock
    return Recorded
