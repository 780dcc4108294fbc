"""What stands in the manager server for each shared object: the plain object, with its served requests logged.

A wrapper rather than a subclass, so that the object inside stays the plain thing: what is printed, copied, pickled or
compared is exactly what it would be unwatched. What a request does to an object of a passive type is told as *steps*,
in the order of `entries.Step`; any other call is told as it is, after it has returned, since it may block.
"""

from __future__ import annotations

import operator
from functools import partial
from itertools import chain
from time import perf_counter_ns
from weakref import ref

from dictrace.engine.recorder.entries import Kind, Step
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.values import text_of
from dictrace.engine.recorder.wire import hide_frames, present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from dictrace.engine.recorder.entries import StepTaken
    from dictrace.engine.recorder.log import Log

    Method = Callable[..., Any]
    Steps = list[StepTaken]

MISSING: Any = object()
# Methods that every object has, and that a proxy may ask for by name.
INHERITED = ("__getattribute__", "__setattr__", "__delattr__", "__hash__", "__format__", "__sizeof__")
COMPARISONS = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__")
# These are sent as lists of what they show when they are sent, and others may have been served by then.
VIEWS: tuple[type, ...] = type({}.keys()), type({}.values()), type({}.items())


class Recorded:
    """A referent of any type; a call is logged once it has returned.

    A proxy asks for methods by name, and an object's own dict comes before those of its class: so methods that every
    object has are those of the plain object for a proxy, and the wrapper's own for Python.
    """

    def __init__(self, typeid: str, plain: Any) -> None:
        self._plain = plain
        self._log: Log = log()
        self._number = self._log.add_object(typeid, self)
        self._turn, self._add = self._log.turn, self._log.add
        for name in (*INHERITED, *COMPARISONS):
            self._answer(name, "_inherited", name)

    def __getattr__(self, name: str) -> Any:
        try:
            plain = getattr(self._plain, name)
        except AttributeError as error:
            hide_frames(error)
            raise
        return self._watched(name, plain) if callable(plain) else plain

    def __dir__(self) -> list[str]:
        return dir(self._plain)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return operator.getitem, ((self._plain,), 0)

    def __eq__(self, other: object) -> bool:
        return bool(self._plain == other)

    def __hash__(self) -> int:
        return hash(self._plain)

    def __repr__(self) -> str:
        return repr(self._plain)

    def __str__(self) -> str:
        return str(self._plain)

    def _served(self, kind: int, *what: Any) -> None:
        """Stamp what is being served, in a turn."""
        self._add((kind, perf_counter_ns(), present.stamp, self._number, *what))

    def _answer(self, name: str, by: str, *first: Any) -> None:
        """Answer a proxy that asks for `name` by the method `by`, without a cycle that would keep all this alive."""
        vars(self)[name] = partial(_call, ref(self), by, *first)

    def _inherited(self, name: str, *args: Any, **kwds: Any) -> Any:
        return self._watched(name, getattr(self._plain, name))(*args, **kwds)

    def _watched(self, name: str, plain: Method) -> Method:
        def call(*args: Any, **kwds: Any) -> Any:
            self._log.admit()
            try:
                return plain(*args, **kwds)
            finally:
                self._log.note(Kind.CALL, self._number, name, arguments_text(args, kwds))

        return call


class Passive(Recorded):
    """A referent that only holds values: its methods are short and run under the log's lock.

    Methods named in `readers` only look, those in `holders` hand out a copy of everything; what any other does is seen
    by comparing before and after.
    """

    readers: frozenset[str] = frozenset({*INHERITED, *COMPARISONS})
    holders: frozenset[str] = frozenset()

    def __init__(self, typeid: str, plain: Any) -> None:
        super().__init__(typeid, plain)
        made = [(Step.MAKE, key, value) for key, value in self.contents().items()]
        if made:
            self._log.note(Kind.STEPS, self._number, "create", *chain.from_iterable(made))
        self._log.keep_final(self._number, self)

    def __del__(self) -> None:
        self._log.dropped(self._number, self.contents())

    def contents(self) -> dict[Any, Any]:
        """Its keys and values, in a new dict."""
        raise NotImplementedError

    def _serve(self, method: str, act: Callable[[Steps], Any]) -> Any:
        """Serve a request: `act` gives its result and adds what it did to the steps it is given, even where it fails.

        A request that failed and did nothing is not told.
        """
        steps: Steps = []
        with self._turn:
            try:
                result = act(steps)
            except BaseException:
                if steps:
                    self._add_steps(method, steps)
                raise
            self._add_steps(method, steps)
            return result

    def _add_steps(self, method: str, steps: Steps) -> None:
        self._served(Kind.STEPS, method, *chain.from_iterable(steps))

    def _watched(self, name: str, plain: Method) -> Method:
        def call(*args: Any, **kwds: Any) -> Any:
            def act(steps: Steps) -> Any:
                if name in self.readers or name in self.holders:
                    result = plain(*args, **kwds)
                    steps += [(Step.FETCH_ALL, None, None)] if name in self.holders else []
                    return list(result) if type(result) in VIEWS else result
                before = self.contents()
                try:
                    return plain(*args, **kwds)
                finally:
                    steps += differences(before, self.contents())

            return self._serve(name, act)

        return call


class Keyed(Passive):
    """What dicts, lists, arrays, values and namespaces share: single keys fetched, committed and removed."""

    def _get(self, method: str, key: Any, find: Method, *args: Any, **kwds: Any) -> Any:
        with self._turn:
            try:
                value = find(*args, **kwds)
            except (LookupError, AttributeError):
                self._served(Kind.FETCH, method, key)
                raise
            self._served(Kind.FETCH, method, key)
            return value

    def _set(self, method: str, key: Any, value: Any, put: Method, *args: Any) -> None:
        with self._turn:
            put(*args)
            self._served(Kind.COMMIT, method, key, value)


def differences(before: dict[Any, Any], after: dict[Any, Any]) -> Steps:
    """What one request, which nothing could come between, made of `before`."""
    steps: Steps = [(Step.TAKE, key, None) for key in before if key not in after]
    steps += [(Step.MAKE, key, value) for key, value in after.items() if not _is_still(before.get(key, MISSING), value)]
    return steps


def arguments_text(args: tuple[Any, ...], kwds: dict[str, Any]) -> str:
    """Short text of what a call was given; made at once, for the call may change it."""
    return ", ".join([*map(text_of, args), *(f"{name}={text_of(value)}" for name, value in kwds.items())])


def _call(wrapper: ref[Recorded], by: str, *args: Any, **kwds: Any) -> Any:
    return getattr(wrapper(), by)(*args, **kwds)


def _is_still(old: object, new: object) -> bool:
    return old is new or (type(old) is type(new) and isinstance(new, int | float | str | bytes) and old == new)
