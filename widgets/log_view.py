"""The log: every event in a table, with a filter."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dictrace.engine.frame import Frame
from dictrace.engine.recording import Recording
from dictrace.engine.words import _, ngettext
from dictrace.widgets.log_model import BRIEF_ROLE, Column, EventKind, LogModel
from dictrace.widgets.selection import Selection
from dictrace.widgets.style import named
from dictrace.widgets.table import Table
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme, mixed

WIDTHS = {Column.EVENT: 52, Column.TIME: 76, Column.PROCESS: 56, Column.TASK: 46, Column.SERVE: 60}
NARROW, WIDE = 420.0, 620.0
_CELL_MARGINS = 8


class _FittingDelegate(QStyledItemDelegate):
    """Says what happened in a few words where the sentence has no room."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if option.fontMetrics.horizontalAdvance(option.text) > option.rect.width() - _CELL_MARGINS:
            option.text = index.data(BRIEF_ROLE)


class LogView(QWidget):
    """A table of events that follows the frame.

    Attributes:
        table, filter, chips: its parts: the table, the text to look for, and a button for each kind of event.

    Signals:
        seek_requested: position of the event that was pressed.
        selected: Selection of that event.
    """

    seek_requested = Signal(float)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._event = 0
        self.model = LogModel(self)
        self.table, self.filter = Table(), QLineEdit()
        self.chips = {kind: QPushButton(kind_text(kind)) for kind in EventKind}
        self._note = named(QLabel(), "note")
        self._build()
        self._connect()
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.model.set_theme(theme)
        self.table.set_theme(theme)
        for layout in (self._column, self._row):
            layout.setSpacing(theme.px(UNIT))
        for chip in self.chips.values():
            chip.setStyleSheet(chip_sheet(theme))
        self.filter.setStyleSheet(field_sheet(theme))
        self._fit()
        self.updateGeometry()

    def set_recording(self, recording: Recording | None) -> None:
        """Show the events of this recording; again whenever it has grown."""
        self.model.set_recording(recording)
        self._tell()

    def set_frame(self, frame: Frame | None) -> None:
        """Highlight the frame's event and keep it in view."""
        event = frame.event if frame else 0
        if event != self._event:
            self._event = event
            self.model.set_current(event)
            self._follow()

    def set_selection(self, selection: Selection) -> None:
        if selection.event is None:
            return
        row = self.model.row_of(selection.event)
        if row >= 0 and self.model.event_of(row) == selection.event:
            self.table.choose_row(row)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now it is known which rows are in view."""
        super().showEvent(event)
        self._fit()
        self._follow()

    def _build(self) -> None:
        self.setAccessibleName(_("Log of events"))
        self.table.setAccessibleName(_("Events"))
        self.table.setModel(self.model)
        self.table.setItemDelegateForColumn(Column.HAPPENED, _FittingDelegate(self.table))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setSectionResizeMode(Column.HAPPENED, QHeaderView.ResizeMode.Stretch)
        self.filter.setPlaceholderText(_("Filter by text"))
        self.filter.setAccessibleName(_("Filter by text"))
        self.filter.setClearButtonEnabled(True)
        self._column, self._row = QVBoxLayout(self), QHBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.filter)
        self._column.addLayout(self._row)
        for chip in self.chips.values():
            chip.setCheckable(True)
            self._row.addWidget(chip)
        self._row.addStretch(1)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self._note)

    def _connect(self) -> None:
        self.table.row_pressed.connect(self._on_row_pressed)
        self.filter.textChanged.connect(self._on_filter_changed)
        for chip in self.chips.values():
            chip.toggled.connect(self._on_filter_changed)
        self.model.slices.sliced.connect(self._on_model_sliced)

    def _on_row_pressed(self, row: int) -> None:
        event = self.model.event_of(row)
        self.selected.emit(Selection(event=event))
        self.seek_requested.emit(float(event))

    def _on_filter_changed(self) -> None:
        kinds = frozenset(kind for kind, chip in self.chips.items() if chip.isChecked())
        self.model.set_filter(self.filter.text().strip(), kinds)
        self._tell()
        self._follow()

    def _on_model_sliced(self) -> None:
        self._tell()
        if not self.model.slices.is_working:
            self._follow()

    def _follow(self) -> None:
        row = self.model.row_of(self._event)
        if row >= 0:
            self.table.bring_into_view(row)

    def _tell(self) -> None:
        """Say how many events there are."""
        count = self.model.rowCount()
        if self.model.slices.is_working:
            text = _("Searching… {n} found").format(n=f"{count:,}")
        elif self.model.is_filtered:
            text = ngettext("{n} event found", "{n} events found", count).format(n=f"{count:,}")
        elif count:
            text = ngettext("{n} event", "{n} events", count).format(n=f"{count:,}")
        else:
            text = _("Every event of a run is listed here.")
        self._note.setText(text)

    def _fit(self) -> None:
        """Give each column its width; where it is narrow, show only those that matter most."""
        width = self.width() / self._theme.zoom
        for column, units in WIDTHS.items():
            self.table.setColumnWidth(column, self._theme.px(units))
        for column, least in (
            (Column.TIME, NARROW),
            (Column.PROCESS, NARROW),
            (Column.TASK, NARROW),
            (Column.SERVE, WIDE),
        ):
            self.table.setColumnHidden(column, width < least)


def kind_text(kind: EventKind) -> str:
    """What a kind of event is called on its button."""
    return {
        EventKind.FETCH: _("fetch"),
        EventKind.COMMIT: _("commit"),
        EventKind.LOCK: _("lock"),
        EventKind.LOSS: _("loss"),
        EventKind.OTHER: _("other"),
    }[kind]


def chip_sheet(theme: Theme) -> str:
    """Look of a small button that stays down; its frame grows thicker when it has the focus."""
    small, side, radius = theme.px(TextSize.SMALL), theme.px(2 * UNIT), theme.px(2 * UNIT)
    down = mixed(theme.panel, theme.accent, 0.25).name()
    return (
        f"QPushButton {{ font-size: {small}px; padding: {theme.px(2)}px {side}px; border-radius: {radius}px; }}"
        f"QPushButton:checked {{ background: {down}; border: 1px solid {theme.accent.name()}; font-weight: bold; }}"
        f"QPushButton:focus {{ border: 2px solid {theme.accent.name()}; }}"
    )


def field_sheet(theme: Theme) -> str:
    """Look of a text field."""
    return (
        f"QLineEdit {{ background: {theme.panel.name()}; border: 1px solid {theme.border.name()};"
        f" border-radius: {theme.px(UNIT)}px; padding: {theme.px(3)}px; }}"
        f"QLineEdit:focus {{ border: 2px solid {theme.accent.name()}; }}"
    )
