"""A recording as a trace in Chrome's trace event format (JSON), as Perfetto opens it. Always in English.

Each process is a track group: its tasks with its requests and replies, its private copies, its locks; the manager
server's has what it served. Arrows lead from a request to its serving and on to the reply. What happened at an instant
is a slice of length 0 where an arrow ends in it, else a mark.
"""

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from itertools import groupby
from typing import Any

import msgspec

from dictrace.engine.activity import request_text
from dictrace.engine.export.slices import Slice, lanes_of
from dictrace.engine.export.tables import process_name
from dictrace.engine.lanes import MAIN, Lane, LaneData, Lanes
from dictrace.engine.parties import Worker
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, TaskRow, WaitRow
from dictrace.engine.spans import Spans

NS_PER_US = 1000
LANES_PER_GROUP = 100
"""Tracks that one group may have where slices overlap; the numbers of the next group's tracks start there."""


class Group(IntEnum):
    """Tracks of a process, in their order."""

    TASKS = 0
    COPIES = 1
    LOCKS = 2
    OWN_LOCKS = 3


GROUP_NAMES = ("tasks and requests", "private copies", "locks", "own locks")
MANAGER_TRACK = "served"


class _Event(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One trace event; times in microseconds with three digits after the point, as the format wants them."""

    ph: str
    name: str
    pid: int
    tid: int | None = None
    ts: float | None = None
    dur: float | None = None
    s: str | None = None
    cat: str | None = None
    id: int | None = None
    bp: str | None = None
    args: dict[str, Any] | None = None


class _Trace(msgspec.Struct):
    displayTimeUnit: str
    otherData: dict[str, Any]
    traceEvents: list[_Event]


def trace_of(recording: Recording) -> bytes:
    """The trace, UTF-8."""
    made = _Maker(recording)
    header = recording.header
    end = recording.end
    about = {
        "program": f"dictrace {header.program}",
        "what": header.what,
        "gate": header.gate.value,
        "start method": recording.start_methods or header.start_method,
        "python": header.python,
        "platform": header.platform,
        "recorded": header.recorded,
        "dropped": end.dropped if end is not None else None,
        "complete": recording.complete,
    }
    return msgspec.json.encode(_Trace("ns", about, list(made.events())))


class _Maker:
    """Makes the events of one trace."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._data: LaneData = Lanes(recording).data()
        losses = recording.history.losses
        self._lost = {losses.victims[loss] for loss in recording.history.standing()}
        self._manager = recording.manager_pid or 0
        self._slices: list[Slice] = []
        # Of each request, by pid and seq: the slices that its arrows lead along, each with the moment.
        self._arrows: defaultdict[tuple[int, int], list[tuple[Slice, int]]] = defaultdict(list)

    def events(self) -> Iterator[_Event]:
        self._take_tasks()
        self._take_requests()
        for index, lane in enumerate(self._data.lanes[:MAIN]):
            self._take_lane(self._recording.workers[index].pid, lane)
        if self._recording.main_pid is not None:
            self._take_lane(self._recording.main_pid, self._data.lanes[MAIN])
        groups = sorted(self._slices, key=lambda piece: (piece.pid, piece.group))
        for (_pid, _group), slices in groupby(groups, key=lambda piece: (piece.pid, piece.group)):
            lanes_of(list(slices))
        yield from self._names()
        for piece in groups:
            yield _slice_event(piece)
        for number, arrows in enumerate(self._arrows.values(), start=1):
            yield from _arrow_events(number, arrows)
        yield from self._marks()
        yield from self._losses()
        yield from self._counters()

    def _take_tasks(self) -> None:
        for worker in self._recording.workers:
            # A worker's last steps come on another way than those before, so they may come too early.
            steps = sorted(zip(worker.step_ns, worker.step_began, worker.step_tasks, strict=True))
            for place, (begin_ns, began, task) in enumerate(steps):
                if not began:
                    continue
                known = place + 1 < len(steps)
                end_ns = steps[place + 1][0] if known else self._last_sign_ns(worker)
                args = {"task": task} if known else {"task": task, "end": "not known"}
                self._add(worker.pid, Group.TASKS, begin_ns, end_ns, f"task {task}", args)

    def _last_sign_ns(self, worker: Worker) -> int:
        """Time of the last that is known of a worker."""
        if not worker.events:
            return 0
        last = worker.events[-1] - 1
        return max(self._recording.event_ns[last], self._recording.reply_ns[last])

    def _take_requests(self) -> None:
        for event, row in enumerate(self._recording.events, start=1):
            if not isinstance(row, OpRow | WaitRow):
                continue
            arrows = self._arrows[row.pid, row.seq]
            served_ns, text = self._recording.event_ns[event - 1], request_text(row)
            args = self._args(event, row)
            asked_ns, reply_ns = int(self._data.request_ns[event - 1]), self._recording.reply_ns[event - 1]
            if asked_ns >= 0:
                asked = self._add(row.pid, Group.TASKS, min(asked_ns, served_ns), served_ns, text, args)
                arrows.append((asked, asked.start_ns))
            who = process_name(self._recording, row.pid) or str(row.pid)
            name = f"{who}: {text}" if isinstance(row, OpRow) else f"{who}: waits for lock"
            served = self._add(self._manager, Group.TASKS, served_ns, served_ns, name, args)
            arrows.append((served, served_ns))
            if reply_ns >= served_ns:
                reply = self._add(row.pid, Group.TASKS, served_ns, reply_ns, _reply_name(row), {"event": event})
                arrows.append((reply, served_ns))

    def _args(self, event: int, row: OpRow | WaitRow) -> dict[str, Any]:
        """What is known of a request, without what it has not."""
        known = {
            "event": event,
            "serve": row.serve,
            "task": row.task,
            "object": self._recording.object_label(row.object),
            "method": getattr(row, "method", None),
            "key": getattr(row, "key", None),
            "version": getattr(row, "version", None),
            "base": getattr(row, "base", None),
            "file": row.file,
            "line": row.line,
        }
        return {name: value for name, value in known.items() if value is not None}

    def _take_lane(self, pid: int, lane: Lane) -> None:
        for spans in (lane.sent, lane.unsent):
            for start_ns, end_ns, first, last in _each(spans):
                self._take_copy(pid, start_ns, end_ns, first, last)
        for start_ns, end_ns, first, _last in _each(lane.waits):
            self._add(pid, Group.LOCKS, start_ns, end_ns, f"waits for {self._lock(first)}", {"event": first})
        for start_ns, end_ns, first, _last in _each(lane.locks):
            self._add(pid, Group.LOCKS, start_ns, end_ns, f"holds {self._lock(first)}", {"event": first})
        for start_ns, end_ns, _first, _last in _each(lane.own_locks):
            self._add(pid, Group.OWN_LOCKS, start_ns, end_ns, "holds a lock of its own", {})

    def _take_copy(self, pid: int, start_ns: int, end_ns: int, first: int, last: int) -> None:
        """A private copy, from the fetch, event `first`, to what ended it, event `last` where that is one."""
        fetch = self._recording.events[first - 1]
        assert isinstance(fetch, OpRow)
        args: dict[str, Any] = {"fetch event": first, "version": fetch.version, "task": fetch.task}
        use = self._recording.events[last - 1] if 0 < last <= len(self._recording.events) else None
        fate = "not committed"
        if isinstance(use, OpRow) and use.kind is OpKind.COMMIT and use.pid == pid:
            args |= {"commit event": last, "committed as": use.version}
            fate = "committed"
        if last in self._lost:
            fate = "overwritten" if fate == "committed" else "never sent"
        slot = self._recording.slot_label(fetch.object, fetch.key)
        name = f"copy of v{fetch.version} of {slot}" + (f", {fate}" if fate != "committed" else "")
        self._add(pid, Group.COPIES, start_ns, end_ns, name, args | {"fate": fate})

    def _lock(self, event: int) -> str:
        row = self._recording.events[event - 1]
        assert isinstance(row, OpRow | WaitRow)
        return self._recording.object_label(row.object)

    def _add(self, pid: int, group: Group, start_ns: int, end_ns: int, name: str, args: dict[str, Any]) -> Slice:
        piece = Slice(pid, group, start_ns, max(start_ns, end_ns), name, args)
        self._slices.append(piece)
        return piece

    def _names(self) -> Iterator[_Event]:
        """Names and order of processes and tracks."""
        recording = self._recording
        order = [recording.manager_pid, recording.main_pid, *(worker.pid for worker in recording.workers)]
        names = {recording.main_pid: "main program"}
        names |= {worker.pid: " ".join(filter(None, (worker.label, worker.name))) for worker in recording.workers}
        names[recording.manager_pid] = "manager server"
        tracks = sorted({(piece.pid, piece.group, piece.lane) for piece in self._slices})
        for pid in sorted({pid for pid, _group, _lane in tracks} | {pid for pid in order if pid is not None}):
            yield _Event(ph="M", name="process_name", pid=pid, args={"name": names.get(pid, f"process {pid}")})
            place = order.index(pid) if pid in order else len(order)
            yield _Event(ph="M", name="process_sort_index", pid=pid, args={"sort_index": place})
        for pid, group, lane in tracks:
            name = MANAGER_TRACK if pid == self._manager else GROUP_NAMES[group]
            tid = _tid(group, lane)
            args = {"name": name if lane == 0 else f"{name} ({lane + 1})"}
            yield _Event(ph="M", name="thread_name", pid=pid, tid=tid, args=args)
            yield _Event(ph="M", name="thread_sort_index", pid=pid, tid=tid, args={"sort_index": tid})

    def _marks(self) -> Iterator[_Event]:
        """Failures: a task that raised or never returned, a process that died."""
        for event, row in enumerate(self._recording.events, start=1):
            if isinstance(row, RaisedRow):
                name, pid = f"task {row.task} raised: {row.text}", row.pid
            elif isinstance(row, DiedRow):
                name, pid = f"died (exit code {row.exit_code})", row.pid
            elif isinstance(row, TaskRow):
                name, pid = f"task {row.task} never returned", self._pid_of(event)
            else:
                continue
            yield self._mark(event, pid, name, {"event": event})

    def _losses(self) -> Iterator[_Event]:
        """One mark per lost update, in the process whose update it was."""
        history = self._recording.history
        for loss, event in enumerate(history.losses.events):
            certificate = history.certificate(loss)
            args = {
                "event": event,
                "kind": certificate.kind.value,
                "key": certificate.key,
                "task": certificate.task,
                "base": certificate.fetched_version,
                "version": certificate.version,
                "line": certificate.line,
                "culprit": msgspec.to_builtins(certificate.culprit) if certificate.culprit else None,
                "came back at event": history.losses.withdrawn[loss] or None,
            }
            what = certificate.key or f"task {certificate.task}"
            name = f"lost: {what} ({certificate.kind.value.replace('_', ' ')})"
            known = {key: value for key, value in args.items() if value is not None}
            yield self._mark(event, self._pid_of(certificate.victim_event), name, known)

    def _mark(self, event: int, pid: int, name: str, args: dict[str, Any]) -> _Event:
        return _Event(ph="i", s="p", name=name, pid=pid, tid=0, ts=_us(self._recording.event_ns[event - 1]), args=args)

    def _pid_of(self, event: int) -> int:
        """The worker that did an event, or else the manager server."""
        worker = self._recording.event_worker[event - 1]
        return self._recording.workers[worker].pid if worker >= 0 else self._manager

    def _counters(self) -> Iterator[_Event]:
        curve = self._recording.history.curve()
        columns = (curve.events.tolist(), curve.attempted.tolist(), curve.survived.tolist())
        for event, attempted, survived in zip(*columns, strict=True):
            counts = {"attempted": attempted, "survived": survived}
            ns = self._recording.event_ns[event - 1]
            yield _Event(ph="C", name="updates", pid=self._manager, ts=_us(ns), args=counts)


def _each(spans: Spans) -> Iterator[tuple[int, int, int, int]]:
    columns = (spans.starts_ns, spans.ends_ns, spans.firsts, spans.lasts)
    return zip(*(column.tolist() for column in columns), strict=True)


def _reply_name(row: OpRow | WaitRow) -> str:
    version = getattr(row, "version", None)
    return "reply" if version is None else f"reply: v{version}"


def _slice_event(piece: Slice) -> _Event:
    return _Event(
        ph="X",
        name=piece.name,
        pid=piece.pid,
        tid=_tid(piece.group, piece.lane),
        ts=_us(piece.start_ns),
        dur=_us(piece.end_ns - piece.start_ns),
        args=piece.args,
    )


def _arrow_events(number: int, arrows: list[tuple[Slice, int]]) -> Iterator[_Event]:
    last = len(arrows) - 1
    for place, (piece, ns) in enumerate(arrows if last else ()):
        phase = "s" if place == 0 else "f" if place == last else "t"
        yield _Event(
            ph=phase,
            name="request",
            cat="request",
            id=number,
            pid=piece.pid,
            tid=_tid(piece.group, piece.lane),
            ts=_us(ns),
            bp="e" if phase == "f" else None,
        )


def _tid(group: int, lane: int) -> int:
    return 1 + group * LANES_PER_GROUP + min(lane, LANES_PER_GROUP - 1)


def _us(ns: int) -> float:
    return ns / NS_PER_US
