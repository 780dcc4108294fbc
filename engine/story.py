"""A certificate as a story: numbered steps in the order they happened, each with the moment to look at it."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from dictrace.engine.certificate import LossKind
from dictrace.engine.clock import Clock
from dictrace.engine.experiment import Experiment, LockChoice
from dictrace.engine.explain import cure, doer, kind_name, where_of
from dictrace.engine.losses import KINDS
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpKind, OpRow, RaisedRow, UnsentRow
from dictrace.engine.words import _

EXCLUSIVE = ("Lock", "RLock")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story.

    Attributes:
        position: moment at which it can be seen, by event; see `Frame.position`.
        text: one sentence.
        lost: it tells of the loss itself.
    """

    position: float
    text: str
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of a lost update: title, steps, and how to cure it; without a loss only the title."""

    title: str
    steps: tuple[Step, ...] = ()
    cure: str = ""


def newest_story(recording: Recording, event: int) -> Story:
    """Of the update that was lost last, up to an event."""
    losses = recording.history.losses
    loss = losses.newest(event)
    if loss < 0:
        return Story(_("No update is lost up to here."))
    return Story(title(recording, loss), story(recording, loss), cure(KINDS[losses.kinds[loss]]))


def story(recording: Recording, loss: int) -> tuple[Step, ...]:
    """How the update of the loss with this index (as in `Frame.losses`) was lost."""
    tell = {
        LossKind.OVERWRITTEN: _overwritten,
        LossKind.NEVER_SENT: _never_sent,
        LossKind.NEVER_RAN: _never_ran,
    }[KINDS[recording.history.losses.kinds[loss]]]
    return tuple(tell(recording, loss))


def title(recording: Recording, loss: int) -> str:
    """What was lost, and in which way."""
    certificate = recording.history.certificate(loss)
    what = certificate.key or _("task {n}").format(n=certificate.task)
    return _("{what}: {kind}").format(what=what, kind=kind_name(certificate.kind))


def cured(recording: Recording, kind: LossKind) -> Experiment | None:
    """The experiment of the recording, changed so that no update can be lost in this way.

    None where it is not a run of the built-in program, or there is nothing to change.
    """
    try:
        experiment = msgspec.convert(recording.header.parameters, Experiment)
    except msgspec.ValidationError:
        return None
    if kind is LossKind.NEVER_RAN or experiment.what != recording.header.what:
        return None
    changed = msgspec.structs.replace(experiment, write_back=True, lock=LockChoice.SHARED)
    return None if changed == experiment else changed


def _overwritten(recording: Recording, loss: int) -> Iterator[Step]:
    losses = recording.history.losses
    event, victim_event = losses.events[loss], losses.victims[loss]
    row, victim = recording.events[event - 1], recording.events[victim_event - 1]
    assert isinstance(row, OpRow)
    assert isinstance(victim, OpRow)
    certificate = recording.history.certificate(loss)
    names = {
        "who": doer(recording, event),
        "other": doer(recording, victim_event),
        "slot": certificate.slot,
        "key": certificate.key,
        "base": row.base,
    }
    fetched = _fetch_of(recording, event, row)
    if fetched:
        text = _("{who} fetched {slot} when it was at v{base}{where}.")
        if not row.base:
            text = _("{who} saw that {slot} was not there{where}.")
        first = Step(fetched, text.format(**names, where=where_of(recording, recording.events[fetched - 1])))
    else:
        first = Step(event, _("{who} has a copy of v{base} of {slot}.").format(**names))
    if victim_event > first.position and not row.base:
        text = _("After that, {other} committed {key} as v{version}{where}.")
    elif victim_event > first.position:
        text = _("While {who} had this copy, {other} committed {key} as v{version}{where}.")
    else:
        text = _("This copy was without {key}, which {other} had committed as v{version}{where}.")
    yield first
    yield Step(victim_event, text.format(**names, version=victim.version, where=where_of(recording, victim)))
    yield from _locks(recording, victim_event, event)
    text = _("{who} wrote its stale copy back as v{version}{where}.")
    if not row.base:
        text = _("{who} wrote {slot} all the same, as v{version}{where}.")
    elif row.change is not None and row.change.gone:
        text = _("{who} removed {slot} by its stale copy, as v{version}{where}.")
    yield Step(event, text.format(**names, version=row.version, where=where_of(recording, row)))
    text = _gone(row, recording.history.part_of(loss))
    yield Step(event, text.format(**names, value=row.change and row.change.value), lost=True)


def _gone(row: OpRow, part: str | None) -> str:
    """What the commit `row` left of the update to this part."""
    if row.change is not None and (part in row.change.removed or (part is None and row.change.gone)):
        return _("{key} was gone, and nobody was told.")
    if row.change is not None and part is None and row.change.value is not None:
        return _("{slot} is {value} now, without the update by {other}; nobody was told.")
    return _("The update of {key} by {other} was lost, and nobody was told.")


def _locks(recording: Recording, victim_event: int, event: int) -> Iterator[Step]:
    """Why a lock did not help: one that excludes nobody, or one that somebody did not ask for."""
    worker = recording.event_worker[event - 1]
    if worker >= 0:
        times, acquired = recording.workers[worker].private_ns, recording.workers[worker].private_acquired
        # Released after its commit was served, so at that moment it is still held.
        place = bisect_left(times, recording.event_ns[event - 1])
        if place and acquired[place - 1]:
            text = _("{who} held a lock, but one of its own: it kept nobody out.")
            yield Step(event, text.format(who=doer(recording, event)))
    for lock in recording.history.locks:
        known = recording.objects.get(lock.object)
        if known is None or known.typeid not in EXCLUSIVE:
            continue
        for commit in (victim_event, event):
            if lock.at(commit)[0] != getattr(recording.events[commit - 1], "pid", None):
                text = _("{who} did not hold {lock} when it committed.")
                label = recording.object_label(lock.object)
                yield Step(commit, text.format(who=doer(recording, commit), lock=label))


def _never_sent(recording: Recording, loss: int) -> Iterator[Step]:
    event = recording.history.losses.events[loss]
    row = recording.events[event - 1]
    assert isinstance(row, UnsentRow)
    certificate = recording.history.certificate(loss)
    names = {"who": doer(recording, event), "slot": certificate.slot, "key": certificate.key, "task": row.task}
    fetched = _fetch_of(recording, event, row)
    changed = float(event)
    if fetched:
        text = _("{who} fetched {slot} when it was at v{base}{where}.")
        yield Step(fetched, text.format(**names, base=row.base, where=where_of(recording, row)))
        reply_ns = recording.reply_ns[fetched - 1]
        replied = Clock(recording.event_ns).position_at(reply_ns) if reply_ns >= 0 else fetched
        changed = float(min(max(replied, fetched), event))
    yield Step(changed, _("{who} changed {key}, but only in its private copy.").format(**names))
    yield Step(event, _("Task {task} ended, and {who} had not written the copy back.").format(**names))
    text = _("The shared {slot} never got the update of {key}, and nobody was told.")
    yield Step(event, text.format(**names), lost=True)


def _never_ran(recording: Recording, loss: int) -> Iterator[Step]:
    event = recording.history.losses.events[loss]
    row, task = recording.events[event - 1], recording.failed_tasks[event]
    worker = recording.event_worker[event - 1]
    who = doer(recording, event)
    if worker >= 0 and task in recording.workers[worker].step_tasks:
        steps = recording.workers[worker]
        began = Clock(recording.event_ns).position_at(steps.step_ns[steps.step_tasks.index(task)])
        yield Step(min(began, event), _("Task {task} began in {who}.").format(task=task, who=who))
    if isinstance(row, RaisedRow):
        text = _("It raised{where}: {text}")
        yield Step(event, text.format(text=row.text, where=where_of(recording, row)))
    elif isinstance(row, DiedRow):
        text = _("{who} died in task {task} (exit code {exit_code}).")
        yield Step(event, text.format(who=who, task=task, exit_code=row.exit_code))
    else:
        yield Step(event, _("Task {task} never returned.").format(task=task))
    text = _("Task {task} had committed nothing: its update never came to be.")
    yield Step(event, text.format(task=task), lost=True)


def _fetch_of(recording: Recording, event: int, row: OpRow | UnsentRow) -> int:
    """Event of the newest fetch before `event` by the same process that gave it the copy `row` is made from, else 0.

    To have asked whether a key is there is as good as a fetch.
    """
    worker = recording.event_worker[event - 1]
    own = recording.workers[worker].events if worker >= 0 else range(1, event + 1)
    for place in range(bisect_left(own, event) - 1, -1, -1):
        fetch = recording.events[own[place] - 1]
        if not isinstance(fetch, OpRow) or fetch.kind not in (OpKind.FETCH, OpKind.READ) or fetch.pid != row.pid:
            continue
        if (fetch.object, fetch.key) == (row.object, row.key) and fetch.version is not None:
            if fetch.version == row.base:
                return own[place]
            if row.base is None or fetch.version < row.base:
                break  # versions only grow: further back there are older ones
    return 0
