"""Managers as those who start or connect to them see them: from now on each serves recorded objects.

What only their servers need is loaded by them, so that it takes no time of the program that starts them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from multiprocessing import connection
from sys import getrefcount
from time import perf_counter_ns

from dictrace.engine.recorder.channel import channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.wire import client, hide_frames, mark_of, pickle_quickly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

# Made by the machinery for its own use.
UNWATCHED = frozenset({"Iterator", "AsyncResult"})


def install(managers: ModuleType) -> None:
    """`multiprocessing.managers` was loaded: have the types of all managers recorded, also those to come."""
    module: Any = managers
    module.State = _watched(module.State)
    module.listener_client["pickle"] = Listening, client
    pickle_quickly()
    register = module.BaseManager.register.__func__

    def recording_register(cls: Any, typeid: str, *args: Any, **kwds: Any) -> None:
        register(cls, typeid, *args, **kwds)
        _watch(cls._registry, typeid)

    for manager in (module.BaseManager, *module.BaseManager.__subclasses__()):
        for typeid in getattr(manager, "_registry", ()):
            _watch(manager._registry, typeid)
    module.BaseManager.register = classmethod(recording_register)


class Making:
    """What a manager server calls to make an object of a registered type; `make` as in `BaseManager.register`."""

    def __init__(self, typeid: str, make: Callable[..., Any] | None) -> None:
        self._typeid = typeid
        self._make = make

    def __call__(self, *args: Any, **kwds: Any) -> Any:
        from dictrace.engine.recorder.wrappers import recorded

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


class Listening(connection.Listener):
    """A server's listener; says in the run's folder that its address is one of the run."""

    def __init__(self, *args: Any, **kwds: Any) -> None:
        super().__init__(*args, **kwds)
        with suppress(OSError), open(mark_of(self.address), "wb"):
            pass

    def accept(self) -> Any:
        """The first client. Who started the server has its address by now, and goes on while it loads the rest."""
        import dictrace.engine.recorder.wrappers  # noqa: F401
        from dictrace.engine.recorder.answering import Accepting, start_threads_quickly
        from dictrace.engine.recorder.log import log

        log()
        start_threads_quickly()
        self.__class__ = Accepting  # type: ignore[assignment]
        return self.accept()


def _watch(registry: dict[str, Any], typeid: str) -> None:
    make, *rest = registry[typeid]
    if typeid not in UNWATCHED and not isinstance(make, Making):
        registry[typeid] = (Making(typeid, make), *rest)


def _watched(plain: Any) -> Any:
    """The state of a manager; it is told as it changes, so that no method of a manager need be wrapped."""

    class State(plain):  # type: ignore[misc]
        __slots__ = ()

        @property
        def value(self) -> Any:
            return plain.value.__get__(self)

        @value.setter
        def value(self, value: int) -> None:
            plain.value.__set__(self, value)
            if value == plain.STARTED:
                if sys._getframe(1).f_code.co_name == "connect":
                    from dictrace.engine.recorder.ghosts import tell_of

                    tell_of("manager")
                else:
                    channel().send([(Kind.START, os.getpid(), "address", perf_counter_ns())])

    return State


_probe = object()
_ALONE = getrefcount(_probe)
