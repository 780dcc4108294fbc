"""What the lanes show, in words: every time as it was taken, and by whom, for one event or one span."""

from dictrace.engine.explain import happened
from dictrace.engine.fates import Fates
from dictrace.engine.lanes import MAIN, Lane, LaneData
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, UnsentRow, WaitRow
from dictrace.engine.spans import Spans
from dictrace.engine.words import _


def exact_time(time_ns: int) -> str:
    """A time in ms, to the nanosecond that was read."""
    return _("{n} ms").format(n=f"{time_ns / 1e6:,.6f}")


def length_text(length_ns: int) -> str:
    """How long something took, in µs where it is short."""
    if length_ns < 1_000_000:
        return _("{n} µs").format(n=f"{length_ns / 1e3:,.1f}")
    return _("{n} ms").format(n=f"{length_ns / 1e6:,.3f}")


def event_text(recording: Recording, event: int) -> str:
    """An event and its times: those taken in the server are in its order, clock readings of a process need not be."""
    row, index = recording.events[event - 1], event - 1
    heading = _("Event {n}").format(n=f"{event:,}")
    lines = [heading, happened(recording, event)]
    clock = _("{what}: {time} (a reading of {process}’s clock)")
    process = recording.worker_label(recording.event_worker[index]) or _("the main program")
    request_ns = row.request_ns if isinstance(row, OpRow | WaitRow) else None
    if request_ns is not None:
        lines.append(clock.format(what=_("Sent"), time=exact_time(request_ns), process=process))
    if isinstance(row, OpRow | WaitRow | RaisedRow | UnsentRow):
        text = _("Served: {time} (observed in the server, number {serve} in its order)")
        lines.append(text.format(time=exact_time(row.serve_ns), serve=f"{row.serve:,}"))
    else:
        lines.append(_("Noted: {time} (by the main program)").format(time=exact_time(recording.event_ns[index])))
    if recording.reply_ns[index] >= 0:
        reply = exact_time(recording.reply_ns[index])
        lines.append(clock.format(what=_("Reply received"), time=reply, process=process))
    return "\n".join(lines)


def lane_name(recording: Recording, worker: int) -> str:
    """What a lane is called."""
    return _("main") if worker == MAIN else recording.workers[worker].label


def lane_description(recording: Recording, worker: int | None) -> str:
    """Whose lane it is; None: the server's."""
    if worker is None:
        return _("The manager server: what it served, in its own order, and the losses")
    if worker == MAIN:
        return _("The main program, which started the others")
    process = recording.workers[worker]
    return _("{label} · {name} · PID {pid}").format(label=process.label, name=process.name, pid=process.pid)


def lane_text(
    recording: Recording, data: LaneData, fates: Fates, worker: int, at_ns: float, within_ns: float, on_locks: bool
) -> str:
    """What the lane of a process shows at this time, or at most `within_ns` from it; empty for nothing.

    Where there are a copy and a lock, `on_locks` decides which of them is told.
    """
    lane = data.lanes[worker]
    copies, locks = (lane.sent, lane.unsent), (lane.waits, lane.locks, lane.own_locks)
    for spans in locks + copies if on_locks else copies + locks:
        number = spans.nearest(at_ns, within_ns)
        if number is None:
            continue
        if spans in copies:
            return copy_text(recording, spans, number, fates)
        if spans is lane.own_locks:
            return own_lock_text(recording.workers[worker].label, spans, number)
        return lock_text(recording, lane, spans, number, fates)
    event = data.nearest_event(at_ns, lane.events)
    near = event and abs(int(data.event_ns[event - 1]) - at_ns) <= within_ns
    return event_text(recording, event) if near else ""


def copy_text(recording: Recording, spans: Spans, number: int, fates: Fates) -> str:
    """A private copy from its fetch to what has become of it; what is still to come is told as such."""
    fetch, use = int(spans.firsts[number]), int(spans.lasts[number])
    row = recording.events[fetch - 1]
    assert isinstance(row, OpRow)
    slot = recording.slot_label(row.object, row.key)
    text = _("Private copy of {slot} v{version}, task {task}, for {length}")
    if row.task is None:
        text = _("Private copy of {slot} v{version}, for {length}")
    length = length_text(int(spans.ends_ns[number]) - int(spans.starts_ns[number]))
    lines = [text.format(slot=slot, version=row.version, task=row.task, length=length)]
    lines += [_fate_text(recording, fetch, use, fates), "", event_text(recording, fetch)]
    if 0 < use <= len(recording.events):
        lines += ["", event_text(recording, use)]
    return "\n".join(lines)


def _fate_text(recording: Recording, fetch: int, use: int, fates: Fates) -> str:
    if fetch > fates.event:
        return _("Still to come.")
    if use > fates.event:
        return _("Held at this moment.")
    row = recording.events[use - 1] if use else None
    if isinstance(row, UnsentRow) and fates.is_lost(use):
        return _("Lost: it was never sent.")
    if isinstance(row, DiedRow):
        return _("It ended with its process.")
    if isinstance(row, OpRow) and row.kind is OpKind.COMMIT:
        text = (
            _("Lost: its commit v{version} was overwritten.") if fates.is_lost(use) else _("Committed as v{version}.")
        )
        return text.format(version=row.version)
    return _("It was not committed.")


def lock_text(recording: Recording, lane: Lane, spans: Spans, number: int, fates: Fates) -> str:
    """A wait for a shared lock or a hold of one."""
    first, last = int(spans.firsts[number]), int(spans.lasts[number])
    row, waiting = recording.events[first - 1], spans is lane.waits
    assert isinstance(row, OpRow | WaitRow)
    ended = last <= len(recording.events)
    text = _("Waited for {lock} for {length}") if waiting else _("Held {lock} for {length}")
    if not ended:
        text = _("Waits for {lock}, so far {length}") if waiting else _("Holds {lock}, so far {length}")
    length = length_text(int(spans.ends_ns[number]) - int(spans.starts_ns[number]))
    lines = [text.format(lock=recording.object_label(row.object), length=length)]
    if first > fates.event:
        lines.append(_("Still to come."))
    for event in (first, last) if ended else (first,):
        lines += ["", event_text(recording, event)]
    return "\n".join(lines)


def own_lock_text(process: str, spans: Spans, number: int) -> str:
    """A hold of a lock that no other process can have."""
    start_ns = int(spans.starts_ns[number])
    length = length_text(int(spans.ends_ns[number]) - start_ns)
    return _(
        "{process} held a lock of its own, which excludes nobody, for {length}\n"
        "From {time} on (a reading of {process}’s clock)"
    ).format(process=process, length=length, time=exact_time(start_ns))
