"""How a run begins: the manager server is started, its address comes back, workers come up and connect.

All of it lies before the first request of a worker is served. Its times are clock readings, not an observed order.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dictrace.engine.activity import request_text
from dictrace.engine.clock import Clock
from dictrace.engine.frame import Opening, Packet, ServerState
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow, StartStep
from dictrace.engine.words import _

NOBODY = -1


class Stride(Enum):
    """What happens while a run begins."""

    SPAWN = "the main program starts the manager server"
    SERVER = "the manager server runs"
    ADDRESS = "its address is back in the main program"
    WORKER = "a worker runs"
    CONNECT = "a worker makes its first request"


@dataclass(frozen=True, slots=True, order=True)
class Beginning:
    """A stride at a time; `worker` is the index of the one it is about."""

    ns: int
    what: Stride
    worker: int = NOBODY


def first_worker_event(recording: Recording) -> int:
    """Number of the event with which the opening is over: the first of a worker."""
    return min((worker.events[0] for worker in recording.workers if worker.events), default=len(recording.events) + 1)


def beginnings(recording: Recording) -> list[Beginning]:
    """What is known of the opening, by time."""
    over = first_worker_event(recording)
    last_ns = recording.event_ns[over - 1] if over <= len(recording.events) else recording.duration_ns
    known = (found for found in _found(recording) if 0 < found.ns < last_ns)
    return sorted(known, key=lambda found: (found.ns, found.worker))


def _found(recording: Recording) -> Iterator[Beginning]:
    for step, what in ((StartStep.SPAWN, Stride.SPAWN), (StartStep.ADDRESS, Stride.ADDRESS)):
        if step in recording.starts_ns:
            yield Beginning(recording.starts_ns[step], what)
    if recording.manager_ns is not None:
        yield Beginning(recording.manager_ns, Stride.SERVER)
    for index, worker in enumerate(recording.workers):
        yield Beginning(worker.up_ns, Stride.WORKER, index)
        asked_ns = recording.connect_ns(index)
        if asked_ns is not None:
            yield Beginning(asked_ns, Stride.CONNECT, index)


def opening_stops(recording: Recording) -> list[float]:
    """Positions, ascending, at which something of the opening has just happened, events included."""
    clock = Clock(recording.event_ns)
    found = {clock.position_at(beginning.ns) for beginning in beginnings(recording)}
    if not found:
        return []
    return sorted({*found, *(float(event) for event in range(1, int(max(found)) + 1))})


def opening_at(recording: Recording, event: int, time_ns: float) -> tuple[Opening | None, Beginning | None]:
    """The opening at a moment, None where it is over or nothing of it is known; and what happened last in it.

    The latter is None where that was an event.
    """
    if event >= first_worker_event(recording) or recording.manager_ns is None:
        return None, None
    past = [beginning for beginning in beginnings(recording) if beginning.ns <= time_ns]
    server = ServerState.ABSENT
    if time_ns >= recording.manager_ns:
        server = ServerState.UP
    elif any(beginning.what is Stride.SPAWN for beginning in past):
        server = ServerState.STARTING
    opening = Opening(
        recording.main_pid, server, _address(recording, time_ns) or _main_packet(recording, event, time_ns)
    )
    event_ns = recording.event_ns[event - 1] if event else 0
    return opening, past[-1] if past and past[-1].ns > event_ns else None


def _address(recording: Recording, time_ns: float) -> Packet | None:
    """The address on its way; when exactly it left is not known, only that the server ran."""
    up_ns, arrived_ns = recording.manager_ns, recording.starts_ns.get(StartStep.ADDRESS)
    if up_ns is None or arrived_ns is None or not up_ns <= time_ns < arrived_ns:
        return None
    return Packet(NOBODY, False, _("its address"), (time_ns - up_ns) / (arrived_ns - up_ns), False)


def _main_packet(recording: Recording, event: int, time_ns: float) -> Packet | None:
    """The main program's request, or the reply to it: only the last event and the next one can be on their way."""
    for number in (event, event + 1):
        row = recording.events[number - 1] if 0 < number <= len(recording.events) else None
        if not isinstance(row, OpRow) or row.pid != recording.main_pid or row.request_ns is None:
            continue
        served_ns, reply_ns = recording.event_ns[number - 1], recording.reply_ns[number - 1]
        if row.request_ns <= time_ns < served_ns:
            way_ns = served_ns - row.request_ns
            return Packet(NOBODY, True, request_text(row), (time_ns - row.request_ns) / way_ns, False)
        if served_ns <= time_ns < reply_ns:
            text = _("v{n} done").format(n=row.version) if row.kind is OpKind.COMMIT else _("done")
            return Packet(NOBODY, False, text, (time_ns - served_ns) / (reply_ns - served_ns), False)
    return None
