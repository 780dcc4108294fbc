"""Small runs of two workers, P1 and P2, written row by row with times chosen by hand, and what to compare with."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from dictrace.engine.frame import (
    Cells,
    CellState,
    Packet,
    PrivateCopy,
    ProcessState,
    ProcessView,
)
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import (
    AnyRow,
    Change,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    ProcessRow,
    Role,
    TaskRow,
    TaskStep,
)
from tests.engine.histories import header

MAIN, MANAGER, P1, P2 = 10, 20, 31, 32
PRESENT, LOST = CellState.PRESENT.value, CellState.LOST.value


def op(serve: int, ns: int, pid: int, kind: OpKind, method: str, asked_ns: int | None = None, **more: object) -> OpRow:
    """A request of `pid`, its number is its place in the serve order."""
    return OpRow(serve, ns, pid, serve, more.pop("object", 1), method, kind, request_ns=asked_ns, **more)  # type: ignore[arg-type]


def fetch(serve: int, ns: int, pid: int, asked_ns: int | None, task: int, version: int, key: str = "'test'") -> OpRow:
    return op(serve, ns, pid, OpKind.FETCH, "__getitem__", asked_ns, task=task, key=key, version=version, line=2)


def commit(
    serve: int,
    ns: int,
    pid: int,
    asked_ns: int,
    task: int | None,
    version: int,
    base: int | None,
    change: Change,
    **more: object,
) -> OpRow:
    made = {"key": "'test'", "version": version, "base": base, "change": change, "line": 5, **more}
    return op(serve, ns, pid, OpKind.COMMIT, "__setitem__", asked_ns, task=task, **made)


def begin(task: int, pid: int, ns: int) -> TaskRow:
    return TaskRow(task, TaskStep.BEGIN, ns, pid)


def end(task: int, pid: int, ns: int) -> TaskRow:
    return TaskRow(task, TaskStep.END, ns, pid)


def recording_of(*rows: AnyRow) -> Recording:
    """A recording of two workers and a dict called d, and these rows."""
    recording = Recording(header())
    recording.extend(
        [
            ProcessRow(MAIN, Role.MAIN, "MainProcess", 0),
            ProcessRow(MANAGER, Role.MANAGER, "SyncManager-1", 0),
            ProcessRow(P1, Role.WORKER, "ForkPoolWorker-2", 0),
            ProcessRow(P2, Role.WORKER, "ForkPoolWorker-3", 0),
            ObjectRow(1, "dict", 0),
            NameRow(1, "d", 3),
            *rows,
        ]
    )
    return recording


def cells(states: Sequence[int], writers: Sequence[int], labels: tuple[str, ...]) -> Cells:
    """Cells of the field of ``d['test']``, the first field."""
    fields = np.zeros(len(states), np.int32)
    return Cells(np.array(states, np.uint8), np.array(writers, np.int16), fields, labels)


def process(
    label: str, state: ProcessState, task: int | None = None, line: int | None = None, **more: object
) -> ProcessView:
    known = {"copy": None, "holds": None, "holds_private": False, "tasks_done": 0, "lost": 0, "connected": True} | more
    known.setdefault("name", {"P1": "ForkPoolWorker-2", "P2": "ForkPoolWorker-3"}[label])
    return ProcessView(label, {"P1": P1, "P2": P2}[label], task, state, line, **known)  # type: ignore[arg-type]


def copy_of(base: int, behind: int, cells: Cells | None, own: tuple[int, ...]) -> PrivateCopy:
    return PrivateCopy(0, base, behind, cells, None, own)


def packets_at(recording: Recording, position: float) -> tuple[Packet, ...]:
    """The packets of a frame, their progress freed from what floats add."""
    return tuple(
        replace(packet, progress=round(packet.progress, 9)) for packet in frame_at(recording, position).packets
    )
