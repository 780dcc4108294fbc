"""The keys of the shared dict as rows of a table: who was to write each, what is there, and what became of it."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dictrace.engine.cells import Field
from dictrace.engine.certificate import LossKind
from dictrace.engine.contents import own_change
from dictrace.engine.expected import Expected
from dictrace.engine.explain import certificate_text, kind_name
from dictrace.engine.frame import CellState, Frame
from dictrace.engine.losses import KINDS, LossLog
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpRow, UnsentRow
from dictrace.engine.slots import Slot
from dictrace.engine.words import _
from dictrace.widgets.slices import Slices
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_NEVER_RAN = KINDS.index(LossKind.NEVER_RAN)

STEP, LOSSES_STEP = 50, 10_000
"""Updates, and losses, that are read at a time: one or two milliseconds' work."""


class Column(IntEnum):
    """Columns of the dict."""

    KEY = 0
    EXPECTED = 1
    ACTUAL = 2
    FATE = 3


class DictModel(QAbstractTableModel):
    """A row for each key that any task of the recording wrote or was to write, and for each task that never ran.

    Rows are in the order of the keys; these, who was to write them, and their losses are found in slices.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._frame: Frame | None = None
        # A row is the index of a cell, or -1 minus the index of a loss: a task that never ran.
        self._rows: list[int] = []
        self._row_of: dict[int, int] = {}
        # All cells, in the order of their rows: field, key as a number or else as text, index.
        self._order: list[tuple[int, float, str, int]] = []
        self._expected_numbers: Expected | None = None
        self._standing: dict[int, int] = {}
        self._attempts: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._losses: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._never_ran: list[int] = []
        self._read_writes = self._read_losses = 0
        self.slices = Slices(self)
        self.slices.sliced.connect(self._on_sliced)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def set_recording(self, recording: Recording | None) -> None:
        """Show this recording, or, again, what it has got since."""
        if recording is not self._recording:
            self.slices.stop()
            self._recording, self._frame = recording, None
            self._expected_numbers = Expected(recording) if recording is not None else None
            for found in (self._attempts, self._losses, self._never_ran, self._order, self._standing):
                found.clear()
            self._read_writes = self._read_losses = 0
            self._arrange()
        if self._is_behind and not self.slices.is_working:
            self.slices.start(self._read())

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self._standing.clear()
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def loss_of(self, row: int) -> int | None:
        """Index of the loss that stands for a row at the frame, or None."""
        number = self._rows[row]
        if self._frame is None or self._recording is None:
            return None
        losses = self._recording.history.losses
        if number < 0:
            return -1 - number if losses.events[-1 - number] <= self._frame.event else None
        if self._state(number) is not CellState.LOST and self._field(number).key is not None:
            return None
        own = self._losses.get(number)
        place = bisect_right(own, self._frame.event, key=losses.events.__getitem__) - 1 if own else -1
        while own and place >= 0 and 0 < losses.withdrawn[own[place]] <= self._frame.event:
            place -= 1
        return own[place] if own and place >= 0 else None

    def attempt_of(self, row: int) -> int | None:
        """Event of the newest update to the key of a row at the frame, or of its first one to come; None: not known."""
        number = self._rows[row]
        events = self._attempts.get(number)
        if not events or self._frame is None:
            return None
        return events[max(0, bisect_right(events, self._frame.event) - 1)]

    def event_of_loss(self, loss: int) -> int:
        """Number of the event at which a loss happened."""
        assert self._recording is not None
        return self._recording.history.losses.events[loss]

    def row_of_loss(self, loss: int) -> int:
        """Row of the key, or of the task that never ran, that a loss is about; -1 for none."""
        if self._recording is None or loss >= len(self._recording.history.losses.cells):
            return -1
        cell = self._recording.history.losses.cells[loss]
        return self._row_of.get(cell if cell >= 0 else -1 - loss, -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("key"), _("expected"), _("there"), _("fate"))[section]
        if role == Qt.ItemDataRole.ToolTipRole and section == Column.EXPECTED:
            return _("What every task was to leave there, had nothing been lost; and the process that was to write it")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._recording is None or self._frame is None or not index.isValid():
            return None
        row = index.row()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(self._tip(row, Column(index.column())))
            case Qt.ItemDataRole.ForegroundRole if self._is_lost(row):
                return self._theme.lost_text
            case Qt.ItemDataRole.BackgroundRole if self._is_lost(row):
                return self._theme.lost_fill
            case Qt.ItemDataRole.ForegroundRole if not self._is_seen(row):
                return self._theme.muted
        return None

    def _text(self, row: int, column: Column) -> str:
        match column:
            case Column.KEY:
                return self._key(row)
            case Column.EXPECTED:
                return self._expected(row)
            case Column.ACTUAL:
                return self._actual(row)
            case Column.FATE:
                return self._fate(row)

    def _key(self, row: int) -> str:
        assert self._recording is not None
        number, log = self._rows[row], self._recording.history.cells
        if number < 0:
            task, _process = self._doer(self._recording.history.losses.victims[-1 - number])
            return _("task {n}").format(n=task)
        if len(log.fields) == 1:
            return log.labels[number]
        field = log.fields[log.field_of[number]]
        if field.key is None:
            return self._recording.slot_label(field.object, log.labels[number])
        return f"{self._recording.slot_label(field.object, field.key)}[{log.labels[number]}]"

    def _tip(self, row: int, column: Column) -> str:
        """Why it was lost; else what stands there, and of what is expected, by which task."""
        loss, attempt, recording = self.loss_of(row), self.attempt_of(row), self._recording
        assert recording is not None
        if loss is not None:
            return certificate_text(recording.history.certificate(loss))
        if column is not Column.EXPECTED or attempt is None:
            return self._text(row, column)
        task, process = self._doer(attempt)
        return _("Task {task} of {process} was to write it.").format(task=task, process=process)

    def _expected(self, row: int) -> str:
        """Process that was to write it, after its value where that has no parts; of a number, what it should be."""
        recording, number, frame = self._recording, self._rows[row], self._frame
        assert recording is not None
        assert frame is not None
        event = recording.history.losses.victims[-1 - number] if number < 0 else self.attempt_of(row)
        if event is None:
            return ""
        _task, process = self._doer(event)
        slot = self._slot(number) if number >= 0 else None
        if slot is None:
            return process
        assert self._expected_numbers is not None
        due, written = self._expected_numbers.at(slot.object, slot.key, frame.event), recording.events[event - 1]
        if due is not None and getattr(written, "base", None) is not None:
            return f"{due:,}"
        value = own_change(written).value if isinstance(written, OpRow | UnsentRow) else None
        return process if value is None else f"{value} · {process}"

    def _actual(self, row: int) -> str:
        """Who wrote what is there, after its value where that has no parts."""
        number, frame, recording = self._rows[row], self._frame, self._recording
        assert frame is not None
        assert recording is not None
        if number < 0 or number >= len(frame.cells.states):
            return _("nothing")
        slot = self._slot(number)
        value = recording.history.value_at(slot.object, slot.key, frame.event) if slot is not None else None
        if self._state(number) is not CellState.PRESENT:
            return value or _("nothing")
        writer = int(frame.cells.writers[number])
        owner = recording.worker_label(writer) or _("main program")
        return owner if value is None else f"{value} · {owner}"

    def _fate(self, row: int) -> str:
        if not self._is_seen(row):
            return _("not yet")
        number, loss = self._rows[row], self.loss_of(row)
        if number >= 0 and self._state(number) is CellState.PRESENT:
            if loss is None:
                return _("present")
            return _("{n} lost").format(n=f"{self._standing_losses(number):,}")
        if self._is_lost(row):
            assert self._recording is not None
            return _("lost") if loss is None else kind_name(KINDS[self._recording.history.losses.kinds[loss]])
        return _("absent")

    def _standing_losses(self, cell: int) -> int:
        """Number of lost updates to a cell that stand at the frame."""
        assert self._recording is not None
        assert self._frame is not None
        if cell not in self._standing:
            losses, own, event = self._recording.history.losses, np.array(self._losses[cell]), self._frame.event
            events, withdrawn = np.array(losses.events)[own], np.array(losses.withdrawn)[own]
            stand = (events <= event) & ((withdrawn == 0) | (withdrawn > event))
            self._standing[cell] = int(np.count_nonzero(stand))
        return self._standing[cell]

    def _doer(self, event: int) -> tuple[str, str]:
        """Task and process of an update."""
        recording = self._recording
        assert recording is not None
        task = recording.failed_tasks.get(event, getattr(recording.events[event - 1], "task", None))
        process = recording.worker_label(recording.event_worker[event - 1]) or _("main program")
        return "–" if task is None else f"{task:,}", process

    def _field(self, cell: int) -> Field:
        assert self._recording is not None
        log = self._recording.history.cells
        return log.fields[log.field_of[cell]]

    def _slot(self, cell: int) -> Slot | None:
        """What a cell stands for as a whole; None where it stands for a part of it."""
        assert self._recording is not None
        field, history = self._field(cell), self._recording.history
        if field.key is not None:
            return None
        return history.slots.get((field.object, history.cells.labels[cell])) or history.slots.get((field.object, None))

    def _is_lost(self, row: int) -> bool:
        number = self._rows[row]
        return self.loss_of(row) is not None or (number >= 0 and self._state(number) is CellState.LOST)

    def _is_seen(self, row: int) -> bool:
        """Something has become of it already."""
        number = self._rows[row]
        if number < 0:
            return self.loss_of(row) is not None
        if self._state(number) is not CellState.EMPTY:
            return True
        assert self._frame is not None
        slot, attempt = self._slot(number), self.attempt_of(row)
        assert self._recording is not None
        if slot is not None and number < len(self._frame.cells.states):
            ordinal = slot.ordinal_at(self._frame.event)
            if ordinal >= 0 and self._recording.history.change_at(slot, ordinal).gone:
                return True  # it was removed
        return attempt is not None and attempt <= self._frame.event

    def _state(self, cell: int) -> CellState:
        assert self._frame is not None
        states = self._frame.cells.states
        return CellState(int(states[cell])) if cell < len(states) else CellState.EMPTY

    def _read(self) -> Iterator[None]:
        """Note who attempts to write each cell, each cell's losses, and its place in the order."""
        recording, expected = self._recording, self._expected_numbers
        assert recording is not None
        assert expected is not None
        while self._read_writes < len(recording.history.writes):
            history = recording.history  # anew: rows of a run that goes on come between two steps
            for event in history.writes[self._read_writes : self._read_writes + STEP]:
                expected.take(event)
                if getattr(recording.events[event - 1], "task", None) is not None:
                    for cell in history.update_cells(event):
                        self._attempts[cell].append(event)
                self._read_writes += 1
            yield
        history = recording.history
        while self._read_losses < len(history.losses.cells):
            self._read_some_losses(history.losses)
            yield
        while len(self._order) < len(history.cells.labels):
            cell = len(self._order)
            self._order.append((history.cells.field_of[cell], *_sort_key(history.cells.labels[cell]), cell))
            yield

    @property
    def _is_behind(self) -> bool:
        """There are updates or losses to read."""
        if self._recording is None:
            return False
        history = self._recording.history
        return (self._read_writes, self._read_losses) != (len(history.writes), len(history.losses.events))

    def _read_some_losses(self, log: LossLog) -> None:
        first, last = self._read_losses, self._read_losses + LOSSES_STEP
        kinds, cells = np.array(log.kinds[first:last]), np.array(log.cells[first:last])
        self._never_ran += (first + np.flatnonzero(kinds == _NEVER_RAN)).tolist()
        order = np.argsort(cells, kind="stable")
        found, starts = np.unique(cells[order], return_index=True)
        for cell, losses in zip(found.tolist(), np.split(first + order, starts[1:]), strict=True):
            if cell >= 0:
                self._losses[cell].frombytes(losses.tobytes())
        self._read_losses = first + len(cells)

    def _on_sliced(self) -> None:
        if not self.slices.is_working:
            self._arrange()

    def _arrange(self) -> None:
        """Put the rows in order, where there are others than before."""
        if len(self._rows) != len(self._order) + len(self._never_ran) or not self._order:
            self.beginResetModel()
            self._order.sort()  # what was in order before is so quickly
            self._rows = [cell for *_key, cell in self._order] + [-1 - loss for loss in self._never_ran]
            self._row_of = {number: row for row, number in enumerate(self._rows)}
            self.endResetModel()
        else:
            self.set_frame(self._frame)


def _sort_key(label: str) -> tuple[float, str]:
    """Numbers come first, by their size."""
    try:
        return float(label), ""
    except ValueError:
        return float("inf"), label
