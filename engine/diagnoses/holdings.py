"""Who holds which locks, while the events of a recording are gone through in order."""

from collections import defaultdict
from dataclasses import dataclass

from dictrace.engine.diagnoses.diagnosis import Place, place_of
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow

Lock = tuple[str, int, int]
Where = tuple[str | None, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What a process holds: locks, each with the number of its acquisition; and the locks alone."""

    acquired: frozenset[tuple[Lock, int]]
    locks: frozenset[Lock]


NOTHING = Held(frozenset(), frozenset())
ACQUIRED, RELEASED = "acquired", "released"


@dataclass(slots=True)
class _Step:
    """A clock reading of one process."""

    ns: int
    lock: Lock
    acquired: bool
    where: Where


class Holdings:
    """See the module. A *lock* is one of a manager, or one of `multiprocessing`. While a process does nothing to its
    locks, what it holds is the very same object.

    Steps on locks of `multiprocessing` are clock readings of one process, and so is the time of a request: both are in
    order within that process.
    """

    def __init__(self, recording: Recording) -> None:
        self._steps: defaultdict[int, list[_Step]] = defaultdict(list)
        for row in recording.mutex_steps:
            if row.step in (ACQUIRED, RELEASED):
                lock = "mutex", row.maker, row.lock
                self._steps[row.pid].append(_Step(row.ns, lock, row.step == ACQUIRED, (row.file, row.line)))
        for worker in recording.workers:
            lock = "private", worker.pid, 0
            pairs = zip(worker.private_ns, worker.private_acquired, strict=True)
            self._steps[worker.pid] += [_Step(ns, lock, bool(acquired), (None, None)) for ns, acquired in pairs]
        for steps in self._steps.values():
            steps.sort(key=lambda step: step.ns, reverse=True)
        self._numbers: defaultdict[int, dict[Lock, list[int]]] = defaultdict(dict)
        self._held: dict[int, Held] = {}
        self._wheres: dict[tuple[int, Lock], Where] = {}
        self._next = 0

    def at(self, pid: int, ns: int) -> Held:
        """What process `pid` holds at the time `ns` of its clock, not earlier than any asked for before."""
        steps = self._steps.get(pid)
        while steps and steps[-1].ns <= ns:
            step = steps.pop()
            self._take(pid, step.lock, step.acquired, step.where)
        return self._held.get(pid, NOTHING)

    def serve(self, row: OpRow) -> None:
        """A request was served; it may have been one for a lock."""
        if row.kind is OpKind.ACQUIRE or row.kind is OpKind.RELEASE:
            self._take(row.pid, ("shared", row.object, 0), row.kind is OpKind.ACQUIRE, (row.file, row.line))

    def acquired_at(self, pid: int, lock: Lock) -> Place | None:
        """Where the process last acquired the lock."""
        return place_of(*self._wheres[pid, lock])

    def _take(self, pid: int, lock: Lock, acquired: bool, where: Where) -> None:
        """A process acquired a lock, perhaps once more, or released it."""
        numbers = self._numbers[pid]
        if acquired:
            self._next += 1
            self._wheres[pid, lock] = where
            numbers.setdefault(lock, []).append(self._next)
        elif numbers.get(lock):
            numbers[lock].pop()
            if not numbers[lock]:
                del numbers[lock]
        pairs = frozenset((lock, taken[0]) for lock, taken in numbers.items())
        self._held[pid] = Held(pairs, frozenset(numbers)) if numbers else NOTHING
