"""Copies that were fetched, changed and written back: from where to where, and under which locks."""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field

from dictrace.engine.diagnoses.diagnosis import Place, place_of
from dictrace.engine.diagnoses.holdings import Held, Holdings, Lock, Where
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, WaitRow

WRITES = frozenset({"__setitem__", "__setattr__", "set", "update", "__ior__"})
NEVER_NS = 1 << 62

Slot = tuple[int, str | None]
Copy = tuple[int, int | None, int | None, Where, Held, bool]
"""Event and task that got it, version, line, locks held; whether it was seen missing."""


@dataclass(frozen=True, slots=True, eq=False)
class Manner:
    """How a commit was made; commits made alike have the very same one.

    Attributes:
        fetched, committed: lines of the fetch and of the commit, None where unknown.
        through: locks that were held from the fetch to the commit.
        late: those acquired after the fetch and held at the commit.
        missed: it was no fetch, but a look whether the key is there, and it was not.
    """

    fetched: Place | None
    committed: Place | None
    through: frozenset[Lock]
    late: frozenset[Lock]
    missed: bool

    @property
    def locks(self) -> frozenset[Lock]:
        """All that were held at the commit."""
        return self.through | self.late


@dataclass(slots=True)
class Use:
    """How tasks wrote copies of one slot back.

    Attributes:
        manners: each manner, how often it was seen, and at which event first.
        common: locks that each of them held from fetch to commit, None before the first.
        together: whether tasks of several processes that did so overlapped in time.
        locked: whether any held a lock.
    """

    manners: dict[Manner, list[int]] = field(default_factory=dict)
    common: frozenset[Lock] | None = None
    together: bool = False
    locked: bool = False
    last_pid: int = 0
    last_ns: int = 0


@dataclass(frozen=True, slots=True)
class KeptLock:
    """A process died, or raised out of a task, while it held a lock for which the processes `waiting` wait."""

    event: int
    pid: int
    lock: Lock
    acquired: Place | None
    waiting: tuple[int, ...]


class WriteBacks:
    """See the module; all events of `recording` in one pass.

    Attributes:
        uses: by slot.
        kept: locks that nobody released any more.
    """

    def __init__(self, recording: Recording) -> None:
        self.uses: defaultdict[Slot, Use] = defaultdict(Use)
        self.kept: list[KeptLock] = []
        self._recording = recording
        self._holdings = Holdings(recording)
        self._copies: dict[tuple[int, int, str | None], Copy] = {}
        self._manners: dict[tuple[Where, Where, frozenset[Lock], frozenset[Lock], bool], Manner] = {}
        self._manner_of: dict[int, Manner] = {}
        self._fetch_of = array("q", bytes(8 * (len(recording.events) + 1)))
        self._spans = _task_spans(recording)
        self._go_through()

    def manner(self, event: int) -> Manner:
        """How the commit of this event was made."""
        return self._manner_of[event]

    def fetch_of(self, event: int) -> int:
        """Number of the event that fetched what was committed at `event`, 0 where there is none."""
        return self._fetch_of[event]

    def _go_through(self) -> None:
        waiting: dict[tuple[int, int], None] = {}
        died: list[tuple[int, int]] = []
        for event, row in enumerate(self._recording.events, 1):
            if type(row) is OpRow:
                held = self._holdings.at(row.pid, row.request_ns if row.request_ns is not None else row.serve_ns)
                if row.kind in (OpKind.FETCH, OpKind.COMMIT) or (row.kind is OpKind.READ and row.key is not None):
                    self._take(event, row, held)
                elif (row.pid, row.object) in waiting:
                    del waiting[row.pid, row.object]
                self._holdings.serve(row)
            elif type(row) is WaitRow:
                waiting[row.pid, row.object] = None
            elif type(row) is DiedRow:
                died.append((event, row.pid))
            elif type(row) is RaisedRow:
                self._keep(event, row.pid, self._holdings.at(row.pid, row.serve_ns), waiting)
        dead = {pid for _, pid in died}
        waiting = {asked: None for asked in waiting if asked[0] not in dead}
        for event, pid in died:  # what it did last may come after the row of its death
            self._keep(event, pid, self._holdings.at(pid, NEVER_NS), waiting)

    def _keep(self, event: int, pid: int, held: Held, waiting: dict[tuple[int, int], None]) -> None:
        for lock in held.locks:
            waiters = tuple(p for p, object in waiting if lock == ("shared", object, 0))
            self.kept.append(KeptLock(event, pid, lock, self._holdings.acquired_at(pid, lock), waiters))

    def _take(self, event: int, row: OpRow, held: Held) -> None:
        whose = row.pid, row.object, row.key
        where = row.file, row.line
        if row.kind is OpKind.COMMIT:
            copy = self._copies.get(whose) if row.base is not None else None
            if copy is not None and (copy[1] != row.task or copy[2] != row.base):
                copy = None
            manner = self._manner_of[event] = self._manner(copy, where, held)
            if copy is not None:
                self._fetch_of[event] = copy[0]
                if row.task is not None and row.method in WRITES:
                    self._use(self.uses[row.object, row.key], event, row.pid, row.task, manner)
        self._copies[whose] = event, row.task, row.version, where, held, row.kind is OpKind.READ

    def _manner(self, copy: Copy | None, where: Where, held: Held) -> Manner:
        fetched, before, missed = copy[3:] if copy is not None else ((None, None), held, False)
        through = held.locks if before is held else frozenset(lock for lock, _ in held.acquired & before.acquired)
        alike = fetched, where, through, held.locks, missed
        manner = self._manners.get(alike)
        if manner is None:
            made = Manner(place_of(*fetched), place_of(*where), through, held.locks - through, missed)
            manner = self._manners[alike] = made
        return manner

    def _use(self, use: Use, event: int, pid: int, task: int, manner: Manner) -> None:
        use.manners.setdefault(manner, [0, event])[0] += 1
        use.common = manner.through if use.common is None else use.common & manner.through
        use.locked = use.locked or bool(manner.locks)
        begun_ns, ended_ns = self._spans.get(task, (0, NEVER_NS))
        if use.last_pid not in (0, pid) and begun_ns < use.last_ns:
            use.together = True
        if ended_ns >= use.last_ns:
            use.last_pid, use.last_ns = pid, ended_ns


def _task_spans(recording: Recording) -> dict[int, tuple[int, int]]:
    """When each task began and ended, as far as that is known."""
    begun: dict[int, int] = {}
    spans: dict[int, tuple[int, int]] = {}
    for worker in recording.workers:
        for ns, task, began in zip(worker.step_ns, worker.step_tasks, worker.step_began, strict=True):
            if began:
                begun[task] = ns
                spans.setdefault(task, (ns, NEVER_NS))
            else:
                spans[task] = begun.get(task, 0), ns
    return spans
