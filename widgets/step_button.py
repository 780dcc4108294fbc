"""One numbered step of a story: a button as wide as its room, its sentence in as many lines as that takes."""

from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from dictrace.engine.words import _
from dictrace.widgets.text import draw_paragraph, draw_text, paragraph_height
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme, ink_on, metrics

MARK = 20.0
INDENT = UNIT + MARK + 2 * UNIT


class StepButton(QAbstractButton):
    """A step; whether it has been reached and whether it tells of the loss is seen in its number's look."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number, self._lost = number, False
        self._reached = False
        self._theme = LIGHT
        self.setToolTip(_("Show this moment"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def is_reached(self) -> bool:
        """The moment shown is that of this step or a later one."""
        return self._reached

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_step(self, text: str, *, lost: bool) -> None:
        """Say what happens in the step, and whether that is the loss."""
        self._lost = lost
        self.setText(text)
        self.setAccessibleName(_("{n}. {text}").format(n=self._number, text=text))
        self.updateGeometry()

    def set_reached(self, reached: bool) -> None:
        if reached != self._reached:
            self._reached = reached
            self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        zoom = self._theme.zoom
        height = paragraph_height(self.text(), width / zoom - INDENT - UNIT)
        return ceil((max(height, MARK) + 2 * UNIT) * zoom)

    def sizeHint(self) -> QSize:
        width = self._theme.px(260)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(MARK + 2 * UNIT))

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave, QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = self._theme.zoom
        painter.scale(zoom, zoom)
        room = QRectF(0, 0, self.width() / zoom, self.height() / zoom)
        if self.underMouse() or self.hasFocus():
            painter.setPen(self._theme.accent if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.sunken)
            painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), UNIT, UNIT)
        paint_step(painter, room, self._number, self.text(), self._theme, lost=self._lost, reached=self._reached)


def paint_step(
    painter: QPainter, rect: QRectF, number: int, text: str, theme: Theme, *, lost: bool, reached: bool
) -> None:
    """Paint a step's number in a disc, filled once it is reached, and its sentence beside it."""
    fill = (theme.lost if lost else theme.text) if reached else theme.raised
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    disc = QRectF(rect.left() + UNIT, rect.top() + UNIT, MARK, MARK)
    painter.drawEllipse(disc)
    ink = ink_on(fill) if reached else theme.lost_text if lost else theme.text
    draw_text(painter, disc, str(number), ink, TextSize.SMALL, Qt.AlignmentFlag.AlignHCenter, bold=True)
    line = metrics(TextSize.BODY).height()
    top = rect.top() + UNIT + max(0.0, (MARK - line) / 2)
    room = QRectF(rect.left() + INDENT, top, rect.width() - INDENT - UNIT, rect.bottom() - top)
    draw_paragraph(painter, room, text, theme.lost_text if lost else theme.text)
