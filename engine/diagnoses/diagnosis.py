"""What is said to be wrong in a run, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from dictrace.engine.frame import ProcessState
from dictrace.engine.recording import Recording

MANY = 8


class Kind(StrEnum):
    """What went wrong, the more damaging first where as many updates were lost."""

    NO_MAIN_GUARD = "no_main_guard"
    LOCK_OF_DEAD = "lock_of_dead"
    LOCK_NOT_RELEASED = "lock_not_released"
    SERVER_DIED = "server_died"
    MANAGER_GONE = "manager_gone"
    WORKER_DIED = "worker_died"
    LOCK_SENT = "lock_sent"
    NOT_PICKLABLE = "not_picklable"
    UNSEEN_EXCEPTION = "unseen_exception"
    LEFT_EARLY = "left_early"
    NEVER_SENT = "never_sent"
    PRIVATE_LOCK = "private_lock"
    LATE_LOCK = "late_lock"
    IGNORED_LOCK = "ignored_lock"
    COUNTER = "counter"
    CHECK_THEN_ACT = "check_then_act"
    STALE_WRITE_BACK = "stale_write_back"
    ONE_WORKER = "one_worker"


RACES = frozenset(
    {
        Kind.PRIVATE_LOCK,
        Kind.LATE_LOCK,
        Kind.IGNORED_LOCK,
        Kind.COUNTER,
        Kind.CHECK_THEN_ACT,
        Kind.STALE_WRITE_BACK,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A line of a file, named as in the recording."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def place_of(file: str | None, line: int | None) -> Place | None:
    """The place that a row names, None where it names none."""
    return Place(file, line) if file and line else None


def slots_label(recording: Recording, number: int, keys: Iterable[str | None]) -> str:
    """These keys of a referent: ``d['test']`` for one, ``d[…]`` and ``ns.…`` for several."""
    first, *others = keys
    if others:
        first = ".…" if first is not None and first.startswith(".") else "…"
    return recording.slot_label(number, first)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that went wrong, however often it did.

    Attributes:
        count: how often it was seen: updates, tasks or copies.
        lost: updates or tasks that came to nothing by it; 0: it did no harm this time.
        event: number of the event to look at first; 0 where it is tied to none.
        events: numbers of the events that show it the first time, ascending.
        places: lines to look at, that of the cure first.
        processes, tasks: labels and numbers of some that took part, the first ones.
        what: label of the key or of the lock that it is about, or None.
        reason: text of the exception, or empty.
        exit_code: of the process that died, or None.
        awaited: whether the result of a task that it had may be waited for in vain.
        doing: what that process was doing, or None where that is not known.
        code: the cured lines, in the program's own terms where they are known; else a pattern, or empty.
    """

    kind: Kind
    count: int
    lost: int
    event: int
    events: tuple[int, ...] = ()
    places: tuple[Place, ...] = ()
    processes: tuple[str, ...] = ()
    tasks: tuple[int, ...] = ()
    what: str | None = None
    reason: str = ""
    exit_code: int | None = None
    doing: ProcessState | None = None
    awaited: bool = False
    code: str = ""
