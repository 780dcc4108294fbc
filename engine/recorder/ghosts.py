"""What can't be followed is at least named: programs that are started beside `multiprocessing`."""

from __future__ import annotations

import os
from time import perf_counter_ns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def install(subprocess: ModuleType) -> None:
    """`subprocess` was loaded."""
    module: Any = subprocess
    module.Popen.__new__ = _new


def tell_of(what: str) -> None:
    """This process made something that is out of sight."""
    from dictrace.engine.recorder.channel import channel
    from dictrace.engine.recorder.entries import Kind

    channel().send([(Kind.GHOST, os.getpid(), what, perf_counter_ns())])


def _new(cls: Any, *args: Any, **kwds: Any) -> Any:
    command = args[0] if args else kwds.get("args", "")
    if isinstance(command, str | bytes):
        command = command.split(maxsplit=1)
    program = command if isinstance(command, os.PathLike) else next(iter(command), "")
    tell_of(os.path.basename(os.fsdecode(program)))
    return object.__new__(cls)
