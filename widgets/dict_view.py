"""The shared dict: what was expected beside what is there, key by key."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QLabel, QVBoxLayout, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.recording import Recording
from dictrace.engine.words import _, ngettext
from dictrace.widgets.dict_model import Column, DictModel
from dictrace.widgets.selection import Selection
from dictrace.widgets.style import named
from dictrace.widgets.table import Table
from dictrace.widgets.theme import LIGHT, UNIT, Theme

WIDTHS = {Column.KEY: 56, Column.FATE: 84}
LONG_KEY = 70
MOST_HEIGHT_PX = 10_000


class DictView(QWidget):
    """A table with a row for each key.

    Attributes:
        table: the table.

    Signals:
        seek_requested: position of the loss, or of the update, whose row was pressed.
        selected: Selection of that loss or event.
    """

    seek_requested = Signal(float)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.model = DictModel(self)
        self.table = Table()
        self.table.setModel(self.model)
        self.table.setAccessibleName(_("Keys: expected and there"))
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in (Column.EXPECTED, Column.ACTUAL):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self._note = named(QLabel(wordWrap=True), "note")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._note)
        self._column.addWidget(self.table, 1)
        self.setAccessibleName(_("Dict: expected and there"))
        self.table.row_pressed.connect(self._on_row_pressed)
        self.set_frame(None)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.model.set_theme(theme)
        self.table.set_theme(theme)
        for column, units in WIDTHS.items():
            self.table.setColumnWidth(column, theme.px(units))
        self._column.setSpacing(theme.px(UNIT))
        self.updateGeometry()

    def set_recording(self, recording: Recording | None) -> None:
        """Show the keys of this recording; again whenever it has grown."""
        self.model.set_recording(recording)

    def set_frame(self, frame: Frame | None) -> None:
        self.model.set_frame(frame)
        several = frame is not None and len(frame.fields) > 1
        self.table.setColumnWidth(Column.KEY, self._theme.px(LONG_KEY if several else WIDTHS[Column.KEY]))
        if frame is None:
            text = _("What the tasks were to write, and what is really there, is compared here.")
        else:
            counts = frame.counts
            text = ngettext(
                "{survived} of {n} update is in it.", "{survived} of {n} updates are in it.", counts.attempted
            ).format(survived=f"{counts.survived:,}", n=f"{counts.attempted:,}")
        self._note.setText(text)
        self._fit_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_note()

    def set_selection(self, selection: Selection) -> None:
        if selection.loss is not None:
            self.table.choose_row(self.model.row_of_loss(selection.loss))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(96))

    def _fit_note(self) -> None:
        """Fix its size: else each text in it would have the whole window laid out anew."""
        self._note.ensurePolished()
        room = QRect(0, 0, self.width(), MOST_HEIGHT_PX)
        needed = self._note.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), self._note.text())
        self._note.setFixedSize(room.width(), needed.height())

    def _on_row_pressed(self, row: int) -> None:
        loss, attempt = self.model.loss_of(row), self.model.attempt_of(row)
        if loss is not None:
            event = self.model.event_of_loss(loss)
            self.selected.emit(Selection(event=event, loss=loss))
        elif attempt is not None:
            event = attempt
            self.selected.emit(Selection(event=event))
        else:
            return
        self.seek_requested.emit(float(event))
