"""A recording as tables, CSV: one row per request that was served, or one per commit. Always in English.

A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

import csv
import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import msgspec

from dictrace.engine.contents import own_change
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow, WaitRow
from dictrace.engine.slots import Slot

OPERATIONS = (
    *("event", "serve", "serve_ns", "request_ns", "reply_ns", "wait_ns", "process", "pid", "task"),
    *("object", "key", "method", "kind", "version", "base", "file", "line"),
)
COMMITS = (
    *("event", "serve", "serve_ns", "process", "pid", "task", "object", "key", "version", "parent", "behind"),
    *("updates", "added", "changed", "removed", "value", "fate"),
    *("culprit_event", "culprit_process", "culprit_task", "culprit_version", "culprit_line", "file", "line"),
)

Cell = str | int | None


def operations_table(recording: Recording) -> bytes:
    """One row per request that the server served, in its order; columns are `OPERATIONS`."""
    return _csv(OPERATIONS, _operations(recording))


def commits_table(recording: Recording) -> bytes:
    """One row per commit with its place in the version graph and what became of it; columns are `COMMITS`.

    The updates of the rows with the fate ``survived`` are those that survived; of ``overwritten``, those overwritten.
    """
    return _csv(COMMITS, _commits(recording))


def _operations(recording: Recording) -> Iterator[tuple[Cell, ...]]:
    waits: dict[tuple[int, int], int] = {}
    for event, row in enumerate(recording.events, start=1):
        if isinstance(row, WaitRow):
            waits[row.pid, row.seq] = row.serve_ns
        if not isinstance(row, OpRow):
            continue
        waited_ns = waits.pop((row.pid, row.seq), None)
        reply_ns = recording.reply_ns[event - 1]
        yield (
            *(event, row.serve, row.serve_ns, row.request_ns, reply_ns if reply_ns >= 0 else None),
            row.serve_ns - waited_ns if waited_ns is not None else None,
            *(process_name(recording, row.pid), row.pid, row.task),
            *(recording.object_label(row.object), row.key, row.method, row.kind.value),
            *(row.version, row.base, row.file, row.line),
        )


def _commits(recording: Recording) -> Iterator[tuple[Cell, ...]]:
    slots = recording.history.slots
    for event, row in enumerate(recording.events, start=1):
        if not isinstance(row, OpRow) or row.kind is not OpKind.COMMIT:
            continue
        own, slot = own_change(row), slots[row.object, row.key]
        updates = len(slot.updates_of([slot.ordinal_at(event)]))
        behind = None if row.base is None or row.version is None else row.version - 1 - row.base
        yield (
            *(event, row.serve, row.serve_ns, process_name(recording, row.pid), row.pid, row.task),
            *(recording.object_label(row.object), row.key, row.version, row.base, behind, updates),
            *(_json(own.added), _json(own.changed), _json(own.removed), own.value),
            *_fate(recording, slot, event),
            *(row.file, row.line),
        )


def _fate(recording: Recording, slot: Slot, event: int) -> tuple[Cell, ...]:
    """What became of the version that `event` committed, and the commit that overwrote it."""
    ordinal = bisect_right(slot.events, event) - 1
    if slot.alive[ordinal]:
        return ("survived", *(None,) * 5)
    loss = next((slot.lost[update] for update in slot.updates_of([ordinal])), -1)
    if loss < 0:
        return ("superseded", *(None,) * 5)
    culprit_event = recording.history.losses.events[loss]
    culprit = recording.events[culprit_event - 1]
    assert isinstance(culprit, OpRow)
    process = process_name(recording, culprit.pid)
    return "overwritten", culprit_event, process, culprit.task, culprit.version, culprit.line


def process_name(recording: Recording, pid: int) -> str:
    """``P1``, ``P2`` … for a worker, ``main``, ``manager``, or nothing for a process that is not known."""
    worker = recording.worker_of.get(pid)
    if worker is not None and worker >= 0:
        return recording.workers[worker].label
    return {recording.main_pid: "main", recording.manager_pid: "manager"}.get(pid, "")


def _json(parts: dict[str, str] | tuple[str, ...]) -> str:
    return msgspec.json.encode(parts).decode() if parts else ""


def _csv(header: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _plain(cell: Cell) -> Cell:
    """The cell, with an apostrophe in front of what is no number and looks like a formula."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        try:
            float(cell)
        except ValueError:
            return f"'{cell}"
    return cell
