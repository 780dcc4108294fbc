"""Races on a key: updates that were overwritten, and copies that were written back without a lock that all hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dictrace.engine.certificate import LossKind
from dictrace.engine.diagnoses import snippets
from dictrace.engine.diagnoses.diagnosis import Diagnosis, Kind, Place, slots_label
from dictrace.engine.diagnoses.holdings import Lock
from dictrace.engine.diagnoses.sources import Text
from dictrace.engine.diagnoses.writebacks import Manner, Slot, Use, WriteBacks
from dictrace.engine.losses import KINDS
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpRow

MANY = 8

_COUNTER = re.compile(r"[^=]*[^=<>!][-+*/|&%^]=[^=]")


@dataclass(slots=True)
class _Cause:
    """What is to be cured at one place; the first time is kept as evidence."""

    manner: Manner
    slot: Slot
    events: tuple[int, ...]
    count: int = 0
    lost: int = 0
    keys: dict[str | None, None] = field(default_factory=dict)
    places: dict[Place, None] = field(default_factory=dict)
    doers: dict[int, None] = field(default_factory=dict)
    tasks: dict[int, None] = field(default_factory=dict)
    locks: dict[Lock, None] = field(default_factory=dict)


Causes = dict[tuple[Kind, int, Place | None], _Cause]


def races_of(recording: Recording, made: WriteBacks, text: Text) -> Iterator[Diagnosis]:
    """One diagnosis for each cause, whether it did harm or not."""
    causes: Causes = {}
    _take_losses(recording, made, text, causes)
    harmful = {place for cause in causes.values() for place in cause.places}
    for slot, use in made.uses.items():
        if use.together and not use.common:
            _take_risk(recording, slot, use, text, causes, harmful)
    for (kind, _object, place), cause in causes.items():
        yield _diagnosis(recording, kind, place, cause, text)


def _take_losses(recording: Recording, made: WriteBacks, text: Text, causes: Causes) -> None:
    losses, events = recording.history.losses, recording.events
    overwritten = KINDS.index(LossKind.OVERWRITTEN)
    known: dict[tuple[int, str | None, Manner, Manner], _Cause] = {}
    for loss in recording.history.standing():
        if losses.kinds[loss] != overwritten:
            continue
        lost, by = losses.victims[loss], losses.events[loss]
        victim, culprit = events[lost - 1], events[by - 1]
        assert isinstance(victim, OpRow)
        assert isinstance(culprit, OpRow)
        slot = victim.object, victim.key
        manners = made.manner(lost), made.manner(by)
        cause = known.get((*slot, *manners))
        if cause is None:
            kind, manner = _cause(*manners, made.uses.get(slot), text)
            key = kind, victim.object, manner.committed
            if key not in causes:
                causes[key] = _Cause(manner, slot, tuple(event for event in (made.fetch_of(by), lost, by) if event))
            cause = known[*slot, *manners] = causes[key]
            _note_key(cause, slot[1])
            _note_manner(cause, manner)
            for other in manners:
                _note_manner(cause, other)
        cause.count += 1
        cause.lost += 1
        if len(cause.tasks) < MANY or len(cause.doers) < MANY:
            _note_doer(cause, recording.event_worker[by - 1], culprit.task)
            _note_doer(cause, recording.event_worker[lost - 1], victim.task)


def _cause(victim: Manner, culprit: Manner, use: Use | None, text: Text) -> tuple[Kind, Manner]:
    """Why nothing kept these two commits apart, and which of them is to be cured."""
    if culprit.late and not culprit.through:
        return Kind.LATE_LOCK, culprit
    if culprit.through and victim.locks:
        return (Kind.LATE_LOCK, victim) if victim.late & culprit.through else (Kind.PRIVATE_LOCK, culprit)
    if culprit.through:
        return Kind.IGNORED_LOCK, victim
    if victim.locks or (use is not None and use.locked):
        return Kind.IGNORED_LOCK, culprit
    return _without_lock(culprit, text), culprit


def _without_lock(manner: Manner, text: Text) -> Kind:
    if manner.missed:
        return Kind.CHECK_THEN_ACT
    on_one_line = manner.fetched is not None and manner.fetched == manner.committed
    return Kind.COUNTER if on_one_line and _COUNTER.match(text.line(manner.committed)) else Kind.STALE_WRITE_BACK


def _take_risk(recording: Recording, slot: Slot, use: Use, text: Text, causes: Causes, harmful: set[Place]) -> None:
    """No lock was held by all who wrote copies of this key back, though they worked at the same time."""
    every_one_locked = all(manner.through for manner in use.manners)
    for manner, (count, event) in use.manners.items():
        if manner.late and not manner.through:
            kind = Kind.LATE_LOCK
        elif manner.through:
            if not every_one_locked:
                continue
            kind = Kind.PRIVATE_LOCK
        else:
            kind = Kind.IGNORED_LOCK if use.locked else _without_lock(manner, text)
        if manner.committed in harmful:
            continue
        cause = causes.setdefault((kind, slot[0], manner.committed), _Cause(manner, slot, (event,)))
        cause.count += count
        _note_key(cause, slot[1])
        _note_manner(cause, manner)
        _note_doer(cause, recording.event_worker[event - 1], getattr(recording.events[event - 1], "task", None))


def _note_key(cause: _Cause, key: str | None) -> None:
    if len(cause.keys) < MANY:
        cause.keys[key] = None


def _note_manner(cause: _Cause, manner: Manner) -> None:
    for place in (manner.fetched, manner.committed):
        if place is not None and len(cause.places) < MANY:
            cause.places[place] = None
    if len(cause.locks) < MANY:
        cause.locks |= dict.fromkeys(manner.locks)


def _note_doer(cause: _Cause, doer: int, task: int | None) -> None:
    if len(cause.doers) < MANY:
        cause.doers[doer] = None
    if task is not None and len(cause.tasks) < MANY:
        cause.tasks[task] = None


def _diagnosis(recording: Recording, kind: Kind, place: Place | None, cause: _Cause, text: Text) -> Diagnosis:
    manner = cause.manner
    first = [p for p in (manner.fetched, place) if p is not None]
    labels = (recording.worker_label(doer) for doer in cause.doers)
    return Diagnosis(
        kind=kind,
        count=cause.count,
        lost=cause.lost,
        event=cause.events[-1],
        events=cause.events,
        places=tuple(dict.fromkeys([*first, *cause.places])),
        processes=tuple(label for label in labels if label is not None),
        tasks=tuple(cause.tasks),
        what=slots_label(recording, cause.slot[0], cause.keys),
        code=snippets.of_race(kind, text.stretch(manner.fetched, place), _lock_name(recording, cause)),
    )


def _lock_name(recording: Recording, cause: _Cause) -> str:
    """What the program calls the lock in question."""
    for kind, number, _ in cause.locks:
        if kind == "shared" and number in recording.objects and recording.objects[number].name:
            return recording.objects[number].name
    return "lock"
