"""A recording as a film: what changes from one whole position to the next, taken from the frames the window paints.

A film is data for `resources/page/page.js`; fields of the array-like structs are read there by their places.
"""

from collections.abc import Iterator
from itertools import zip_longest

import msgspec
import numpy as np
from msgspec.structs import replace

from dictrace.engine.explain import certificate_text, kind_name
from dictrace.engine.frame import Cells, CellState, Counts, FieldView, Frame, LockView, PrivateCopy, ProcessView
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.verdicts import breakdown, verdict, verdict_at
from dictrace.engine.words import _, ngettext

MAX_EVENTS = 20_000
MAX_CERTIFICATES = 2_000
OWN_LABELS = 3
"""Labels of a task's own changes that are kept; of the others, the number."""

_NOTHING = Cells(np.zeros(0, np.uint8), np.zeros(0, np.int16), np.zeros(0, np.int32), ())


class Copy(msgspec.Struct, array_like=True, frozen=True):
    """A private copy: index of its field, version fetched, versions behind, keys in it, value, own changes."""

    field: int
    base: int
    behind: int
    size: int
    value: str | None
    own: int
    own_labels: tuple[str, ...]


class Process(msgspec.Struct, array_like=True, frozen=True):
    """A process, by its index: what `ProcessView` holds."""

    index: int
    state: str
    task: int | None
    line: int | None
    copy: Copy | None
    holds: int | None
    holds_private: bool
    tasks_done: int
    lost: int


class Field(msgspec.Struct, array_like=True, frozen=True):
    """A field, by its index: what `FieldView` holds."""

    index: int
    label: str
    version: int
    size: int
    value: str | None


class Lock(msgspec.Struct, array_like=True, frozen=True):
    """A shared lock, by its index: what `LockView` holds."""

    index: int
    label: str
    holder: int | None
    queue: tuple[int, ...]


class Packet(msgspec.Struct, array_like=True, frozen=True):
    """A packet on its way: index of its process, direction, text, progress from 0 to 1, stale."""

    process: int
    up: bool
    text: str
    progress: float
    stale: bool


class Score(msgspec.Struct, array_like=True, frozen=True):
    """Attempted and lost updates, and the two sentences on them."""

    attempted: int
    lost: int
    verdict: str
    breakdown: str


class Step(msgspec.Struct, array_like=True, frozen=True):
    """What differs from the position before; all packets.

    Attributes:
        ns: true time.
        happened: one sentence.
        losses: per update lost at this very event: index of its cell, -1 for none.
        score: None where it is as before.
        cells: index, state, writer of one cell after the other, flat.
        behinds: index and number of versions behind, flat, of processes in which nothing else differs.
    """

    ns: int
    happened: str
    losses: tuple[int, ...]
    score: Score | None
    cells: tuple[int, ...]
    fields: tuple[Field, ...]
    processes: tuple[Process, ...]
    behinds: tuple[int, ...]
    locks: tuple[Lock, ...]
    packets: tuple[Packet, ...]


class Certificate(msgspec.Struct, array_like=True, frozen=True):
    """A lost update: event at which it was lost, and the sentences on it."""

    event: int
    kind: str
    key: str
    text: str


class Film(msgspec.Struct, frozen=True):
    """A run, position by position.

    Attributes:
        manager_pid: process id of the manager server, or None.
        processes: label and process id of each process.
        cell_labels, cell_fields: label of each cell, and index of the field it is in.
        steps: the positions 0, 1, 2 …; the first is what differs from nothing.
        certificates: the updates that are lost in the end, as far as the steps and `MAX_CERTIFICATES` go.
        notes: what is not in the film.
    """

    manager_pid: int | None
    processes: tuple[tuple[str, int], ...]
    cell_labels: tuple[str, ...]
    cell_fields: tuple[int, ...]
    steps: tuple[Step, ...]
    certificates: tuple[Certificate, ...]
    notes: tuple[str, ...]


def film_of(recording: Recording, max_events: int = MAX_EVENTS) -> Film:
    """The film of the first `max_events` events."""
    events = min(len(recording.events), max_events)
    steps = tuple(_Shooting(recording).steps(events))
    history = recording.history
    standing = [loss for loss in history.standing() if history.losses.events[loss] <= events]
    cells = history.cells.count_at(events)
    return Film(
        manager_pid=recording.manager_pid,
        processes=tuple((worker.label, worker.pid) for worker in recording.workers),
        cell_labels=tuple(history.cells.labels[:cells]),
        cell_fields=tuple(history.cells.field_of[:cells]),
        steps=steps,
        certificates=tuple(_certificate(recording, loss) for loss in standing[:MAX_CERTIFICATES]),
        notes=tuple(_notes(recording, events, len(standing))),
    )


class _Shooting:
    """Takes frame after frame and notes what differs."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._cells = _NOTHING
        self._counts: Counts | None = None
        self._fields: tuple[FieldView, ...] = ()
        self._processes: list[Process] = []
        self._locks: tuple[LockView, ...] = ()

    def steps(self, events: int) -> Iterator[Step]:
        """The steps of the positions from 0 to `events`."""
        for position in range(events + 1):
            yield self._step(frame_at(self._recording, position))

    def _step(self, frame: Frame) -> Step:
        processes, behinds = self._changed_processes(frame.processes)
        cells_of_losses = self._recording.history.losses.cells
        return Step(
            ns=frame.time_ns,
            happened=frame.happened,
            losses=tuple(cells_of_losses[loss] for loss in frame.losses),
            score=self._changed_score(frame),
            cells=self._changed_cells(frame.cells),
            fields=self._changed_fields(frame.fields),
            processes=processes,
            behinds=behinds,
            locks=self._changed_locks(frame.locks),
            packets=tuple(
                Packet(packet.process, packet.up, packet.text, round(packet.progress, 3), packet.stale)
                for packet in frame.packets
            ),
        )

    def _changed_score(self, frame: Frame) -> Score | None:
        before, counts = self._counts, frame.counts
        if counts == before and frame.event < frame.events:
            return None
        self._counts = counts
        return Score(counts.attempted, counts.lost, verdict_at(frame), breakdown(counts))

    def _changed_cells(self, cells: Cells) -> tuple[int, ...]:
        before, self._cells = self._cells, cells
        known = len(before.states)
        differs = (cells.states[:known] != before.states) | (cells.writers[:known] != before.writers)
        fresh = cells.states[known:] != CellState.EMPTY.value
        changed = np.flatnonzero(np.concatenate((differs, fresh)))
        columns = (changed, cells.states[changed], cells.writers[changed])
        return tuple(np.stack(columns, axis=1).ravel().tolist())

    def _changed_fields(self, fields: tuple[FieldView, ...]) -> tuple[Field, ...]:
        before, self._fields = self._fields, fields
        return tuple(
            Field(index, view.label, view.version, view.size, view.value)
            for index, view in enumerate(fields)
            if index >= len(before) or view != before[index]
        )

    def _changed_locks(self, locks: tuple[LockView, ...]) -> tuple[Lock, ...]:
        before, self._locks = self._locks, locks
        return tuple(
            Lock(index, view.label, view.holder, view.queue)
            for index, view in enumerate(locks)
            if index >= len(before) or view != before[index]
        )

    def _changed_processes(self, views: tuple[ProcessView, ...]) -> tuple[tuple[Process, ...], tuple[int, ...]]:
        """`Step.processes` and `Step.behinds`."""
        before = self._processes
        self._processes = [self._process(index, view) for index, view in enumerate(views)]
        changed: list[Process] = []
        behinds: list[int] = []
        for old, process in zip_longest(before, self._processes):
            if process == old:
                continue
            behind = _only_behind(old, process)
            if behind is None:
                changed.append(process)
            else:
                behinds += (process.index, behind)
        return tuple(changed), tuple(behinds)

    def _process(self, index: int, view: ProcessView) -> Process:
        return Process(
            index,
            view.state.value,
            view.task,
            view.line,
            self._copy(view.copy) if view.copy is not None else None,
            view.holds,
            view.holds_private,
            view.tasks_done,
            view.lost,
        )

    def _copy(self, copy: PrivateCopy) -> Copy:
        size = 0
        if copy.cells is not None:
            present = copy.cells.states == CellState.PRESENT.value
            size = int(np.count_nonzero(present & (copy.cells.fields == copy.field)))
        labels = self._recording.history.cells.labels
        own = tuple(labels[cell] for cell in copy.own[:OWN_LABELS])
        return Copy(copy.field, copy.base_version, copy.behind, size, copy.value, len(copy.own), own)


def _only_behind(old: Process | None, new: Process) -> int | None:
    """How far the copy is behind now, where nothing else differs."""
    if old is None or old.copy is None or new.copy is None:
        return None
    return new.copy.behind if replace(old, copy=replace(old.copy, behind=new.copy.behind)) == new else None


def _certificate(recording: Recording, loss: int) -> Certificate:
    certificate = recording.history.certificate(loss)
    return Certificate(
        certificate.event, kind_name(certificate.kind), certificate.key or "", certificate_text(certificate)
    )


def _notes(recording: Recording, events: int, lost: int) -> Iterator[str]:
    """What the film leaves out, and what the recording lacks."""
    if events < len(recording.events):
        text = _("This page shows the first {shown} of {n} events; the verdict of the whole run is: {verdict}.")
        counts = recording.history.counts_at(len(recording.events))
        yield text.format(shown=f"{events:,}", n=f"{len(recording.events):,}", verdict=verdict(counts))
    if lost > MAX_CERTIFICATES:
        text = ngettext(
            "{n} more lost update is not listed.", "{n} more lost updates are not listed.", lost - MAX_CERTIFICATES
        )
        yield text.format(n=f"{lost - MAX_CERTIFICATES:,}")
    if recording.damage:
        yield recording.damage
