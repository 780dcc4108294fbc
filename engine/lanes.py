"""When each process held copies and locks, waited and failed: columns for a picture in which time runs to the right.

A copy is held from the reply of its fetch (a clock reading; where none is known, the time of serving) to the serving
of the commit made from it, or to the end of the task that never sent it. All intervals are closed.
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, UnsentRow, WaitRow

Numbers = npt.NDArray[np.int64]
_NONE: Numbers = np.zeros(0, np.int64)


def whole_ns(ns: float) -> np.int64:
    """A time to search for: with one that is no integer, NumPy would convert the column first."""
    return np.int64(ns)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Intervals of time in the order of their starts; they may overlap.

    Attributes:
        starts_ns, ends_ns: int64, ascending starts; no end is before its start.
        firsts, lasts: int64, numbers of the events at the two ends; 0 where there is none (yet).
    """

    starts_ns: Numbers = field(default_factory=lambda: _NONE)
    ends_ns: Numbers = field(default_factory=lambda: _NONE)
    firsts: Numbers = field(default_factory=lambda: _NONE)
    lasts: Numbers = field(default_factory=lambda: _NONE)
    _latest_ns: Numbers = field(init=False)
    _starts_sum: Numbers = field(init=False)
    _sorted_ends_ns: Numbers = field(init=False)
    _ends_sum: Numbers = field(init=False)

    def __post_init__(self) -> None:
        ends_ns = np.sort(self.ends_ns)
        object.__setattr__(self, "_latest_ns", np.maximum.accumulate(self.ends_ns))
        object.__setattr__(self, "_sorted_ends_ns", ends_ns)
        object.__setattr__(self, "_starts_sum", np.concatenate(([0], np.cumsum(self.starts_ns))))
        object.__setattr__(self, "_ends_sum", np.concatenate(([0], np.cumsum(ends_ns))))

    def __len__(self) -> int:
        return len(self.starts_ns)

    def between(self, left_ns: float, right_ns: float) -> range:
        """Indices that contain all spans which touch this stretch of time (and, where spans overlap, maybe others)."""
        first = int(self._latest_ns.searchsorted(whole_ns(left_ns)))
        return range(first, max(first, int(self.starts_ns.searchsorted(whole_ns(right_ns), side="right"))))

    def nearest(self, ns: float, within_ns: float) -> int | None:
        """Index of the span that contains this time, or else the one nearest to it, not farther than `within_ns`."""
        found = self.between(ns - within_ns, ns + within_ns)
        if not found:
            return None
        chosen = slice(found.start, found.stop)
        away = np.maximum(np.maximum(self.starts_ns[chosen] - ns, ns - self.ends_ns[chosen]), 0.0)
        best = int(away.argmin())
        return found[best] if away[best] <= within_ns else None

    def covered(self, edges_ns: Numbers) -> npt.NDArray[np.float64]:
        """Share, 0 to 1, of each stretch between two edges (ascending, int64) that spans cover.

        Costs two searches per edge, however many spans there are.
        """
        held_ns = _passed(self.starts_ns, self._starts_sum, edges_ns)
        held_ns -= _passed(self._sorted_ends_ns, self._ends_sum, edges_ns)
        return np.minimum(np.diff(held_ns) / np.diff(edges_ns), 1.0)

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Spans":
        """Only the spans for which `chosen`, one bool each, holds."""
        return Spans(self.starts_ns[chosen], self.ends_ns[chosen], self.firsts[chosen], self.lasts[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One process.

    Attributes:
        kept, lost: copies, from fetch to commit; those whose commit was overwritten, or was never sent.
        waits, locks: it waited for a shared lock; it held one.
        own_locks: it held a lock that no other process can have.
        events: numbers of its events.
        unsent_ns: when copies in `lost` turned out to be never sent.
        failed_ns: when tasks raised, and when the process died.
    """

    kept: Spans
    lost: Spans
    waits: Spans
    locks: Spans
    own_locks: Spans
    events: Numbers
    unsent_ns: Numbers
    failed_ns: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class LaneData:
    """All lanes of a recording as it was at one time. Columns of events have index event - 1.

    Attributes:
        lanes: by index of worker.
        event_ns: time of each event.
        request_ns: when it was asked for (its process's clock), -1 where that is not known or shown by its wait.
        reply_ns: when its process had the reply (its clock), -1 where that is not known.
        workers: index of the worker that did it, -1 for none.
        losses, losses_ns: events at which updates were lost that have not come back, each once, and their times.
        standing, culprits, victims: of each of these updates: index of the loss, event at which it was lost, and event
            that shows the update.
    """

    lanes: tuple[Lane, ...]
    event_ns: Numbers
    request_ns: Numbers
    reply_ns: Numbers
    workers: npt.NDArray[np.int16]
    losses: Numbers
    losses_ns: Numbers
    standing: Numbers
    culprits: Numbers
    victims: Numbers

    @property
    def bounds_ns(self) -> tuple[int, int]:
        """From the first event (or its request) to the last; what went before is the start of the processes."""
        if not len(self.event_ns):
            return 0, 0
        first_ns, request_ns = int(self.event_ns[0]), int(self.request_ns[0])
        return (min(first_ns, request_ns) if request_ns >= 0 else first_ns), int(self.event_ns[-1])

    def between(self, left_ns: float, right_ns: float) -> slice:
        """Indices of the events in this stretch of time."""
        left = self.event_ns.searchsorted(whole_ns(left_ns))
        return slice(int(left), int(self.event_ns.searchsorted(whole_ns(right_ns), side="right")))

    def loss_of(self, event: int, *, as_culprit: bool) -> int | None:
        """Index of the first loss of the update that this event shows, or, as the culprit, that it brought about."""
        found = np.flatnonzero((self.culprits if as_culprit else self.victims) == event)
        return int(self.standing[found[0]]) if len(found) else None

    def nearest_event(self, ns: float, among: Numbers | None = None) -> int:
        """Number of the event nearest to this time, of those (ascending) or all; 0 where there is none."""
        numbers = among if among is not None else np.arange(1, len(self.event_ns) + 1)
        if not len(numbers):
            return 0
        after = int(self.event_ns[numbers - 1].searchsorted(whole_ns(ns)))
        if after == len(numbers):
            return int(numbers[-1])
        before = max(after - 1, 0)
        near = abs(self.event_ns[numbers[before] - 1] - ns) <= abs(self.event_ns[numbers[after] - 1] - ns)
        return int(numbers[before if near else after])


class _SpanLog:
    """Spans between two events; 0 ends one that is still open."""

    def __init__(self) -> None:
        self.firsts = array("q")
        self.lasts = array("q")

    def open(self, event: int) -> int:
        self.firsts.append(event)
        self.lasts.append(0)
        return len(self.firsts) - 1


class Lanes:
    """Takes in the events of a recording, also one that still grows."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._done = 0
        self._request_ns = array("q")
        self._waits: defaultdict[int, _SpanLog] = defaultdict(_SpanLog)
        self._locks: defaultdict[int, _SpanLog] = defaultdict(_SpanLog)
        self._unsent: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._failed: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._waiting: dict[int, int] = {}
        self._held: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)

    def advance(self, most: int | None = None) -> bool:
        """Take in (at most so many of) the events that the recording has got since; tell whether that was all."""
        events = self.recording.events
        end = len(events) if most is None else min(len(events), self._done + most)
        workers = self.recording.event_worker
        for event in range(self._done + 1, end + 1):
            row = events[event - 1]
            self._request_ns.append(-1)
            if type(row) is OpRow:
                self._take_op(event, row, workers[event - 1])
            else:
                self._take_other(event, row, workers[event - 1])
        self._done = end
        return end == len(events)

    def data(self) -> LaneData:
        """All that the recording holds now. Costs some copies of its columns."""
        self.advance()
        recording, log = self.recording, self.recording.history.losses
        standing = np.flatnonzero(np.array(log.withdrawn, np.int64) == 0)
        culprits, victims = (np.array(column, np.int64)[standing] for column in (log.events, log.victims))
        lost = np.zeros(self._done + 1, np.bool_)
        lost[victims] = True
        event_ns = np.array(recording.event_ns, np.int64)
        reply_ns = np.array(recording.reply_ns, np.int64)
        losses = culprits[np.flatnonzero(np.diff(culprits, prepend=0))]
        return LaneData(
            tuple(self._lane(worker, event_ns, reply_ns, lost) for worker in range(len(recording.workers))),
            event_ns,
            np.array(self._request_ns, np.int64),
            reply_ns,
            np.array(recording.event_worker, np.int16),
            losses,
            event_ns[losses - 1],
            standing,
            culprits,
            victims,
        )

    def _take_op(self, event: int, row: OpRow, worker: int) -> None:
        waited = self._waiting.pop(worker, None) if self._waiting else None
        if waited is not None:
            self._waits[worker].lasts[waited] = event
        elif row.request_ns is not None:
            self._request_ns[-1] = row.request_ns
        if worker >= 0 and row.kind is OpKind.ACQUIRE:
            self._held[row.object].append((worker, self._locks[worker].open(event)))
        elif row.kind is OpKind.RELEASE:
            self._release(event, row.object, worker)

    def _release(self, event: int, lock: int, worker: int) -> None:
        """End the latest hold of the lock by the worker, or, as anyone may release a Lock, by another."""
        held = self._held[lock]
        if held:
            place = next((n for n in reversed(range(len(held))) if held[n][0] == worker), -1)
            holder, number = held.pop(place)
            self._locks[holder].lasts[number] = event

    def _take_other(self, event: int, row: object, worker: int) -> None:
        if isinstance(row, WaitRow):
            self._request_ns[-1] = -1 if row.request_ns is None else row.request_ns
            if worker >= 0:
                self._waiting[worker] = self._waits[worker].open(event)
        elif isinstance(row, UnsentRow):
            self._unsent[worker].append(event)
        elif isinstance(row, RaisedRow | DiedRow):
            self._failed[worker].append(event)
            waited = self._waiting.pop(worker, None) if isinstance(row, DiedRow) else None
            if waited is not None:
                self._waits[worker].lasts[waited] = event

    def _lane(self, worker: int, event_ns: Numbers, reply_ns: Numbers, lost: npt.NDArray[np.bool_]) -> Lane:
        recording = self.recording
        events = np.array(recording.workers[worker].events, np.int64)
        unsent = np.array(self._unsent[worker], np.int64)
        used = np.array(recording.history.copies[worker].used, np.int64)
        places = np.flatnonzero(used)
        copies = _copies(events[places], used[places], event_ns, reply_ns)
        gone = lost[copies.lasts]
        sent = np.ones(self._done + 1, np.bool_)
        sent[unsent] = False
        return Lane(
            kept=copies.where(~gone & sent[copies.lasts]),
            lost=copies.where(gone),
            waits=_logged(self._waits[worker], event_ns),
            locks=_logged(self._locks[worker], event_ns),
            own_locks=self._own_locks(worker, event_ns),
            events=events,
            unsent_ns=event_ns[unsent[lost[unsent]] - 1],
            failed_ns=event_ns[np.array(self._failed[worker], np.int64) - 1],
        )

    def _own_locks(self, worker: int, event_ns: Numbers) -> Spans:
        times_ns = np.array(self.recording.workers[worker].private_ns, np.int64)
        if not len(times_ns):
            return Spans()
        acquired = np.flatnonzero(np.array(self.recording.workers[worker].private_acquired, np.int8))
        starts_ns = times_ns[acquired]
        last_ns = max(times_ns[-1], event_ns[-1] if len(event_ns) else 0)
        none = np.zeros(len(acquired), np.int64)
        return Spans(starts_ns, np.append(times_ns, last_ns)[acquired + 1], none, none)


def _copies(fetches: Numbers, uses: Numbers, event_ns: Numbers, reply_ns: Numbers) -> Spans:
    replied_ns, ends_ns = reply_ns[fetches - 1], event_ns[uses - 1]
    starts_ns = np.minimum(np.where(replied_ns >= 0, replied_ns, event_ns[fetches - 1]), ends_ns)
    order = np.argsort(starts_ns, kind="stable")
    return Spans(starts_ns[order], ends_ns[order], fetches[order], uses[order])


def _logged(log: _SpanLog, event_ns: Numbers) -> Spans:
    """The spans of a log; one that is still open lasts to the last event."""
    firsts, lasts = np.array(log.firsts, np.int64), np.array(log.lasts, np.int64)
    return Spans(event_ns[firsts - 1], event_ns[lasts - 1], firsts, lasts)


def _passed(times_ns: Numbers, sums: Numbers, edges_ns: Numbers) -> Numbers:
    """At each edge: how long ago all the times before it were, added up."""
    before = times_ns.searchsorted(edges_ns)
    passed: Numbers = before * edges_ns - sums[before]
    return passed
