"""A drop-down list that draws its own arrow, the same on every platform."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from dictrace.widgets.icons import Icon, paint_icon
from dictrace.widgets.theme import LIGHT, Theme


class Choice(QComboBox):
    """A drop-down list; `activated` is what a person chose. Scrolling past it changes nothing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name` is read out where the screen is not seen."""
        super().__init__(parent)
        self._theme = LIGHT
        self.setAccessibleName(name)
        self.setAccessibleDescription(name)  # where the name that is read out is the choice
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._theme.px(8)
        box = QRectF(self.width() - 2 * side, (self.height() - side) / 2, side, side)
        paint_icon(painter, box, Icon.DOWN, self._theme.muted)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
