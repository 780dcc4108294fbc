"""What a person sets before a run: one immutable `Experiment`, and the eight presets.

Checks every value and says in one plain sentence what is wrong. Runs nothing.
"""

from enum import StrEnum
from typing import Any

import msgspec

from dictrace.engine.words import _

MAX_PROCESSES = 64
MAX_TASKS = 100_000
MAX_THINK_MS = 10_000.0


class ExperimentError(ValueError):
    """An experiment that can't be run; the text is one sentence for the person who asked for it."""


class Target(StrEnum):
    """What the tasks change: keys of a dict (the dict itself or a nested one), a counter, or a nested proxy."""

    KEYS = "keys"
    COUNTER = "counter"
    PROXY = "proxy"


class LockChoice(StrEnum):
    """Who shares the lock: nobody has one, all share one, each process makes its own, or one process doesn't ask."""

    NONE = "none"
    SHARED = "shared"
    PRIVATE = "private"
    IGNORED = "ignored"


class Experiment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that decides a run of the built-in program.

    Attributes:
        target: what the tasks change.
        nested: write inside ``d['test']`` (only for `Target.KEYS`).
        write_back: fetch, mutate and commit the nested dict; off changes the fetched copy in place.
        lock: who shares the lock.
        processes: pool workers, 1 to `MAX_PROCESSES`.
        tasks: calls of the function, 1 to `MAX_TASKS`.
        think_ms: pause between fetch and commit, milliseconds.
        start_method: a start method that this platform has.
        seed: when given, requests are delayed at the gate by seeded random times.
    """

    target: Target = Target.KEYS
    nested: bool = True
    write_back: bool = True
    lock: LockChoice = LockChoice.NONE
    processes: int = 4
    tasks: int = 100
    think_ms: float = 0.5
    start_method: str = msgspec.field(default_factory=lambda: start_methods()[0])
    seed: int | None = None

    @property
    def preset(self) -> str | None:
        """Name of the preset with the same toggles, or None where no preset has them."""
        wanted = toggles_of(self)
        return next((name for name, toggles in PRESETS.items() if toggles_of(Experiment(**toggles)) == wanted), None)

    @property
    def what(self) -> str:
        """Name of the preset; where no preset has these toggles, that of the one without a lock and the lock."""
        without_lock = msgspec.structs.replace(self, lock=LockChoice.NONE)
        return self.preset or f"{without_lock.preset}, {self.lock} lock"


PRESETS: dict[str, dict[str, Any]] = {
    "own-key": {"nested": False},
    "nested-in-place": {"write_back": False},
    "fetch-mutate-commit": {},
    "shared-lock": {"lock": LockChoice.SHARED},
    "private-lock": {"lock": LockChoice.PRIVATE},
    "counter": {"target": Target.COUNTER},
    "nested-proxy": {"target": Target.PROXY},
    "lock-ignored": {"lock": LockChoice.IGNORED},
}


def start_methods() -> tuple[str, ...]:
    """Start methods of this platform, the one shown first in lessons (fork) first where there is one."""
    import multiprocessing  # takes longer to load than all else here, and not all who know experiments need it

    return tuple(sorted(multiprocessing.get_all_start_methods(), key=("fork", "forkserver", "spawn").index))


def toggles_of(experiment: Experiment) -> tuple[Target, bool, bool, LockChoice]:
    """The settings that choose the function; those without an effect on it are left at their defaults."""
    keys = experiment.target is Target.KEYS
    nested = experiment.nested or not keys
    return experiment.target, nested, experiment.write_back or not keys or not nested, experiment.lock


def preset(name: str, **settings: Any) -> Experiment:
    """The experiment called `name`, with other settings changed.

    Raises:
        ExperimentError: there is no such preset, or a setting is out of range.
    """
    if name not in PRESETS:
        raise ExperimentError(
            _("There is no preset called “{name}”; choose one of {names}.").format(name=name, names=", ".join(PRESETS))
        )
    return checked(Experiment(**{**PRESETS[name], **settings}))


def checked(experiment: Experiment) -> Experiment:
    """`experiment` itself, where it can be run.

    Raises:
        ExperimentError: a setting is out of range; the text says which and what is possible.
    """
    for value, low, high, sentence in (
        (experiment.processes, 1, MAX_PROCESSES, _("The number of processes must be from 1 to {high}, not {value}.")),
        (experiment.tasks, 1, MAX_TASKS, _("The number of tasks must be from 1 to {high}, not {value}.")),
        (experiment.think_ms, 0, MAX_THINK_MS, _("The think time must be from 0 to {high} ms, not {value}.")),
    ):
        if not low <= value <= high:
            raise ExperimentError(sentence.format(high=f"{high:,.0f}", value=f"{value:,}"))
    if experiment.start_method not in start_methods():
        raise ExperimentError(
            _("This platform has no start method “{value}”; it has {names}.").format(
                value=experiment.start_method, names=", ".join(start_methods())
            )
        )
    return experiment
