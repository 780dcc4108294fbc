"""Sentences on a run: what each event was, why each update was lost, and the cure."""

from typing import TYPE_CHECKING

from dictrace.engine.certificate import Certificate, Culprit, LossKind
from dictrace.engine.opening import Stride
from dictrace.engine.rows import DiedRow, EndRow, OpKind, OpRow, Outcome, RaisedRow, TaskRow, UnsentRow, WaitRow
from dictrace.engine.words import _, joined, ngettext

WRITES = frozenset({"__setitem__", "set", "__setattr__", "update", "__ior__", "__delitem__", "__delattr__", "clear"})
"""Methods that write what the process made of its own copy; any other looks and writes in one request."""

if TYPE_CHECKING:
    from dictrace.engine.frame import Counts
    from dictrace.engine.opening import Beginning
    from dictrace.engine.recording import Recording


def caution(recording: "Recording", counts: "Counts") -> str:
    """What else was seen where nothing was lost: copies that were written back without a lock; else empty.

    Quickly told, so that a window can ask for it at any time; `diagnoses` look closer. Nothing is said of a program
    that has locks of `multiprocessing`, which the history does not follow.
    """
    history = recording.history
    if counts.lost or not history.unlocked or recording.mutex_steps:
        return ""
    return ngettext(
        "{n} copy was written back without a shared lock: another run may lose updates.",
        "{n} copies were written back without a shared lock: another run may lose updates.",
        history.unlocked,
    ).format(n=f"{history.unlocked:,}")


def cure(kind: LossKind) -> str:
    """What to do against this way to lose updates."""
    match kind:
        case LossKind.OVERWRITTEN:
            return _("Hold one shared lock from the fetch to the commit.")
        case LossKind.NEVER_SENT:
            return _("Write the copy back, or put a nested manager.dict() or manager.list() in its place.")
        case LossKind.NEVER_RAN:
            return _("Ask each task for its result: that raises what the task raised.")


def kind_name(kind: LossKind) -> str:
    """What this way to lose updates is called."""
    match kind:
        case LossKind.OVERWRITTEN:
            return _("overwritten")
        case LossKind.NEVER_SENT:
            return _("never sent")
        case LossKind.NEVER_RAN:
            return _("never ran")


def certificate_text(certificate: Certificate) -> str:
    """Why this update was lost."""
    c = certificate
    if c.culprit is not None:
        text = _("{how} The update of {key} that {process} committed in task {task} as v{version}{where} was lost.")
        if c.gone:
            text = _("{how} The removal of {slot} by {process} in task {task}, as v{version}{where}, was undone.")
        return text.format(
            how=_stale_commit(c.culprit, c.culprit_file, c.slot, c.by_removal),
            key=c.key,
            slot=c.slot,
            process=_process(c.process),
            task=c.task,
            version=c.version,
            where=where(c.line, c.file),
        )
    if c.kind is LossKind.NEVER_SENT:
        return _(
            "{process} changed {key} in its private copy of v{version}{where}, in task {task}, and never wrote it back."
        ).format(
            process=_process(c.process), key=c.key, version=c.fetched_version, where=where(c.line, c.file), task=c.task
        )
    if c.reason:
        text = _("Task {task} raised before it committed anything{where}: {reason}")
    elif c.exit_code is not None:
        text = _("{process} died (exit code {exit_code}) in task {task}, before it committed anything.")
    else:
        text = _("Task {task} never returned and had committed nothing.")
    return text.format(
        task=c.task, reason=c.reason, where=where(c.line, c.file), process=_process(c.process), exit_code=c.exit_code
    )


def happened(recording: "Recording", event: int) -> str:
    """One sentence on an event; empty for event 0."""
    if event == 0:
        return ""
    row = recording.events[event - 1]
    who = doer(recording, event)
    match row:
        case OpRow(kind=OpKind.COMMIT):
            return _committed(recording, event, row, who)
        case OpRow(kind=OpKind.FETCH):
            text = _("{who} fetched {slot} when it was at v{version}{where}.")
            slot = recording.slot_label(row.object, row.key)
            return text.format(who=who, slot=slot, version=row.version, where=where_of(recording, row))
        case OpRow(kind=OpKind.READ, key=str()):
            text = _("{who} asked whether {slot} is there{where}: it was not, at v{version}.")
            slot = recording.slot_label(row.object, row.key)
            return text.format(who=who, slot=slot, version=row.version, where=where_of(recording, row))
        case OpRow() | WaitRow():
            return _used(recording, row, who)
        case UnsentRow():
            text = _("Task {task} ended: what {who} changed in its private copy of v{base} of {slot} was never sent.")
            slot = recording.slot_label(row.object, row.key)
            return text.format(task=row.task, who=who, base=row.base, slot=slot)
        case RaisedRow():
            return _("Task {task} raised in {who}{where}: {text}").format(
                task=row.task, text=row.text, who=who, where=where_of(recording, row)
            )
        case DiedRow():
            if row.exit_code is None:
                return _("{who} died.").format(who=who)
            return _("{who} died (exit code {exit_code}).").format(who=who, exit_code=row.exit_code)
        case TaskRow():
            return _("Task {task} never returned.").format(task=row.task)
        case EndRow():
            return _ended(row)


def in_brief(recording: "Recording", event: int) -> str:
    """The same where there is little room: of a fetch and a commit who, what and the versions, and what it cost."""
    row = recording.events[event - 1]
    if not isinstance(row, OpRow) or row.kind not in (OpKind.FETCH, OpKind.COMMIT):
        return happened(recording, event)
    if row.kind is OpKind.FETCH:
        text = _("{who} fetched {slot} v{version}")
    elif row.change is not None and row.change.gone:
        text = _("{who} removed {slot} v{version}")
    else:
        text = (
            _("{who} wrote {slot} v{version}") if row.base is None else _("{who} wrote {slot} v{version} from v{base}")
        )
    slot, lost = recording.slot_label(row.object, row.key), len(recording.history.losses.at(event))
    said = text.format(who=doer(recording, event), slot=slot, version=row.version, base=row.base)
    return f"{said}  −{lost:,}" if lost else said


def begun(recording: "Recording", beginning: "Beginning") -> str:
    """One sentence on a moment of the opening."""
    worker = recording.workers[beginning.worker] if beginning.worker >= 0 else None
    text = {
        Stride.SPAWN: _("The main program starts the manager server, a process of its own."),
        Stride.SERVER: _("The manager server runs (PID {manager}); it sends its address back over a pipe."),
        Stride.ADDRESS: _("The main program has the address of the manager server."),
        Stride.WORKER: _("{who} was started (PID {pid})."),
        Stride.CONNECT: _("{who} connects to the manager server with its first request."),
    }[beginning.what]
    names = {"who": worker.label, "pid": worker.pid} if worker else {}
    return text.format(manager=recording.manager_pid, **names)


def _committed(recording: "Recording", event: int, row: OpRow, who: str) -> str:
    slot = recording.slot_label(row.object, row.key)
    lost = len(recording.history.losses.at(event))
    gone = row.change is not None and row.change.gone
    if row.base is None:
        text = _("{who} wrote {slot} without a fetch, as v{version}{where}.")
        if gone:
            text = _("{who} removed {slot} without a fetch, as v{version}{where}.")
    elif row.version is not None and row.base < row.version - 1:
        text = _stale_commit(
            Culprit(row.task, who, row.base, row.version, row.line), recording.file_of(row), slot, gone
        )
        if lost:
            overwritten = ngettext("{n} update was overwritten.", "{n} updates were overwritten.", lost)
            text = joined((text, overwritten.format(n=f"{lost:,}")))
        return text
    elif row.method == "create":
        text = _("{who} made {object} with {slot}{where}.")
    elif row.method not in WRITES:
        text = _("{who} wrote {slot} by {method}, which looks at it in the same request, as v{version}{where}.")
        if gone:
            text = _("{who} removed {slot} by {method}, which looks at it in the same request, as v{version}{where}.")
    elif gone:
        text = _("{who} removed {slot}, which it knew at v{base}, as v{version}{where}.")
    else:
        text = _("{who} wrote its copy of v{base} of {slot} back as v{version}{where}.")
    names = {"object": recording.object_label(row.object), "method": row.method.strip("_")}
    return text.format(who=who, slot=slot, base=row.base, version=row.version, where=where_of(recording, row), **names)


def _stale_commit(culprit: Culprit, file: str | None, slot: str | None, gone: bool) -> str:
    text = _("{who} wrote back a copy of v{base}{where} when {slot} was already at v{current}.")
    if not culprit.fetched_version:
        text = _("{who} wrote {slot}{where} as if it were not there, when it was already at v{current}.")
    elif gone:
        text = _("{who} removed {slot} by a copy of v{base}{where} when it was already at v{current}.")
    return text.format(
        who=_process(culprit.process),
        base=culprit.fetched_version,
        where=where(culprit.line, file),
        slot=slot,
        current=culprit.version - 1,
    )


def _used(recording: "Recording", row: OpRow | WaitRow, who: str) -> str:
    """A step on a lock, or another method of a referent."""
    if isinstance(row, WaitRow):
        text = _("{who} asks for {object}, which is held, and waits{where}.")
    elif row.kind is OpKind.ACQUIRE:
        text = _("{who} acquired {object}{where}.")
    elif row.kind is OpKind.RELEASE:
        text = _("{who} released {object}{where}.")
    elif row.arguments:
        text = _("{who} called {method} of {object} with {arguments}{where}.")
    else:
        text = _("{who} called {method} of {object}{where}.")
    label = recording.object_label(row.object)
    names = {"method": getattr(row, "method", ""), "arguments": getattr(row, "arguments", None)}
    return text.format(who=who, object=label, where=where_of(recording, row), **names)


def _ended(row: EndRow) -> str:
    if row.outcome is Outcome.FINISHED:
        text = _("The run finished.")
    elif row.outcome is Outcome.STOPPED:
        text = _("The run was stopped.")
    else:
        text = _("The run failed: {text}").format(text=row.text) if row.text else _("The run failed.")
    return joined((text, unheard(row.unheard)))


def unheard(servers: int) -> str:
    """What is missing because that many manager servers ended too early; empty where none did."""
    if not servers:
        return ""
    return ngettext(
        "{n} manager server ended before it had told everything: its last operations may be missing.",
        "{n} manager servers ended before they had told everything: their last operations may be missing.",
        servers,
    ).format(n=servers)


def doer(recording: "Recording", event: int) -> str:
    """Who did an event; a request may come from a process that is not known."""
    pid: int | None = getattr(recording.events[event - 1], "pid", None)
    worker = recording.event_worker[event - 1]
    if worker >= 0 or recording.worker_of.get(pid or 0) == -1:
        return _("The manager server") if pid == recording.manager_pid else _process(recording.worker_label(worker))
    return _("A process")


def _process(label: str | None) -> str:
    return label or _("The main program")


def where_of(recording: "Recording", row: object) -> str:
    """The line of a row, as `where` says it."""
    return where(getattr(row, "line", None), recording.file_of(row))


def where(line: int | None, file: str | None = None) -> str:
    """A line in brackets, to follow a clause, with its file where that is given; empty where it is not known."""
    if not line:
        return ""
    return _(" ({place})").format(place=f"{file}:{line}") if file else _(" (line {line})").format(line=line)
