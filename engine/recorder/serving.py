"""Managers as those who start or connect to them see them, and what their servers make."""

from __future__ import annotations

import os
import sys
from time import perf_counter_ns

from dictrace.engine.recorder import install as types
from dictrace.engine.recorder.channel import channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.ghosts import tell_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def install(managers: ModuleType) -> None:
    """`multiprocessing.managers` was loaded."""
    module: Any = managers
    module.State = _watched(module.State)
    types.install()


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
                    tell_of("manager")
                else:
                    channel().send([(Kind.START, os.getpid(), "address", perf_counter_ns())])

    return State
