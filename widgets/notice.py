"""A short notice that something is done: it lies over the foot of a window for a moment and takes no part in it."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme

SHOWN_MS = 3000


class Notice(QLabel):
    """Shows one line in its parent, announces it to screen readers, and goes by itself or when it is clicked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._whole = parent
        self._above_foot = 0
        named(self, "notice")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay where it belongs when the window gets another size."""
        if watched is self._whole and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def show_text(self, text: str, theme: Theme) -> None:
        """Show this, for a moment; where it is too long, its middle is left out."""
        self.setText(text)
        self.ensurePolished()
        room = self._whole.width() - theme.px(16 * UNIT)
        if self.sizeHint().width() > room:
            frame = self.sizeHint().width() - self.fontMetrics().horizontalAdvance(text)
            self.setText(self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room - frame))
        self.adjustSize()
        self._above_foot = theme.px(6 * UNIT)
        self._place()
        self.raise_()
        self.show()
        self._timer.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _place(self) -> None:
        whole = self._whole
        self.move((whole.width() - self.width()) // 2, whole.height() - self.height() - self._above_foot)

    def mousePressEvent(self, event: object) -> None:
        self.hide()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()
