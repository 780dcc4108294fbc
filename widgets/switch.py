"""An on/off switch."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from dictrace.widgets.theme import LIGHT, Theme

WIDTH, HEIGHT = 38.0, 24.0


class Switch(QAbstractButton):
    """A checkable button that looks like a switch; `clicked` is what a person did."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is read out where the screen is not seen."""
        super().__init__(parent)
        self._theme = LIGHT
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(WIDTH), self._theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._theme.zoom, self._theme.zoom)
        paint_switch(painter, self.isChecked(), self.isEnabled(), self.hasFocus(), self._theme)


def paint_switch(painter: QPainter, on: bool, enabled: bool, focused: bool, theme: Theme) -> None:
    """Paint a switch of `WIDTH` x `HEIGHT` base units at the origin."""
    if focused:
        painter.setPen(QPen(theme.accent, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(1, 1, WIDTH - 2, HEIGHT - 2), HEIGHT / 2, HEIGHT / 2)
    track = QRectF(3, 3, WIDTH - 6, HEIGHT - 6)
    fill = theme.border if not enabled else theme.accent if on else theme.muted
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(track, track.height() / 2, track.height() / 2)
    knob = QRectF(0, 0, track.height() - 4, track.height() - 4)
    knob.moveCenter(track.center())
    knob.moveLeft(track.right() - knob.width() - 2 if on else track.left() + 2)
    painter.setBrush(theme.on_accent if on and enabled else theme.panel)
    painter.drawEllipse(knob)
