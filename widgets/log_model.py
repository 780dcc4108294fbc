"""The events of a recording as rows of a table; texts are made only when they are looked at."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from enum import Enum, IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dictrace.engine.explain import happened, in_brief
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow, WaitRow
from dictrace.engine.words import _
from dictrace.widgets.slices import Slices
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
BRIEF_ROLE = Qt.ItemDataRole.UserRole
"""What happened, in a few words."""


class Column(IntEnum):
    """Columns of the log."""

    EVENT = 0
    TIME = 1
    PROCESS = 2
    TASK = 3
    HAPPENED = 4
    SERVE = 5


class EventKind(Enum):
    """What an event can be filtered by; a loss is of another kind too."""

    FETCH = "fetch"
    COMMIT = "commit"
    LOCK = "lock"
    LOSS = "loss"
    OTHER = "other"


class LogModel(QAbstractTableModel):
    """All events, or those that a filter lets through; these are found in slices and appear as they are found."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._count = 0
        self._current = 0
        self._text = ""
        self._kinds: frozenset[EventKind] = frozenset()
        # Numbers of the events that the filter lets through; those found and not yet shown are at its end.
        self._found = array("q")
        self._searched = 0
        self.slices = Slices(self)
        self.slices.sliced.connect(self._show_found)

    @property
    def is_filtered(self) -> bool:
        """Some events may be left out."""
        return bool(self._text or self._kinds)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def set_recording(self, recording: Recording | None) -> None:
        """Show this recording, or, again, what it has got since."""
        if recording is not self._recording:
            self._recording = recording
            self._restart()
        elif self.is_filtered:
            if not self.slices.is_working:
                self.slices.start(self._search())
        elif recording is not None and len(recording.events) > self._count:
            self._grow(len(recording.events))

    def set_filter(self, text: str, kinds: frozenset[EventKind]) -> None:
        """Show only events with `text` in them, in any case, and of one of `kinds` (empty: of all)."""
        if (text.casefold(), kinds) != (self._text, self._kinds):
            self._text, self._kinds = text.casefold(), kinds
            self._restart()

    def set_current(self, event: int) -> None:
        """Highlight this event."""
        if event != self._current:
            rows = self.row_of(self._current), self.row_of(event)
            self._current = event
            for row in rows:
                if row >= 0:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def event_of(self, row: int) -> int:
        """Number of the event in a row."""
        return self._found[row] if self.is_filtered else row + 1

    def row_of(self, event: int) -> int:
        """Row of an event, or of the last one before it that is shown; -1 for none."""
        if self.is_filtered:
            return bisect_right(self._found, event, hi=self._count) - 1
        return min(event, self._count) - 1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("event"), _("ms"), _("process"), _("task"), _("what happened"), _("served"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._recording is None or not index.isValid():
            return None
        event = self.event_of(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell_text(self._recording, event, Column(index.column()))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(happened(self._recording, event))
            case _ if role == BRIEF_ROLE:
                return in_brief(self._recording, event)
            case Qt.ItemDataRole.BackgroundRole if event == self._current:
                return self._theme.raised
            case Qt.ItemDataRole.ForegroundRole if _is_loss(self._recording, event):
                return self._theme.lost_text
        return None

    def _restart(self) -> None:
        """Begin anew: with all events at once, or, where they are filtered, with none."""
        self.slices.stop()
        self.beginResetModel()
        self._found = array("q")
        self._searched = 0
        self._count = len(self._recording.events) if self._recording and not self.is_filtered else 0
        self.endResetModel()
        if self._recording is not None and self.is_filtered:
            self.slices.start(self._search())

    def _search(self) -> Iterator[None]:
        recording = self._recording
        assert recording is not None
        while self._searched < len(recording.events):
            self._searched += 1
            if self._lets_through(recording, self._searched):
                self._found.append(self._searched)
            yield

    def _lets_through(self, recording: Recording, event: int) -> bool:
        kinds = self._kinds
        wanted = not kinds or kind_of(recording, event) in kinds
        if not wanted and not (EventKind.LOSS in kinds and _is_loss(recording, event)):
            return False
        return not self._text or self._text in happened(recording, event).casefold()

    def _show_found(self) -> None:
        if len(self._found) > self._count:
            self._grow(len(self._found))

    def _grow(self, count: int) -> None:
        self.beginInsertRows(QModelIndex(), self._count, count - 1)
        self._count = count
        self.endInsertRows()


def cell_text(recording: Recording, event: int, column: Column) -> str:
    """What stands in a column for an event."""
    row = recording.events[event - 1]
    match column:
        case Column.EVENT:
            return f"{event:,}"
        case Column.TIME:
            return f"{recording.event_ns[event - 1] / 1e6:,.3f}"
        case Column.PROCESS:
            return recording.worker_label(recording.event_worker[event - 1]) or ""
        case Column.TASK:
            task = getattr(row, "task", None)
            return "" if task is None else f"{task:,}"
        case Column.HAPPENED:
            return happened(recording, event)
        case Column.SERVE:
            serve = getattr(row, "serve", None)
            return "" if serve is None else f"{serve:,}"


def kind_of(recording: Recording, event: int) -> EventKind:
    """The kind of an event, apart from whether it is a loss."""
    row = recording.events[event - 1]
    if isinstance(row, WaitRow):
        return EventKind.LOCK
    if not isinstance(row, OpRow):
        return EventKind.OTHER
    kinds = {OpKind.FETCH: EventKind.FETCH, OpKind.COMMIT: EventKind.COMMIT}
    kinds |= {OpKind.ACQUIRE: EventKind.LOCK, OpKind.RELEASE: EventKind.LOCK}
    return kinds.get(row.kind, EventKind.OTHER)


def _is_loss(recording: Recording, event: int) -> bool:
    events = recording.history.losses.events
    place = bisect_left(events, event)
    return place < len(events) and events[place] == event
