"""What the lanes show, in words: every time as it was taken, and by whom, for one event or one span."""

from dictrace.engine.explain import happened
from dictrace.engine.lanes import LaneData
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpRow, RaisedRow, UnsentRow, WaitRow
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


def lane_text(recording: Recording, data: LaneData, worker: int, at_ns: float, within_ns: float, on_locks: bool) -> str:
    """What the lane of a process shows at this time, or at most `within_ns` from it; empty for nothing.

    Where there are a copy and a lock, `on_locks` decides which of them is told.
    """
    lane = data.lanes[worker]
    copies, locks = (lane.lost, lane.kept), (lane.waits, lane.locks, lane.own_locks)
    for spans in locks + copies if on_locks else copies + locks:
        number = spans.nearest(at_ns, within_ns)
        if number is None:
            continue
        first, last, start_ns = int(spans.firsts[number]), int(spans.lasts[number]), int(spans.starts_ns[number])
        length_ns = int(spans.ends_ns[number]) - start_ns
        if spans in copies:
            return copy_text(recording, first, last, length_ns, spans is lane.lost)
        if spans is lane.own_locks:
            return own_lock_text(recording.workers[worker].label, start_ns, length_ns)
        return lock_text(recording, first, last, length_ns, spans is lane.waits)
    event = data.nearest_event(at_ns, lane.events)
    near = event and abs(int(data.event_ns[event - 1]) - at_ns) <= within_ns
    return event_text(recording, event) if near else ""


def copy_text(recording: Recording, fetch: int, use: int, length_ns: int, lost: bool) -> str:
    """A private copy from its fetch to what became of it."""
    row = recording.events[use - 1]
    assert isinstance(row, OpRow | UnsentRow)
    slot = recording.slot_label(row.object, row.key)
    text = _("Private copy of {slot} v{version}, task {task}, for {length}")
    if row.task is None:
        text = _("Private copy of {slot} v{version}, for {length}")
    lines = [text.format(slot=slot, version=row.base, task=row.task, length=length_text(length_ns))]
    if isinstance(row, UnsentRow):
        lines.append(_("Lost: it was never sent."))
    elif lost:
        lines.append(_("Lost: its commit v{version} was overwritten.").format(version=row.version))
    else:
        lines.append(_("Committed as v{version}.").format(version=row.version))
    return "\n".join((*lines, "", event_text(recording, fetch), "", event_text(recording, use)))


def lock_text(recording: Recording, first: int, last: int, length_ns: int, waiting: bool) -> str:
    """A wait for a shared lock or a hold of one; `last` is 0 where it had no end."""
    row = recording.events[first - 1]
    assert isinstance(row, OpRow | WaitRow)
    text = _("Waited for {lock} for {length}") if waiting else _("Held {lock} for {length}")
    if not last:
        text = _("Waits for {lock}, so far {length}") if waiting else _("Holds {lock}, so far {length}")
    lines = [text.format(lock=recording.object_label(row.object), length=length_text(length_ns))]
    for event in (first, last) if last else (first,):
        lines += ["", event_text(recording, event)]
    return "\n".join(lines)


def own_lock_text(process: str, start_ns: int, length_ns: int) -> str:
    """A hold of a lock that no other process can have."""
    return _(
        "{process} held a lock of its own, which excludes nobody, for {length}\n"
        "From {time} on (a reading of {process}’s clock)"
    ).format(process=process, length=length_text(length_ns), time=exact_time(start_ns))
