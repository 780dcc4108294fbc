"""A long list of painted rows, newest first, with a scroll bar, a current row, mouse and keyboard."""

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from dictrace.widgets.focus import paint_focus
from dictrace.widgets.history_painter import ROW
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.tips import show_tip

Paint = Callable[[QPainter, QRectF, float], None]


class HistoryRows(QAbstractScrollArea):
    """Rows of items 0, 1, 2 …, the last one on top. While the top is in sight it stays there as items are added.

    Attributes:
        current: item that is picked out, -1 for none.

    Signals:
        moved: item that the person picked out.
        activated: item that the person clicked, or pressed Enter on.
    """

    moved = Signal(int)
    activated = Signal(int)

    def __init__(self, paint: Paint, describe: Callable[[int], str], parent: QWidget | None = None) -> None:
        """`paint` gets the room in base units and how far it is scrolled; `describe` gives an item in words."""
        super().__init__(parent)
        self.current = -1
        self._theme = LIGHT
        self._paint, self._describe = paint, describe
        self._count = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def set_theme(self, theme: Theme) -> None:
        offset = self._offset()
        self._theme = theme
        self._set_range()
        self.verticalScrollBar().setValue(round(offset * theme.zoom))
        self.updateGeometry()
        self.viewport().update()

    def set_count(self, count: int) -> None:
        """Show so many items. Scrolled down, those in sight stay where they are."""
        bar, added = self.verticalScrollBar(), count - self._count
        wanted = bar.value() + round(added * ROW * self._theme.zoom) if bar.value() else 0
        self._count = count
        self._set_range()
        bar.setValue(wanted)
        self.viewport().update()

    def show_top(self) -> None:
        """Scroll to the newest item."""
        self.verticalScrollBar().setValue(0)

    def set_current(self, item: int) -> None:
        """Pick out an item (-1: none) and bring it into sight."""
        changed, self.current = item != self.current, item
        if changed and 0 <= item < self._count:
            self._reveal(item)
        if changed:
            self.setAccessibleDescription(self._describe(item) if 0 <= item < self._count else "")
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(12 * ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(3 * ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = self._theme.zoom
        painter.scale(zoom, zoom)
        size = self.viewport().size()
        room = QRectF(0, 0, size.width() / zoom, size.height() / zoom)
        self._paint(painter, room, self._offset())
        if self.hasFocus():
            paint_focus(painter, room, self._theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_range()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down and Enter; other keys are the window's."""
        key = event.key()
        present = 0 <= self.current < self._count
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._count:
            step = 1 if key == Qt.Key.Key_Up else -1
            item = min(max(self.current + step, 0), self._count - 1) if present else self._count - 1
            self.set_current(item)
            self.moved.emit(item)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and present:
            self.activated.emit(self.current)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self._item_at(event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and item >= 0:
            self.set_current(item)
            self.activated.emit(item)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            item = self._item_at(event.pos().y())
            show_tip(event, self._describe(item) if item >= 0 else "", self)
            return True
        return super().viewportEvent(event)

    def _offset(self) -> float:
        return self.verticalScrollBar().value() / self._theme.zoom

    def _item_at(self, y: float) -> int:
        """Item at a height of the viewport, -1 below the last row."""
        row = int((y / self._theme.zoom + self._offset()) / ROW)
        return max(self._count - 1 - row, -1)

    def _reveal(self, item: int) -> None:
        bar, row = self.verticalScrollBar(), ROW * self._theme.zoom
        top = (self._count - 1 - item) * row
        bar.setValue(min(max(bar.value(), ceil(top + row) - self.viewport().height()), int(top)))

    def _set_range(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(self._theme.px(ROW))
        bar.setRange(0, max(0, ceil(self._count * ROW * self._theme.zoom) - height))
