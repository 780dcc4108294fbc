"""All diagnoses of a recording, the most damaging first; O(events)."""

from collections.abc import Iterator

from dictrace.engine.diagnoses.diagnosis import Diagnosis, Kind
from dictrace.engine.diagnoses.failures import failures_of
from dictrace.engine.diagnoses.races import races_of
from dictrace.engine.diagnoses.sources import Text
from dictrace.engine.diagnoses.writebacks import WriteBacks
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind

_ORDER = {kind: place for place, kind in enumerate(Kind)}
_STANDSTILL = frozenset({Kind.NO_MAIN_GUARD, Kind.LOCK_OF_DEAD, Kind.LOCK_NOT_RELEASED})


def diagnoses_of(recording: Recording) -> tuple[Diagnosis, ...]:
    """What went wrong in what has been recorded so far. First what keeps a program from working, then what lost most,
    last what did no harm this time.
    """
    made, text = WriteBacks(recording), Text(recording)
    found = [*failures_of(recording, made, text), *races_of(recording, made, text)]
    if not any(diagnosis.lost for diagnosis in found):
        found += _one_worker(recording)
    return tuple(sorted(found, key=_rank))


def _rank(diagnosis: Diagnosis) -> tuple[bool, int, int, int]:
    stands_still = diagnosis.kind in _STANDSTILL
    return not stands_still, -diagnosis.lost, _ORDER[diagnosis.kind], diagnosis.event


def _one_worker(recording: Recording) -> Iterator[Diagnosis]:
    """All commits of tasks by one process, though there are others."""
    doers = set(recording.task_worker.values())
    if len(doers) != 1 or len(recording.workers) < 2:
        return
    worker = recording.workers[doers.pop()]
    events = recording.events
    commits = [k for k in worker.events if getattr(events[k - 1], "kind", None) is OpKind.COMMIT]
    if len(commits) > 1:
        count = len(recording.task_worker)
        yield Diagnosis(Kind.ONE_WORKER, count, 0, commits[0], tuple(commits[:1]), processes=(worker.label,))
