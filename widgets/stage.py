"""The stage as a view: manager server, wires, packets and processes, painted from a Frame."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from dictrace.engine.words import _
from dictrace.widgets.empty_stage_painter import button_centre, paint_empty_stage
from dictrace.widgets.icons import Icon, button_icon
from dictrace.widgets.stage_layout import enlargement
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, Theme
from dictrace.widgets.tips import show_tip

if TYPE_CHECKING:
    from dictrace.engine.frame import Frame
    from dictrace.widgets.stage_painter import StageContext


class Stage(QWidget):
    """Shows one Frame; before there is one, what to expect and a button to run.

    Signals:
        run_requested: the button was pressed.
    """

    run_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._context: StageContext | None = None
        self._button = named(QPushButton(_("Run"), self), "primary")
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self.run_requested)
        self.setAccessibleName(_("Stage: manager server and processes"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._button.setIcon(button_icon(Icon.PLAY, theme.on_accent, theme.muted))
        self._button.setIconSize(QSize(theme.px(12), theme.px(12)))
        self.updateGeometry()
        self._place_button()
        self.update()

    def set_frame(self, frame: "Frame | None", context: "StageContext | None" = None) -> None:
        """Show a frame and what belongs to its recording, or, without one, what to expect."""
        self._frame, self._context = frame, context
        self._button.setVisible(frame is None)
        self.setAccessibleDescription(frame.happened if frame else "")
        self.update()

    def set_running(self, running: bool) -> None:
        """While a run goes on there is nothing to press."""
        self._button.setEnabled(not running)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(860), self._theme.px(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(320), self._theme.px(146))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        if self._frame is None or self._context is None:
            paint_empty_stage(painter, self._room(), self._theme)
        else:
            from dictrace.widgets.stage_painter import paint_stage

            paint_stage(painter, self._room(), self._frame, self._theme, self._context)

    def event(self, event: QEvent) -> bool:
        """A tool tip names all that could not be followed."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event, self.text_at(QPointF(event.pos()) / self._scale), self)
            return True
        return super().event(event)

    def text_at(self, place: QPointF) -> str:
        """More on what is at a place, base units; empty where there is no more to say."""
        if self._frame is None or not self._frame.ghosts:
            return ""
        from dictrace.widgets.foot_painter import ghost_chip

        if not ghost_chip(self._room(), self._frame.ghosts).contains(place):
            return ""
        return _("What it started besides can't be followed: {names}.").format(names=", ".join(self._frame.ghosts))

    @property
    def _scale(self) -> float:
        """Logical pixels per base unit: those of the zoom, and more where there is room to spare."""
        zoom, processes = self._theme.zoom, len(self._frame.shown) if self._frame is not None else 0
        return zoom * enlargement(self.width() / zoom, self.height() / zoom, processes)

    def _room(self) -> QRectF:
        """The whole view in base units."""
        return QRectF(0, 0, self.width() / self._scale, self.height() / self._scale)

    def _place_button(self) -> None:
        self._button.adjustSize()
        centre = button_centre(self._room()) * self._scale
        self._button.move(centre.toPoint() - self._button.rect().center())
