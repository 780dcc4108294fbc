"""Any position of a recording as a `Frame`: looked up in logs with bisection, never replayed from the start."""

from bisect import bisect_right

import numpy as np

from dictrace.engine.activity import Moment, call_text, process_at
from dictrace.engine.cells import Field
from dictrace.engine.clock import Clock
from dictrace.engine.explain import begun, happened
from dictrace.engine.frame import BoxView, Cells, CellState, FieldView, Frame, LockView
from dictrace.engine.opening import opening_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpRow


def frame_at(recording: Recording, position: float) -> Frame:
    """The run at a position from 0 to the number of events; one outside counts as the nearest inside.

    Whole positions are the moments just after an event; those between are at the true time in between. For a position
    by clock give ``Clock.position_at(time_ns)``. Pure: the same rows and position give an equal frame.
    """
    history = recording.history
    clock = Clock(recording.event_ns)
    position = min(max(float(position), 0.0), float(clock.events))
    event = int(position)
    over = recording.end is not None and event == clock.events
    moment = Moment(recording, history, event, clock.time_at(position), over, tuple(history.cells.labels))
    cells = moment.cells_at(event)
    locks = _locks(moment)
    held = {lock.holder: number for number, lock in reversed(list(enumerate(locks)))}
    processes = [process_at(moment, index, held.get(index)) for index in range(len(recording.workers))]
    opening, newest = opening_at(recording, event, moment.time_ns)
    return Frame(
        position=position,
        event=event,
        events=clock.events,
        time_ns=int(moment.time_ns),
        duration_ns=clock.duration_ns,
        manager_pid=recording.manager_pid,
        fields=_fields(moment, cells),
        cells=cells,
        processes=tuple(view for view, _packet in processes),
        packets=tuple(packet for _view, packet in processes if packet),
        locks=locks,
        counts=history.counts_at(event),
        losses=tuple(history.losses.at(event)),
        happened=begun(recording, newest) if newest else happened(recording, event),
        live=recording.end is None and not recording.damage,
        opening=None if over else opening,
        servers=tuple(recording.managers),
        boxes=_boxes(moment),
        shown=recording.places_at(moment.time_ns),
        ghosts=tuple(dict.fromkeys(row.text for row in recording.ghosts if row.ns <= moment.time_ns)),
    )


def _fields(moment: Moment, cells: Cells) -> tuple[FieldView, ...]:
    log = moment.history.cells
    count = log.fields_at(moment.event)
    present = np.bincount(cells.fields[cells.states == CellState.PRESENT.value], minlength=count)
    return tuple(_field(moment, cells, number, log.fields[number], int(present[number])) for number in range(count))


def _field(moment: Moment, cells: Cells, number: int, field: Field, size: int) -> FieldView:
    """The field with this number, of which `size` cells are PRESENT; a lost value may be there too."""
    history, event = moment.history, moment.event
    label = moment.recording.slot_label(field.object, field.key)
    server = moment.recording.server_of(field.object)
    if field.key is not None:
        return FieldView(label, history.slots[field.object, field.key].version_at(event), size, None, server)
    own = cells.fields == number
    lost = np.flatnonzero(own & (cells.states == CellState.LOST.value)).tolist()
    size += sum(_value(moment, field, cell) is not None for cell in lost)
    value = _value(moment, field, int(own.argmax())) if np.count_nonzero(own) == 1 else None
    return FieldView(label, history.commits_to(field.object, event), size, value, server)


def _value(moment: Moment, field: Field, cell: int) -> str | None:
    """Text of the value without parts that a cell stands for: that of its key, or of the referent as a whole."""
    value_at = moment.history.value_at
    return value_at(field.object, moment.labels[cell], moment.event) or value_at(field.object, None, moment.event)


def _locks(moment: Moment) -> tuple[LockView, ...]:
    """The shared locks; the main program, which is no worker, is not shown to hold or to wait."""
    worker_of = moment.recording.worker_of
    views = []
    for lock in moment.history.locks:
        holder, queue = lock.at(moment.event)
        waiting = tuple(worker for pid in queue if (worker := worker_of.get(pid, -1)) >= 0)
        worker = worker_of.get(holder, -1) if holder is not None else -1
        label, server = moment.recording.object_label(lock.object), moment.recording.server_of(lock.object)
        views.append(LockView(label, worker if worker >= 0 else None, waiting, server))
    return tuple(views)


def _boxes(moment: Moment) -> tuple[BoxView, ...]:
    recording = moment.recording
    keyed = {field.object for field in moment.history.cells.fields} | {lock.object for lock in moment.history.locks}
    views = []
    for number, known in recording.objects.items():
        if not known.calls or number in keyed:
            continue
        place = bisect_right(known.calls, moment.event)
        event = known.calls[place - 1] if place else 0
        row = recording.events[event - 1] if event else None
        worker = recording.event_worker[event - 1] if event else -1
        call = call_text(row) if isinstance(row, OpRow) else ""
        views.append(BoxView(known.label, known.typeid, call, worker if worker >= 0 else None, known.server))
    return tuple(views)
