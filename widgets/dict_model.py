"""The keys of the shared dict as rows of a table: who was to write each, what is there, and what became of it."""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dictrace.engine.certificate import LossKind
from dictrace.engine.explain import certificate_text, kind_name
from dictrace.engine.frame import CellState, Frame
from dictrace.engine.losses import KINDS
from dictrace.engine.recording import Recording
from dictrace.engine.words import _
from dictrace.widgets.slices import Slices
from dictrace.widgets.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class Column(IntEnum):
    """Columns of the dict."""

    KEY = 0
    EXPECTED = 1
    ACTUAL = 2
    FATE = 3


class DictModel(QAbstractTableModel):
    """A row for each key that any task of the recording wrote or was to write, and for each task that never ran.

    Rows are in the order of the keys; who was to write them, and their losses, are found in slices.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._frame: Frame | None = None
        # A row is the index of a cell, or -1 minus the index of a loss: a task that never ran.
        self._rows: list[int] = []
        self._row_of: dict[int, int] = {}
        self._attempts: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._losses: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._never_ran: list[int] = []
        self._read_events = self._read_losses = 0
        self.slices = Slices(self)
        self.slices.sliced.connect(self._on_sliced)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def set_recording(self, recording: Recording | None) -> None:
        """Show this recording, or, again, what it has got since."""
        if recording is not self._recording:
            self.slices.stop()
            self._recording, self._frame = recording, None
            self._attempts.clear()
            self._losses.clear()
            self._never_ran.clear()
            self._read_events = self._read_losses = 0
            self._arrange()
        if recording is not None and self._read_events < len(recording.events) and not self.slices.is_working:
            self.slices.start(self._read())

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
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
        if self._state(number) is not CellState.LOST:
            return None
        standing = (
            loss
            for loss in reversed(self._losses.get(number, ()))
            if losses.events[loss] <= self._frame.event < (losses.withdrawn[loss] or self._frame.events + 1)
        )
        return next(standing, None)

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
            return _("Expected by: the task that was to write it, and its process")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._recording is None or self._frame is None or not index.isValid():
            return None
        row = index.row()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                loss = self.loss_of(row)
                if loss is None:
                    return self._text(row, Column(index.column()))
                return certificate_text(self._recording.history.certificate(loss))
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
            return "–"
        if len(log.fields) == 1:
            return log.labels[number]
        field = log.fields[log.field_of[number]]
        return f"{self._recording.slot_label(field.object, field.key)}[{log.labels[number]}]"

    def _expected(self, row: int) -> str:
        """Task and process that was to write it."""
        recording, number = self._recording, self._rows[row]
        assert recording is not None
        event = recording.history.losses.victims[-1 - number] if number < 0 else self.attempt_of(row)
        if event is None:
            return ""
        task = recording.failed_tasks.get(event, getattr(recording.events[event - 1], "task", None))
        process = recording.worker_label(recording.event_worker[event - 1])
        return " · ".join(filter(None, ("" if task is None else f"{task:,}", process)))

    def _actual(self, row: int) -> str:
        """Who wrote what is there, after its value where that has no parts."""
        number, frame, recording = self._rows[row], self._frame, self._recording
        assert frame is not None
        assert recording is not None
        if number < 0 or number >= len(frame.cells.states):
            return _("nothing")
        field = recording.history.cells.fields[recording.history.cells.field_of[number]]
        value = None
        if field.key is None:
            label = recording.history.cells.labels[number]
            value = recording.history.value_at(field.object, label, frame.event)
        if self._state(number) is not CellState.PRESENT:
            return value or _("nothing")
        writer = int(frame.cells.writers[number])
        owner = recording.worker_label(writer) or _("main program")
        return owner if value is None else f"{value} · {owner}"

    def _fate(self, row: int) -> str:
        if not self._is_seen(row):
            return _("not yet")
        if self._is_lost(row):
            assert self._recording is not None
            loss = self.loss_of(row)
            return _("lost") if loss is None else kind_name(KINDS[self._recording.history.losses.kinds[loss]])
        return _("present") if self._state(self._rows[row]) is CellState.PRESENT else _("absent")

    def _is_lost(self, row: int) -> bool:
        number = self._rows[row]
        return self.loss_of(row) is not None if number < 0 else self._state(number) is CellState.LOST

    def _is_seen(self, row: int) -> bool:
        """Something has become of it already."""
        number = self._rows[row]
        if number < 0:
            return self.loss_of(row) is not None
        if self._state(number) is not CellState.EMPTY:
            return True
        attempt = self.attempt_of(row)
        return self._frame is not None and attempt is not None and attempt <= self._frame.event

    def _state(self, cell: int) -> CellState:
        assert self._frame is not None
        states = self._frame.cells.states
        return CellState(int(states[cell])) if cell < len(states) else CellState.EMPTY

    def _read(self) -> Iterator[None]:
        """Note who attempts to write each cell, and each cell's losses."""
        recording = self._recording
        assert recording is not None
        history = recording.history
        while self._read_events < len(recording.events):
            self._read_events += 1
            if getattr(recording.events[self._read_events - 1], "task", None) is not None:
                for cell in history.update_cells(self._read_events):
                    self._attempts[cell].append(self._read_events)
            yield
        while self._read_losses < len(history.losses.cells):
            cell = history.losses.cells[self._read_losses]
            if KINDS[history.losses.kinds[self._read_losses]] is LossKind.NEVER_RAN:
                self._never_ran.append(self._read_losses)
            elif cell >= 0:
                self._losses[cell].append(self._read_losses)
            self._read_losses += 1
            yield

    def _on_sliced(self) -> None:
        if not self.slices.is_working:
            self._arrange()

    def _arrange(self) -> None:
        """Put the rows in order, where there are others than before."""
        cells = self._recording.history.cells if self._recording else None
        count = len(cells.labels) if cells else 0
        if len(self._rows) != count + len(self._never_ran) or not count:
            self.beginResetModel()
            order = sorted(range(count), key=lambda n: (cells.field_of[n], _sort_key(cells.labels[n]))) if cells else []
            self._rows = order + [-1 - loss for loss in self._never_ran]
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
