"""Processes that died, and what each was doing: a worker with its tasks, or a manager server with all it held."""

from collections.abc import Iterator

from dictrace.engine.activity import Moment, process_at
from dictrace.engine.diagnoses.diagnosis import MANY, Diagnosis, Kind
from dictrace.engine.frame import ProcessState
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow


def server_deaths(recording: Recording) -> Iterator[Diagnosis]:
    """One diagnosis for each manager server that died."""
    servers = set(recording.managers)
    for event, row in enumerate(recording.events, 1):
        if isinstance(row, DiedRow) and row.pid in servers:
            yield Diagnosis(Kind.SERVER_DIED, 1, len(recording.failed_tasks), event, (event,), exit_code=row.exit_code)


def worker_deaths(recording: Recording, unreturned: list[tuple[int, int]], told: set[int]) -> Diagnosis | None:
    """Workers that died in tasks, other than at the events `told`; tasks that never returned were theirs, or waited."""
    dead = [worker for worker in recording.workers if worker.died_event and worker.died_event not in told]
    if not unreturned:
        failed = recording.failed_tasks
        dead = [w for w in dead if w.died_event in failed or _exit_code(recording, w.died_event)]
    if not dead:
        return None
    events = tuple(worker.died_event for worker in dead)
    tasks = {recording.failed_tasks[event]: None for event in events if event in recording.failed_tasks}
    tasks |= dict.fromkeys(task for _, task in unreturned)
    doing, copy = _doing(recording, events[0])
    return Diagnosis(
        Kind.WORKER_DIED,
        len(dead),
        len(tasks),
        events[0],
        events[:MANY],
        processes=tuple(worker.label for worker in dead[:MANY]),
        tasks=tuple(tasks)[:MANY],
        what=copy,
        exit_code=_exit_code(recording, events[0]),
        doing=doing,
        awaited=bool(unreturned),
    )


def _exit_code(recording: Recording, event: int) -> int | None:
    return getattr(recording.events[event - 1], "exit_code", None)


def _doing(recording: Recording, event: int) -> tuple[ProcessState, str | None]:
    """What the worker that died at `event` did then, and the label of what it had a copy of, or None."""
    history = recording.history
    moment = Moment(recording, history, event - 1, recording.event_ns[event - 1] - 1, over=False, labels=())
    view, _packet = process_at(moment, recording.event_worker[event - 1], None)
    if event not in recording.failed_tasks:
        return ProcessState.IDLE, None
    if view.copy is None:
        return view.state, None
    field = history.cells.fields[view.copy.field]
    return view.state, recording.slot_label(field.object, field.key)
