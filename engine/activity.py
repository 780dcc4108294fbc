"""What one process is doing at one moment: its state, its private copy, and the request or reply on its way."""

from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from math import inf

import numpy as np

from dictrace.engine.frame import Cells, Packet, PrivateCopy, ProcessState, ProcessView
from dictrace.engine.history import History
from dictrace.engine.parties import Worker
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow, WaitRow
from dictrace.engine.words import _

_VERBS = {"__getitem__": "get", "__setitem__": "set", "__delitem__": "del", "__contains__": "in"}
_VERBS |= {"__getattribute__": "get", "__setattr__": "set", "__delattr__": "del"}
_BUSY = {
    OpKind.FETCH: ProcessState.FETCHING,
    OpKind.READ: ProcessState.FETCHING,
    OpKind.COMMIT: ProcessState.COMMITTING,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant of a recording.

    Attributes:
        history: of the recording, up to date.
        event: the last event that has happened.
        time_ns: true time.
        over: the run has ended.
        labels: short text of each cell's key.
    """

    recording: Recording
    history: History
    event: int
    time_ns: float
    over: bool
    labels: tuple[str, ...]

    def cells_at(self, event: int) -> Cells:
        """All cells just after `event`; their arrays can't be changed."""
        states, writers = self.history.cells.at(event)
        fields = np.array(self.history.cells.field_of[: len(states)], np.int32)
        for column in (states, writers, fields):
            column.flags.writeable = False
        return Cells(states, writers, fields, self.labels)


class _Phase(Enum):
    UP = "on its way to the server"
    WAITS = "waits there for a lock"
    DOWN = "its reply is on the way back"
    ANSWERED = "its reply has arrived"


@dataclass(frozen=True, slots=True)
class _Request:
    """The request that a process made last.

    Attributes:
        row: how it is served, or that it waits.
        progress: of the request or reply on its way, see `Packet`.
        felt: number of the process's events that have happened and whose reply, if any, has arrived.
    """

    row: OpRow | WaitRow
    phase: _Phase
    progress: float
    felt: int


def process_at(moment: Moment, index: int, holds: int | None) -> tuple[ProcessView, Packet | None]:
    """The worker with this index, which holds the shared lock `holds`, and its request or reply on its way."""
    worker = moment.recording.workers[index]
    happened = bisect_right(worker.events, moment.event)
    steps = bisect_right(worker.step_ns, moment.time_ns)
    in_task = steps and worker.step_began[steps - 1] and not moment.over
    task = worker.step_tasks[steps - 1] if in_task else None
    died = 0 < worker.died_event <= moment.event
    gone = 0 < worker.gone_ns <= moment.time_ns
    request = _last_request(moment, worker, happened)
    copy = packet = None
    if not (moment.over or died or gone):
        copy = _copy(moment, index, request.felt if request else happened, task)
        packet = _packet(moment, index, request) if request else None
    at_work = request if request and request.row.task == task and not (moment.over or gone) else None
    private = bisect_right(worker.private_ns, moment.time_ns)
    view = ProcessView(
        label=worker.label,
        pid=worker.pid,
        task=task,
        state=ProcessState.DIED if died else _state(moment, worker, request, task, copy, gone=gone),
        line=at_work.row.line if at_work else None,
        copy=copy,
        holds=holds,
        holds_private=bool(private and worker.private_acquired[private - 1]) and not moment.over and not died,
        tasks_done=worker.step_began[:steps].tobytes().count(0),
        lost=moment.history.lost_by(index, moment.event),
        connected=_is_connected(moment, index, happened),
        file=at_work.row.file if at_work else None,
        name=worker.name,
        parent=moment.recording.label_of(worker.parent),
        servers=tuple(server for server, event in worker.first_events.items() if event <= moment.event + 1) or (0,),
    )
    return view, packet


def _is_connected(moment: Moment, index: int, happened: int) -> bool:
    """A process connects to the server with its first request."""
    asked_ns = moment.recording.connect_ns(index)
    return happened > 0 or (asked_ns is not None and asked_ns <= moment.time_ns)


def _state(
    moment: Moment,
    worker: Worker,
    request: _Request | None,
    task: int | None,
    copy: PrivateCopy | None,
    *,
    gone: bool,
) -> ProcessState:
    if moment.over or gone:
        return ProcessState.ENDED
    if moment.time_ns < worker.up_ns and not (request or task is not None):
        return ProcessState.ABSENT
    if request and request.phase is _Phase.WAITS:
        return ProcessState.WAITING
    if request and request.phase is not _Phase.ANSWERED and isinstance(request.row, OpRow):
        busy = _BUSY.get(request.row.kind)
        if busy:
            return busy
    if copy:
        return ProcessState.HOLDS_COPY
    return ProcessState.IDLE if task is None else ProcessState.WORKING


def _last_request(moment: Moment, worker: Worker, happened: int) -> _Request | None:
    """The last request, made before or at this moment, of a process of which `happened` events have happened."""
    recording, now_ns = moment.recording, moment.time_ns
    place, before = _request_near(recording, worker, range(happened - 1, -1, -1))
    if isinstance(before, WaitRow):
        return _Request(before, _Phase.WAITS, 1.0, happened)
    after_place, after = _request_near(recording, worker, range(happened, len(worker.events)))
    asked_ns = after.request_ns if after is not None and after.request_ns is not None else inf
    if before is not None:
        event = worker.events[place]
        served_ns = recording.event_ns[event - 1]
        replied_ns = _replied_ns(recording, worker, event, asked_ns)
        if now_ns < replied_ns:
            way_ns = replied_ns - served_ns
            return _Request(before, _Phase.DOWN, (now_ns - served_ns) / way_ns if way_ns > 0 else 0.0, place)
    if after is not None and asked_ns <= now_ns:
        served_ns = recording.event_ns[worker.events[after_place] - 1]
        way_ns = served_ns - asked_ns
        return _Request(after, _Phase.UP, (now_ns - asked_ns) / way_ns if way_ns > 0 else 1.0, happened)
    return _Request(before, _Phase.ANSWERED, 1.0, happened) if before is not None else None


def _request_near(recording: Recording, worker: Worker, places: range) -> tuple[int, OpRow | WaitRow | None]:
    """The first row that is a request among these places of the worker's events, and its place."""
    for place in places:
        row = recording.events[worker.events[place] - 1]
        if isinstance(row, OpRow | WaitRow):
            return place, row
    return -1, None


def _replied_ns(recording: Recording, worker: Worker, event: int, asked_ns: float) -> float:
    """When the reply to `event` arrived.

    Where that is not known, at the next event, or earlier: at the process's next request, `asked_ns`, or at the next
    beginning or end of a task in it. Without any of these it is still on its way.
    """
    reply_ns = recording.reply_ns[event - 1]
    if reply_ns >= 0:
        return reply_ns
    next_ns = recording.event_ns[event] if event < len(recording.events) else inf
    step = bisect_right(worker.step_ns, recording.event_ns[event - 1])
    return min(next_ns, asked_ns, worker.step_ns[step] if step < len(worker.step_ns) else inf)


def _copy(moment: Moment, index: int, felt: int, task: int | None) -> PrivateCopy | None:
    """The private copy that the worker holds, of whose events `felt` have reached it."""
    log = moment.history.copies[index]
    fetch = log.held[felt - 1] if felt else -1
    if fetch < 0:
        return None
    recording, history = moment.recording, moment.history
    event = recording.workers[index].events[fetch]
    row = recording.events[event - 1]
    assert isinstance(row, OpRow)
    if row.task != task:
        return None
    slot, base = history.slots[row.object, row.key], row.version or 0
    value = history.value_at(row.object, row.key, event)
    used = log.used[fetch]
    use = recording.events[used - 1] if used else None
    newest = slot.version_at(moment.event)
    if isinstance(use, OpRow) and used <= moment.event:
        newest = (use.version or 0) - 1  # its own commit, just served, does not make it stale
    return PrivateCopy(
        field=slot.field if value is None else history.cells.field_of[slot.value_cell],
        base_version=base,
        behind=max(0, newest - base),
        cells=moment.cells_at(event) if value is None else None,
        value=value,
        own=history.update_cells(used) if used else (),
    )


def _packet(moment: Moment, index: int, request: _Request) -> Packet | None:
    if request.phase is _Phase.ANSWERED:
        return None
    row, up = request.row, request.phase is not _Phase.DOWN
    stale = False
    if isinstance(row, OpRow) and row.kind is OpKind.COMMIT and row.base is not None and row.version is not None:
        newest = moment.history.slots[row.object, row.key].version_at(moment.event) if up else row.version - 1
        stale = newest > row.base
    text = request_text(row) if up else _reply_text(moment, index, request)
    return Packet(index, up, text, request.progress, stale, moment.recording.server_of(row.object))


def request_text(row: OpRow | WaitRow) -> str:
    """As short as it can be said in code: it is not translated."""
    if isinstance(row, WaitRow):
        return "acquire"
    verb = _VERBS.get(row.method, row.method.strip("_"))
    if row.kind is OpKind.CALL:
        return f"{verb}(…)" if row.arguments else f"{verb}()"
    return verb if row.key is None else f"{verb} {row.key}"


def call_text(row: OpRow) -> str:
    """A call as one would write it, without the object."""
    return f"{row.method.strip('_')}({row.arguments or ''})"


def _reply_text(moment: Moment, index: int, request: _Request) -> str:
    match request.row:
        case OpRow(kind=OpKind.FETCH, version=int(version), object=object, key=key):
            if moment.history.copies[index].held[request.felt] == request.felt:
                return _("copy of v{n}").format(n=version)
            event = moment.recording.workers[index].events[request.felt]
            return moment.history.value_at(object, key, event) or _("nothing")
        case OpRow(kind=OpKind.COMMIT, version=int(version)):
            return _("v{n} done").format(n=version)
        case OpRow(kind=OpKind.ACQUIRE):
            return _("granted")
    return _("done")
