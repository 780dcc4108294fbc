"""What is happening, as text for a screen reader: it can take the focus, and says by itself what is new."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.tips import plain_tip

PACE_MS = 2000
"""Nothing is announced sooner after the announcement before it."""


class Narration(QLabel):
    """Lies over the place where the same sentence is painted, and paints only that it has the focus.

    While sentences come faster than anybody can listen, the newest is announced every `PACE_MS`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._announced = ""
        self._timer = QTimer(self, singleShot=True, interval=PACE_MS)
        self._timer.timeout.connect(self._announce)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_sentence(self, sentence: str) -> None:
        """Take up what is happening now."""
        self.setText(sentence)
        self.setToolTip(plain_tip(sentence))
        if not self._timer.isActive():
            self._announce()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.accent, self._theme.px(2)))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), self._theme.px(4), self._theme.px(4))

    def _announce(self) -> None:
        if QAccessible.isActive() and self.text() not in ("", self._announced):
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text()))
            self._timer.start()
        self._announced = self.text()
