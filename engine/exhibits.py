"""Which functions the tasks of an experiment run, and their text. Imports nothing that only a run needs."""

import inspect
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
    file = os.path.basename(lessons.__file__)
    found = [inspect.getsourcelines(function) for function in functions_of(experiment)]
    return tuple(Source(file, first_line, "".join(lines)) for lines, first_line in found)
