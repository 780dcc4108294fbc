"""When each process held copies and locks, waited and failed: columns for a picture in which time runs to the right.

A copy is held from the reply of its fetch (a clock reading; where none is known, the time of serving) to the serving
of the commit made from it. One that was never committed is held to the row that says it was never sent, or else until
its task ends, its process dies, or the process fetches the same key again in the same task.

The columns hold the whole recording. What is lost depends on the position: see `fates`.
"""

from array import array
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dictrace.engine.copies import CopyLog
from dictrace.engine.fates import FateColumns
from dictrace.engine.parties import Worker
from dictrace.engine.places import Place
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, UnsentRow, WaitRow
from dictrace.engine.settled import Settled
from dictrace.engine.spans import Numbers, Spans, whole_ns
from dictrace.engine.steps import result_of

MAIN = -1
"""Stands for the main program where others have the index of a worker."""

_NO_TIME = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class Lane:
    """One process.

    Attributes:
        sent, unsent: copies that were committed; copies that were not.
        waits, locks: it waited for a shared lock; it held one.
        own_locks: it held a lock that no other process can have.
        events: numbers of its events, ascending.
        failures: those of them at which a task raised or the process died.
    """

    sent: Spans
    unsent: Spans
    waits: Spans
    locks: Spans
    own_locks: Spans
    events: Numbers
    failures: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class LaneData:
    """All lanes of a recording as it was at one time. Columns of events have index event - 1.

    Attributes:
        lanes: by index of worker, and last, as if with index `MAIN`, that of the main program, maybe without events.
        event_ns: time of each event.
        request_ns: when it was asked for (its process's clock), -1 where that is not known or shown by its wait.
        reply_ns: when its process had the reply (its clock), -1 where that is not known.
        workers: index of the worker that did it, -1 for none.
        fates: what is lost at any event.
        settled: what already is as at the end, at any event.
        places: which workers share a lane, one after the other.
    """

    lanes: tuple[Lane, ...]
    event_ns: Numbers
    request_ns: Numbers
    reply_ns: Numbers
    workers: npt.NDArray[np.int16]
    fates: FateColumns
    settled: Settled
    places: tuple[Place, ...]

    @property
    def there(self) -> tuple[int, ...]:
        """Lanes to show, each by its first worker: that of the main program, where it has events, and all others."""
        workers = sorted(place.members[0] for place in self.places)
        return (MAIN, *workers) if len(self.lanes[MAIN].events) else tuple(workers)

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
        self._main_events = array("q")
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
        return result_of(self.laying_out())

    def laying_out(self) -> Generator[None, None, LaneData]:
        """`data` in short steps; the recording must not grow between them."""
        self.advance()
        history, times = self.recording.history, _Times(self.recording)
        laid = []
        for index, held in (*enumerate(history.copies), (MAIN, history.main_copies)):
            laid.append(self._lane(index, held, times))
            yield
        lanes = tuple(laid)
        fates = yield from FateColumns.by_steps(history.losses, len(times.event_ns))
        yield
        copies = [lane.sent for lane in lanes], [lane.unsent for lane in lanes]
        settled = yield from Settled.by_steps(*copies, times.event_ns, fates)
        yield
        return LaneData(
            lanes,
            times.event_ns,
            np.array(self._request_ns, np.int64),
            times.reply_ns,
            np.array(self.recording.event_worker, np.int16),
            fates,
            settled,
            self.recording.places,
        )

    def _take_op(self, event: int, row: OpRow, worker: int) -> None:
        if worker == MAIN:
            self._main_events.append(event)
        waited = self._waiting.pop(worker, None) if self._waiting else None
        if waited is not None:
            self._waits[worker].lasts[waited] = event
        elif row.request_ns is not None:
            self._request_ns[-1] = row.request_ns
        if row.kind is OpKind.ACQUIRE:
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
            if worker == MAIN:
                self._main_events.append(event)
            self._request_ns[-1] = -1 if row.request_ns is None else row.request_ns
            self._waiting[worker] = self._waits[worker].open(event)
        elif isinstance(row, UnsentRow):
            self._unsent[worker].append(event)
        elif isinstance(row, RaisedRow | DiedRow):
            self._failed[worker].append(event)
            waited = self._waiting.pop(worker, None) if isinstance(row, DiedRow) else None
            if waited is not None:
                self._waits[worker].lasts[waited] = event

    def _lane(self, index: int, copies: CopyLog, times: "_Times") -> Lane:
        worker = self.recording.workers[index] if index != MAIN else None
        events = np.array(worker.events if worker else self._main_events, np.int64)
        fetched = np.array(copies.held, np.int64) == np.arange(len(copies.held))
        fetches, uses, left = (
            column[fetched] for column in (events, np.array(copies.used, np.int64), np.array(copies.left, np.int64))
        )
        sent = (uses > 0) & ~np.isin(uses, np.array(self._unsent[index], np.int64))
        kept = ~sent
        return Lane(
            sent=times.copies(fetches[sent], uses[sent]),
            unsent=times.unsent(worker, fetches[kept], uses[kept], left[kept]) if worker else Spans(),
            waits=times.between(self._waits[index]),
            locks=times.between(self._locks[index]),
            own_locks=times.own_locks(worker) if worker else Spans(),
            events=events,
            failures=np.array(self._failed[index], np.int64),
        )


class _Times:
    """The times of a recording's events, to make spans of."""

    def __init__(self, recording: Recording) -> None:
        self.event_ns = np.array(recording.event_ns, np.int64)
        self.reply_ns = np.array(recording.reply_ns, np.int64)
        self._never = len(self.event_ns) + 1
        self._over = self._never - 1 if recording.end is not None else self._never
        self._ends_ns = np.append(self.event_ns, recording.duration_ns)

    def between(self, log: _SpanLog) -> Spans:
        """The spans of a log; one that is still open lasts to the last event."""
        firsts, lasts = np.array(log.firsts, np.int64), np.array(log.lasts, np.int64)
        lasts[lasts == 0] = self._never
        return Spans(self.event_ns[firsts - 1], self._ends_ns[lasts - 1], firsts, lasts)

    def copies(self, fetches: Numbers, uses: Numbers) -> Spans:
        """Copies from their fetches to the events that ended them."""
        ends_ns = self._ends_ns[uses - 1]
        return Spans.sorted(self._starts_ns(fetches, ends_ns), ends_ns, fetches, uses)

    def unsent(self, worker: Worker, fetches: Numbers, uses: Numbers, left: Numbers) -> Spans:
        """Copies that were not committed; where no row in `uses` says they were not sent, find what ended them."""
        ended = min(worker.died_event or self._never, self._over)
        lasts = np.where(uses > 0, uses, np.minimum(np.where(left > 0, left, self._never), ended))
        ends_ns = self._ends_ns[lasts - 1]
        starts_ns = self._starts_ns(fetches, ends_ns)
        step_ns = np.array(worker.step_ns, np.int64)
        steps_ns = np.append(step_ns, _NO_TIME)[step_ns.searchsorted(starts_ns, side="right")]
        by_step = (uses == 0) & (steps_ns < ends_ns)
        return Spans.sorted(starts_ns, np.where(by_step, steps_ns, ends_ns), fetches, np.where(by_step, 0, lasts))

    def own_locks(self, worker: Worker) -> Spans:
        """Holds of a lock of its own: readings of its clock, unless its death or the end of the run cuts one off."""
        times_ns = np.array(worker.private_ns, np.int64)
        acquired = np.flatnonzero(np.array(worker.private_acquired, np.int8))
        starts_ns = times_ns[acquired]
        ends_ns = np.append(times_ns, _NO_TIME)[acquired + 1]
        last = min(worker.died_event or self._never, self._over)
        last_ns = self._ends_ns[last - 1]
        cut = ends_ns > (last_ns if last < self._never else _NO_TIME - 1)
        ends_ns = np.where(cut, np.maximum(starts_ns, last_ns), ends_ns)
        return Spans(starts_ns, ends_ns, np.zeros(len(acquired), np.int64), np.where(cut, last, 0))

    def _starts_ns(self, fetches: Numbers, ends_ns: Numbers) -> Numbers:
        replied_ns = self.reply_ns[fetches - 1]
        return np.minimum(np.where(replied_ns >= 0, replied_ns, self.event_ns[fetches - 1]), ends_ns)
