"""The commit graph of every key, row by row at any event: what each commit did, from what, and what became of it.

Everything is as it was known just after an event: a commit is there once it was served, and dies only when the commit
that leads around it is served. Rows are looked up one by one, so a screenful of a long history costs as much as one of
a short history.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

import numpy as np

from dictrace.engine.contents import own_change
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Change, OpKind, OpRow, UnsentRow
from dictrace.engine.slots import Slot
from dictrace.engine.steplog import StepLog
from dictrace.engine.words import _

LANES = 16
"""Most lanes beside the chain; what finds none free shares the last."""

REACH = 64
"""Ordinals that a branch is drawn over; one from an older version is drawn as a stub."""

PARTS_SHOWN = 3

STEP = 100
"""Commits taken in at a time where that is done in steps: less than a millisecond's work."""


class Fate(Enum):
    """What became of a commit: it is on the chain, its updates were lost, or it left the chain without a loss."""

    SURVIVES = 0
    OVERWRITTEN = 1
    SUPERSEDED = 2


@dataclass(frozen=True, slots=True)
class Branch:
    """The line from a commit that is off the chain down to the version that it was made from.

    Attributes:
        ordinal, lane: of the commit.
        parent, parent_lane: of the version below; `parent` is -1 where there is none or it is further than `REACH`.
        fate: never `Fate.SURVIVES`.
    """

    ordinal: int
    lane: int
    parent: int
    parent_lane: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class GraphRow:
    """One commit.

    Attributes:
        ordinal, event, version: its place in the key's history, the event that served it, the version that it made.
        worker, process: index and label of the worker, -1 and None for the main program.
        task: number of the task, or None.
        change: what it added or changed, short: ``+37``, ``n=12``.
        base: version that it was made from, None for a blind write.
        fate: at the event that was asked for.
        cost: updates that it overwrote and that are lost at that event.
        loss: index of the first of its own losses then, None unless its fate is `Fate.OVERWRITTEN`.
        lane: 0 on the chain, from 1 beside it.
    """

    ordinal: int
    event: int
    version: int
    worker: int
    process: str | None
    task: int | None
    change: str
    base: int | None
    fate: Fate
    cost: int
    loss: int | None
    lane: int


class Graph:
    """The commits to one key. What is asked of it is right once all of them are taken in.

    Attributes:
        slot: the key.
        lanes: most lanes in use beside the chain.
    """

    def __init__(self, recording: Recording, slot: Slot) -> None:
        self.slot = slot
        self.lanes = 0
        self._recording = recording
        self._losses = recording.history.losses
        self._replay = Slot(slot.object, slot.key)
        self._turns: dict[int, tuple[int, ...]] = {}
        self._lane_of: dict[int, int] = {}
        self._taken = array("Q")
        self._roots = array("q")
        self._lost = StepLog()
        self._updates_lost: dict[int, int] = {}

    @property
    def behind(self) -> int:
        """Commits that are not taken in yet."""
        return len(self.slot.events) - len(self._roots)

    def advance(self, most: int | None = None) -> None:
        """Take in (at most so many of) the commits that the key has got since."""
        done, behind = len(self._roots), self.behind
        for ordinal in range(done, done + (behind if most is None else min(most, behind))):
            event = self.slot.events[ordinal]
            died, revived = self._replay.add(event, self.slot.versions[ordinal], self.slot.parents[ordinal])
            parent = self._replay.parents[ordinal]
            self._roots.append(ordinal if parent < 0 else self._roots[parent])
            self._taken.append(0)
            lost = -sum(self._updates_lost.pop(back, 0) for back in revived)
            for back in revived:
                self._turns[back] += (event,)
            if died:
                lost += self._take_dead(event, died)
            if lost:
                self._lost.step(event, lost)

    def count_at(self, event: int) -> int:
        """Commits served up to and including `event`; their ordinals are those below it."""
        return bisect_right(self._replay.events, event)

    def root_at(self, event: int) -> int:
        """Ordinal at which the chain starts just after `event`, -1 before the first commit."""
        count = self.count_at(event)
        return self._roots[count - 1] if count else -1

    def lost_at(self, event: int) -> int:
        """Updates of this key that were committed and are lost just after `event`."""
        return self._lost.at(event)

    def ordinal_of(self, event: int) -> int:
        """Ordinal of the commit that this very event served, -1 where it served none to this key."""
        ordinal = self.slot.ordinal_at(event)
        return ordinal if ordinal >= 0 and self.slot.events[ordinal] == event else -1

    def row(self, ordinal: int, event: int) -> GraphRow:
        """The commit with this ordinal just after `event`."""
        served = self.slot.events[ordinal]
        row = self._recording.events[served - 1]
        assert isinstance(row, OpRow)
        worker = self.worker(ordinal)
        own = self._losses_of(ordinal, event)
        fate = self.fate(ordinal, event)
        return GraphRow(
            ordinal=ordinal,
            event=served,
            version=self.slot.versions[ordinal],
            worker=worker,
            process=self._recording.worker_label(worker),
            task=row.task,
            change=short_change(own_change(row), self.slot.key) or (_("no change") if ordinal else _("empty")),
            base=row.base,
            fate=fate,
            cost=self._cost(served, event),
            loss=own[0] if own else None,
            lane=0 if fate is Fate.SURVIVES else self._lane_of[ordinal],
        )

    def rows(self, first: int, last: int, event: int) -> list[GraphRow]:
        """The commits from the ordinal `last` down to `first`, both included as far as they exist then."""
        last = min(last, self.count_at(event) - 1)
        return [self.row(ordinal, event) for ordinal in range(last, max(first, 0) - 1, -1)]

    def branches(self, first: int, last: int, event: int) -> list[Branch]:
        """Every branch that is seen somewhere between the ordinals `first` and `last`."""
        found = []
        for ordinal in range(max(first, 0), min(last + REACH, self.count_at(event) - 1) + 1):
            fate = self.fate(ordinal, event)
            if fate is Fate.SURVIVES:
                continue
            parent = self._replay.parents[ordinal]
            if ordinal - parent > REACH:
                parent = -1
            if ordinal <= last or 0 <= parent < last:
                lane = 0 if parent < 0 or self._alive(parent, event) else self._lane_of[parent]
                found.append(Branch(ordinal, self._lane_of[ordinal], parent, lane, fate))
        return found

    def worker(self, ordinal: int) -> int:
        """Index of the worker that made a commit, -1 for the main program."""
        return self._recording.event_worker[self.slot.events[ordinal] - 1]

    def fate(self, ordinal: int, event: int) -> Fate:
        """What had become of a commit just after `event`."""
        if self._alive(ordinal, event):
            return Fate.SURVIVES
        return Fate.OVERWRITTEN if self._losses_of(ordinal, event) else Fate.SUPERSEDED

    def _alive(self, ordinal: int, event: int) -> bool:
        turns = self._turns.get(ordinal)
        return turns is None or bisect_right(turns, event) % 2 == 0

    def _losses_of(self, ordinal: int, event: int) -> range:
        """Indices of the losses of this commit's updates that stand just after `event`."""
        turns = self._turns.get(ordinal, ())
        turn = bisect_right(turns, event)
        if turn % 2 == 0:
            return range(0)
        there, victim = self._losses.at(turns[turn - 1]), self.slot.events[ordinal]
        # The commit that overwrites several versions logs their losses oldest version first.
        first = bisect_left(self._losses.victims, victim, there.start, there.stop)
        return range(first, bisect_right(self._losses.victims, victim, first, there.stop))

    def _cost(self, served: int, event: int) -> int:
        there = self._losses.at(served)
        if not there:
            return 0
        withdrawn = np.array(self._losses.withdrawn[there.start : there.stop])
        return int(np.count_nonzero((withdrawn == 0) | (withdrawn > event)))

    def _take_dead(self, event: int, died: list[int]) -> int:
        """Take in what left the chain at `event`; give the number of updates that were lost by it."""
        there, victims = self._losses.at(event), self._losses.victims
        loss = there.start
        for dead in died:
            first, victim = loss, self.slot.events[dead]
            while loss < there.stop and victims[loss] == victim:
                loss += 1
            if loss > first:
                self._updates_lost[dead] = loss - first
            if dead not in self._turns:
                self._take_lane(dead)
            self._turns[dead] = (*self._turns.get(dead, ()), event)
        return len(there)

    def _take_lane(self, ordinal: int) -> None:
        """Give a commit that leaves the chain the parent's lane or the nearest free one, for all rows of its branch."""
        parent = self._replay.parents[ordinal]
        near = parent >= 0 and ordinal - parent <= REACH
        rows = range(parent + 1 if near else ordinal, ordinal + 1)
        taken = 0
        for row in rows:
            taken |= self._taken[row]
        lane = self._lane_of.get(parent, 0) if near and not self._replay.alive[parent] else 0
        if not lane or taken >> lane & 1:
            lane = next((free for free in range(1, LANES) if not taken >> free & 1), LANES)
        for row in rows:
            self._taken[row] |= 1 << lane
        self._lane_of[ordinal] = lane
        self.lanes = max(self.lanes, lane)


class Graphs:
    """The graphs of all keys of a recording, each made when it is asked for: at once, or before that in steps.

    Attributes:
        slots: the keys that hold a version, in the order of their first commits; a graph's number is its place here.
        first_events: array int64, event of the first commit to each.
    """

    def __init__(self, recording: Recording) -> None:
        self.slots: list[Slot] = []
        self.first_events = array("q")
        self._recording = recording
        self._seen = 0
        self._waiting: list[Slot] = []
        self._numbers: dict[tuple[int, str | None], int] = {}
        self._graphs: dict[int, Graph] = {}
        self.advance()

    def advance(self) -> None:
        """Take in what the recording has got since."""
        slots = self._recording.history.slots
        self._waiting += islice(slots.values(), self._seen, None)
        self._seen = len(slots)
        ready = sorted((slot for slot in self._waiting if slot.events), key=lambda slot: slot.events[0])
        self._waiting = [slot for slot in self._waiting if not slot.events]
        for slot in ready:
            self._numbers[slot.object, slot.key] = len(self.slots)
            self.slots.append(slot)
            self.first_events.append(slot.events[0])

    def graph(self, number: int) -> Graph:
        """The graph of a key, with all its commits. Takes long where many are not taken in yet."""
        graph = self._made(number)
        graph.advance()
        return graph

    def behind(self, number: int) -> int:
        """Commits to a key that its graph has yet to take in."""
        return self._made(number).behind

    def reading(self, numbers: Iterable[int]) -> Iterator[None]:
        """Take in the commits to these keys, in short steps."""
        for number in numbers:
            graph = self._made(number)
            while graph.behind:
                graph.advance(STEP)
                yield

    def label(self, number: int) -> str:
        """The key as one would write it in the program."""
        slot = self.slots[number]
        return self._recording.slot_label(slot.object, slot.key)

    def count_at(self, event: int) -> int:
        """Keys that held a version at `event` or before; their numbers are those below it."""
        return bisect_right(self.first_events, event)

    def number_of(self, event: int) -> int:
        """Number of the key that this event committed to, or whose copy it never sent; -1 for other events."""
        row = self._recording.events[event - 1] if 0 < event <= len(self._recording.events) else None
        if isinstance(row, UnsentRow) or (isinstance(row, OpRow) and row.kind is OpKind.COMMIT):
            return self._numbers.get((row.object, row.key), -1)
        return -1

    def _made(self, number: int) -> Graph:
        graph = self._graphs.get(number)
        if graph is None:
            graph = self._graphs[number] = Graph(self._recording, self.slots[number])
        return graph


def short_change(change: Change, key: str | None) -> str:
    """A change in a few characters: ``+37``, ``37=a``, ``-37``, ``n=12`` or ``-n`` for the key ``'n'``; or none."""
    if change.value is not None:
        return f"{(key or '').strip(chr(39))}={change.value}"
    if change.gone:
        return f"-{(key or '').strip(chr(39))}"
    texts = [
        *_first(f"+{part}" for part in change.added),
        *_first(f"{part}={text}" for part, text in change.changed.items()),
        *_first(f"-{part}" for part in change.removed),
    ]
    count = len(change.added) + len(change.changed) + len(change.removed)
    return " ".join(texts[:PARTS_SHOWN]) + ("" if count <= PARTS_SHOWN else " …")


def _first(texts: Iterable[str]) -> list[str]:
    return list(islice(texts, PARTS_SHOWN))
