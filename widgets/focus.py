"""The ring around what has the keyboard's focus."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.widgets.theme import UNIT, Theme


def paint_focus(painter: QPainter, room: QRectF, theme: Theme) -> None:
    """Paint the ring just inside `room`, base units."""
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), UNIT, UNIT)
