"""Which functions the tasks of an experiment run, and their text. Imports nothing that only a run needs."""

import linecache
import os
from collections.abc import Callable

from dictrace.engine import lessons
from dictrace.engine.experiment import Experiment, LockChoice, Target, toggles_of
from dictrace.engine.rows import Source

Function = Callable[..., None]


def functions_of(experiment: Experiment) -> tuple[Function, ...]:
    """The functions that the tasks run, the outermost first."""
    target, nested, write_back, lock = toggles_of(experiment)
    names = {Target.COUNTER: "counter", Target.PROXY: "nested_proxy"}
    name = names.get(target) or (
        "own_key" if not nested else "fetch_mutate_commit" if write_back else "nested_in_place"
    )
    plain, locked = getattr(lessons, name), getattr(lessons, f"{name}_locked")
    return {
        LockChoice.NONE: (plain,),
        LockChoice.SHARED: (locked,),
        LockChoice.PRIVATE: (locked, lessons.with_own_lock, lessons.make_own_lock),
        LockChoice.IGNORED: (locked, plain),
    }[lock]


def sources_of(experiment: Experiment) -> tuple[Source, ...]:
    """The text of these functions, each with the line it starts at."""
    file, lines = os.path.basename(lessons.__file__), linecache.getlines(lessons.__file__)
    found = [_lines_of(function) for function in functions_of(experiment)]
    return tuple(Source(file, part.start, "".join(lines[part.start - 1 : part.stop - 1])) for part in found)


def _lines_of(function: Function) -> range:
    """The lines that a function stands on; `inspect` would load and try all it knows of Python's grammar for that."""
    code = function.__code__
    return range(code.co_firstlineno, 1 + max(end for _start, end, *_columns in code.co_positions() if end))
