"""Tasks and processes that came to nothing: exceptions, deaths, locks that nobody released, what stderr tells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dictrace.engine.certificate import LossKind
from dictrace.engine.diagnoses import snippets
from dictrace.engine.diagnoses.deaths import server_deaths, worker_deaths
from dictrace.engine.diagnoses.diagnosis import MANY, Diagnosis, Kind, Place, place_of, slots_label
from dictrace.engine.diagnoses.sources import Text
from dictrace.engine.diagnoses.stderr import Stderr
from dictrace.engine.diagnoses.writebacks import KeptLock, WriteBacks
from dictrace.engine.losses import KINDS
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, Outcome, RaisedRow, TaskRow, UnsentRow

_NO_GUARD = "current process has finished its bootstrapping phase"
_LOCK_SENT = re.compile(r"\w+ objects should only be shared between processes")
_NOT_PICKLABLE = re.compile(r"PicklingError|MaybeEncodingError|[Cc]an(no|')t pickle |Can't get local object")
_NO_SERVER = re.compile(
    r"(\w+\.)*(EOFError|FileNotFoundError|BrokenPipeError|Connection(Reset|Refused|Aborted)?Error)\b"
)
_NO_OBJECT = re.compile(r"RemoteError: KeyError: '[0-9a-f]+'$")
_EXPLAIN_ABSENCE = frozenset({Kind.MANAGER_GONE, Kind.LOCK_SENT, Kind.NOT_PICKLABLE})
_OUT_OF_SIGHT = re.compile(r"in (mapstar|starmapstar|_process_worker)\n")
"""Tasks of a map or an executor: whether somebody looked at what each of them raised is not recorded."""


@dataclass(slots=True)
class _Case:
    """What failed alike, at one place."""

    reason: str = ""
    what: str | None = None
    keys: dict[str | None, None] = field(default_factory=dict)
    count: int = 0
    events: list[int] = field(default_factory=list)
    processes: dict[str, None] = field(default_factory=dict)
    tasks: dict[int, None] = field(default_factory=dict)


def failures_of(recording: Recording, made: WriteBacks, text: Text) -> Iterator[Diagnosis]:
    """One diagnosis for each thing that failed. What a run that was stopped did not come to is no failure."""
    yield from _never_sent(recording, text)
    stderr = Stderr(recording)
    guard = _no_main_guard(recording, stderr, text)
    if guard is not None:
        yield guard
        return
    if recording.end is not None and recording.end.outcome is Outcome.STOPPED:
        return
    finished = recording.end is not None and recording.end.outcome is Outcome.FINISHED
    servers = list(server_deaths(recording))
    raised = [found for found in _raised(recording, stderr, text) if not (servers and found.kind is Kind.MANAGER_GONE)]
    kept = list(_kept_locks(recording, made.kept))
    died = worker_deaths(recording, _unreturned(recording), {lock.event for lock in made.kept})
    yield from (*servers, *raised, *kept)
    if died is not None:
        yield died
    elif finished and not (servers or kept) and not any(diagnosis.kind in _EXPLAIN_ABSENCE for diagnosis in raised):
        yield from _left_early(recording)


def _no_main_guard(recording: Recording, stderr: Stderr, text: Text) -> Diagnosis | None:
    found = stderr.text.find(_NO_GUARD)
    if found < 0:
        return None
    start = stderr.text.rfind("Traceback (most recent call last)", 0, found)
    place = text.own_place(stderr.text[max(start, 0) : found])
    kind, count = Kind.NO_MAIN_GUARD, stderr.text.count(_NO_GUARD)
    places = (place,) if place else ()
    return Diagnosis(kind, count, count, stderr.event_at(found), places=places, code=snippets.pattern(kind))


def _raised(recording: Recording, stderr: Stderr, text: Text) -> Iterator[Diagnosis]:
    """Exceptions that tasks raised, and those that ended another process with a traceback."""
    cases: dict[tuple[Kind, Place | None, str], _Case] = {}
    told: set[str] = set()
    for event, task in recording.failed_tasks.items():
        row = recording.events[event - 1]
        if not isinstance(row, RaisedRow):
            continue
        told.add(row.text)
        kind = _kind_of(row.text, row.traceback)
        if kind is None:
            if task in recording.examined or stderr.says(row.text) or _OUT_OF_SIGHT.search(row.traceback):
                continue
            kind = Kind.UNSEEN_EXCEPTION
        place = text.own_place(row.traceback) or place_of(row.file, row.line)
        case = cases.setdefault((kind, place, row.text.partition(":")[0]), _Case(row.text))
        case.tasks[task] = None
        _count(case, event, recording.worker_label(recording.event_worker[event - 1]))
    for begun, traceback, reason in stderr.tracebacks():
        kind = _kind_of(reason, traceback)
        if kind is not None and reason not in told:
            case = cases.setdefault((kind, text.own_place(traceback), reason.partition(":")[0]), _Case(reason))
            _count(case, stderr.event_at(begun), None)
    for (kind, place, _type), case in cases.items():
        yield _diagnosis(kind, place, case, snippets.pattern(kind))


def _kind_of(reason: str, traceback: str) -> Kind | None:
    """What an exception is a sign of, None for any other."""
    if _LOCK_SENT.search(reason):
        return Kind.LOCK_SENT
    if _NOT_PICKLABLE.search(reason):
        return Kind.NOT_PICKLABLE
    gone = _NO_OBJECT.match(reason) or (_NO_SERVER.match(reason) and "managers.py" in traceback)
    return Kind.MANAGER_GONE if gone else None


def _count(case: _Case, event: int, process: str | None) -> None:
    case.count += 1
    case.events.append(event)
    if process is not None:
        case.processes[process] = None


def _kept_locks(recording: Recording, kept: list[KeptLock]) -> Iterator[Diagnosis]:
    for lock in kept:
        died = isinstance(recording.events[lock.event - 1], DiedRow)
        kind = Kind.LOCK_OF_DEAD if died else Kind.LOCK_NOT_RELEASED
        labels = (recording.worker_label(recording.worker_of.get(pid, -1)) for pid in (lock.pid, *lock.waiting))
        yield Diagnosis(
            kind,
            1,
            len(lock.waiting),
            lock.event,
            (lock.event,),
            (lock.acquired,) if lock.acquired is not None else (),
            tuple(label for label in labels if label is not None),
            what=recording.object_label(lock.lock[1]) if lock.lock[0] == "shared" else None,
            code=snippets.pattern(kind),
        )


def _left_early(recording: Recording) -> Iterator[Diagnosis]:
    """Tasks that never returned though no process died."""
    found = _unreturned(recording)
    if found:
        events, tasks = zip(*found, strict=True)
        kind = Kind.LEFT_EARLY
        own = events[:MANY]
        yield Diagnosis(kind, len(found), len(found), events[0], own, tasks=tasks[:MANY], code=snippets.pattern(kind))


def _unreturned(recording: Recording) -> list[tuple[int, int]]:
    """Events and numbers of the tasks that never returned."""
    failed = recording.failed_tasks.items()
    return [(event, task) for event, task in failed if isinstance(recording.events[event - 1], TaskRow)]


def _never_sent(recording: Recording, text: Text) -> Iterator[Diagnosis]:
    """Changes to private copies that were not written back, by the line that fetched the copy."""
    history, events = recording.history, recording.events
    losses, never_sent = history.losses, KINDS.index(LossKind.NEVER_SENT)
    cases: dict[tuple[int, Place | None], _Case] = {}
    for loss in history.standing():
        if losses.kinds[loss] != never_sent:
            continue
        event = losses.victims[loss]
        row = events[event - 1]
        assert isinstance(row, UnsentRow)
        place = place_of(row.file, row.line)
        case = cases.setdefault((row.object, place), _Case())
        case.keys[row.key] = None
        case.tasks[row.task] = None
        _count(case, event, recording.worker_label(recording.event_worker[event - 1]))
    for (object, place), case in cases.items():
        case.what = slots_label(recording, object, case.keys)
        yield _diagnosis(Kind.NEVER_SENT, place, case, snippets.of_unsent(text.line(place), case.keys))


def _diagnosis(kind: Kind, place: Place | None, case: _Case, code: str) -> Diagnosis:
    return Diagnosis(
        kind,
        case.count,
        case.count,
        case.events[0],
        tuple(case.events[:MANY]),
        (place,) if place else (),
        tuple(case.processes)[:MANY],
        tuple(case.tasks)[:MANY],
        case.what,
        case.reason,
        code=code,
    )
