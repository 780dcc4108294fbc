"""What stands in the manager server for dicts, lists, arrays, sets, values, namespaces: requests in steps."""

from __future__ import annotations

import operator
from array import array
from collections import Counter
from time import perf_counter_ns

from dictrace.engine.recorder.entries import Kind, Step
from dictrace.engine.recorder.referents import MISSING, Keyed, Passive, differences
from dictrace.engine.recorder.wire import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dictrace.engine.recorder.referents import Method, Steps


FETCH, COMMIT = Kind.FETCH, Kind.COMMIT


class RecordedDict(Keyed):
    """A dict, or one of the standard library's own kinds of it."""

    readers = Keyed.readers | {"keys", "__iter__", "__len__", "__reversed__"}
    holders = frozenset({"copy", "items", "values", "__or__", "__ror__"})

    def contents(self) -> dict[Any, Any]:
        """Its keys and values, in a new dict."""
        return dict(self._plain)

    def __getitem__(self, key: Any) -> Any:
        with self._turn:
            value = self._plain.get(key, MISSING)
            if value is MISSING:
                return self._missing(key)
            self._add((FETCH, perf_counter_ns(), present.stamp, self._number, "__getitem__", key))
            return value

    def _missing(self, key: Any) -> Any:
        """In its turn: a KeyError, or what a defaultdict makes of it."""
        steps = [(Step.FETCH, key, None)]
        try:
            value = self._plain[key]
            if key in self._plain:
                steps.insert(0, (Step.MAKE, key, value))
            return value
        finally:
            self._add_steps("__getitem__", steps)

    def get(self, *args: Any, **kwds: Any) -> Any:
        """``dict.get``, a fetch."""
        return self._get("get", args[0] if args else None, self._plain.get, *args, **kwds)

    def __contains__(self, *key: Any) -> Any:
        """``in``: who hears that a key is not there may act on that."""

        def act(steps: Steps) -> Any:
            there = self._plain.__contains__(*key)
            steps += [] if there else [(Step.MISS, *key, None)]
            return there

        return self._serve("__contains__", act)

    def __setitem__(self, key: Any, value: Any) -> None:
        with self._turn:
            self._plain[key] = value
            self._add((COMMIT, perf_counter_ns(), present.stamp, self._number, "__setitem__", key, value))

    def __delitem__(self, key: Any) -> None:
        def act(steps: Steps) -> None:
            there = key in self._plain
            del self._plain[key]
            steps += [(Step.REMOVE, key, None)] if there else []

        self._serve("__delitem__", act)

    def pop(self, *args: Any, **kwds: Any) -> Any:
        """``dict.pop``: looks and removes in one request."""

        def act(steps: Steps) -> Any:
            before, keys = MISSING, args[:1]
            try:
                before = self._plain.get(*keys, MISSING) if keys else MISSING
            except TypeError:
                keys = ()  # it has no hash: the plain object says so in its own words
            try:
                return self._plain.pop(*args, **kwds)
            finally:
                taken = before is not MISSING and keys[0] not in self._plain
                steps += [(Step.TAKE if taken else Step.FETCH, key, None) for key in keys]

        return self._serve("pop", act)

    def popitem(self, *args: Any, **kwds: Any) -> Any:
        """``dict.popitem``: looks and removes in one request."""

        def act(steps: Steps) -> Any:
            item = self._plain.popitem(*args, **kwds)
            steps.append((Step.TAKE, item[0], None))
            return item

        return self._serve("popitem", act)

    def setdefault(self, *args: Any, **kwds: Any) -> Any:
        """``dict.setdefault``: looks, and adds what is missing, in one request."""

        def act(steps: Steps) -> Any:
            before = len(self._plain)
            value = self._plain.setdefault(*args, **kwds)
            key = args[0] if args else kwds["key"]  # an OrderedDict takes it by name
            steps += [(Step.MAKE, key, value)] if len(self._plain) > before else []
            steps.append((Step.FETCH, key, None))
            return value

        return self._serve("setdefault", act)

    def update(self, *args: Any, **kwds: Any) -> Any:
        """``dict.update``: a commit of each key; of a Counter, which looks at each, what it made of it."""
        args = tuple(map(_at_hand, args))
        try:
            changes = dict(*args, **kwds)
        except Exception:
            changes = {}  # the plain object says what is wrong with it, and may do a part of it
        if not changes or type(self._plain) is Counter:
            return self._watched("update", self._plain.update)(*args, **kwds)
        return self._update("update", changes)

    def __ior__(self, other: Any) -> Any:
        other = _at_hand(other)
        if type(other) is not dict or type(self._plain) is Counter:
            return self._watched("__ior__", self._plain.__ior__)(other)
        self._update("__ior__", other)
        return self._plain

    def _update(self, method: str, changes: dict[Any, Any]) -> None:
        def act(steps: Steps) -> None:
            self._plain.update(changes)
            steps += [(Step.COMMIT, key, value) for key, value in changes.items()]

        self._serve(method, act)

    def clear(self) -> None:
        """``dict.clear``: removes each key without a look at it."""

        def act(steps: Steps) -> None:
            steps += [(Step.REMOVE, key, None) for key in self._plain]
            self._plain.clear()

        self._serve("clear", act)


class RecordedArray(Keyed):
    """An array; its keys are the indices."""

    readers = Keyed.readers | {"__len__", "__contains__", "count", "index", "__iter__"}
    holders = frozenset({"copy", "tolist", "tobytes", "__add__", "__mul__", "__rmul__", "__reversed__"})

    def contents(self) -> dict[Any, Any]:
        """Its indices and items."""
        return dict(enumerate(self._plain))

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice):
            return self._get("__getitem__", self._place(index), self._plain.__getitem__, index)

        def act(steps: Steps) -> Any:
            result = self._plain[index]
            places = range(*index.indices(len(self._plain)))
            if len(places) == len(self._plain):
                steps.append((Step.FETCH_ALL, None, None))
            else:
                steps += [(Step.FETCH, place, None) for place in places]
            return result

        return self._serve("__getitem__", act)

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            self._replace(index, value)
            return
        with self._turn:
            place = self._place(index)
            self._plain[index] = value
            self._served(COMMIT, "__setitem__", place, self._plain[place])

    def _replace(self, index: slice, items: Any) -> None:
        """A slice is assigned: a commit of each item in it; what is moved by that is moved in the same request."""
        items = items if isinstance(items, array) else _at_hand(items)

        def act(steps: Steps) -> None:
            before = self.contents()
            places = range(*index.indices(len(before)))
            self._plain[index] = items
            after = self.contents()
            count = len(places) + len(after) - len(before)
            written = set(range(places.start, places.start + count) if places.step == 1 else places)
            steps += [(Step.COMMIT, place, after[place]) for place in sorted(written)]
            steps += [step for step in differences(before, after) if step[1] not in written]

        self._serve("__setitem__", act)

    def _place(self, index: Any) -> Any:
        """The index counted from the start; what is none is left to the plain object."""
        try:
            place = operator.index(index)
        except TypeError:
            return index
        count = len(self._plain)
        return place + count if -count <= place < 0 else place


class RecordedList(RecordedArray):
    """A list."""

    def append(self, *item: Any) -> None:
        """``list.append``."""
        self._extend("append", self._plain.append, *item)

    def extend(self, *items: Any) -> None:
        """``list.extend``."""
        self._extend("extend", self._plain.extend, *map(_at_hand, items))

    def pop(self, *index: Any) -> Any:
        """``list.pop``: looks and removes in one request."""
        if index:
            return self._watched("pop", self._plain.pop)(*index)

        def act(steps: Steps) -> Any:
            item = self._plain.pop()
            steps.append((Step.TAKE, len(self._plain), None))
            return item

        return self._serve("pop", act)

    def _extend(self, method: str, extend: Method, *args: Any) -> None:
        def act(steps: Steps) -> None:
            before = len(self._plain)
            extend(*args)
            steps += [(Step.MAKE, place, self._plain[place]) for place in range(before, len(self._plain))]

        self._serve(method, act)


class RecordedSet(Passive):
    """A set; its keys are its members."""

    readers = Passive.readers | {"__len__", "__contains__", "__iter__", "isdisjoint", "issubset", "issuperset"}
    holders = frozenset({"copy", "union", "difference", "intersection", "symmetric_difference"})

    def contents(self) -> dict[Any, Any]:
        """Its members."""
        return dict.fromkeys(self._plain, True)


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
        self._set("set", None, value, self._plain.set, value)


class RecordedNamespace(Keyed):
    """A `Namespace`; its keys are the names of its attributes."""

    def __init__(self, typeid: str, plain: Any) -> None:
        super().__init__(typeid, plain)
        self._answer("__getattribute__", "_attribute")
        self._answer("__setattr__", "_assign")
        self._answer("__delattr__", "_delete")

    def contents(self) -> dict[Any, Any]:
        """Its attributes."""
        return dict(vars(self._plain))

    def _attribute(self, name: str) -> Any:
        return self._get("__getattribute__", name, getattr, self._plain, name)

    def _assign(self, name: str, value: Any) -> None:
        self._set("__setattr__", name, value, setattr, self._plain, name, value)

    def _delete(self, name: str) -> None:
        def act(steps: Steps) -> None:
            delattr(self._plain, name)
            steps.append((Step.REMOVE, name, None))

        self._serve("__delattr__", act)


def _at_hand(items: Any) -> Any:
    """The items of an argument, asked for before the log's lock is taken: a proxy asks this very server for them."""
    if isinstance(items, dict | list | tuple | str | bytes):
        return items
    if hasattr(items, "keys"):
        return {key: items[key] for key in items.keys()}  # noqa: SIM118  # a mapping of any kind
    try:
        return list(items)
    except TypeError:
        return items
