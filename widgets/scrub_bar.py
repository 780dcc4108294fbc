"""The scrub bar: where in the recording the picture is, and where updates were lost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dictrace.engine.words import _
from dictrace.widgets.theme import LIGHT, Theme

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

HEIGHT = 34.0
_SIDE = 9.0
_PAGES = 20


class ScrubBar(QWidget):
    """A line as long as the recording, with a mark at every event that lost an update.

    Signals:
        seek_requested: position, by event, that the person went to.
    """

    seek_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._position = 0.0
        self._events = 0
        self._marks: LossMarks | None = None
        self.setAccessibleName(_("Position in the recording"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_position(self, position: float, events: int) -> None:
        """Show a position, by event, in a recording of so many events."""
        self._position, self._events = position, events
        self.update()

    def set_losses(self, losses: Sequence[int]) -> None:
        """Mark the events at which updates were lost."""
        self._marks = LossMarks(losses) if losses else None
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(160), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(90), self._theme.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = self._theme.zoom
        painter.scale(zoom, zoom)
        rect = QRectF(0, 0, self.width() / zoom, self.height() / zoom)
        paint_scrub_bar(painter, rect, self._position, self._events, self._marks, self._theme, self.hasFocus())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._seek_to(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys go a twentieth; arrows, Home and End are the window's."""
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if pages is None or not self._events:
            super().keyPressEvent(event)
            return
        wanted = self._position + pages * self._events / _PAGES
        self.seek_requested.emit(min(max(wanted, 0.0), float(self._events)))

    def _seek_to(self, x: float) -> None:
        if self._events:
            side = _SIDE * self._theme.zoom
            share = (x - side) / max(self.width() - 2 * side, 1.0)
            self.seek_requested.emit(min(max(share, 0.0), 1.0) * self._events)


def paint_scrub_bar(
    painter: QPainter,
    rect: QRectF,
    position: float,
    events: int,
    marks: "LossMarks | None",
    theme: Theme,
    focused: bool = False,
) -> None:
    """Paint into `rect`, base units: the line, what has been played of it, the marks above, and the handle."""
    left, width = rect.left() + _SIDE, max(rect.width() - 2 * _SIDE, 1.0)
    line = QRectF(left, rect.center().y() - 0.5, width, 5)
    share = position / events if events else 0.0
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, part in ((theme.border, 1.0), (theme.accent, share)):
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(left, line.top(), width * part, line.height()), 2.5, 2.5)
    if not events:
        return
    if marks is not None:
        marks.paint(painter, QRectF(left, rect.top() + 2, width, line.top() - rect.top() - 4), events, theme)
    handle = QPointF(left + width * share, line.center().y())
    painter.setPen(QPen(theme.text if focused else theme.panel, 2))
    painter.setBrush(theme.accent)
    painter.drawEllipse(handle, 7.5, 7.5)


class LossMarks:
    """The marks of events at which updates were lost; counted once for each size, however many they are."""

    def __init__(self, losses: Sequence[int]) -> None:
        """`losses`: numbers of the events, at least one."""
        import numpy as np  # takes longer to load than the window to appear, and is not needed for that

        self._losses = np.asarray(losses, np.int64)
        self._key: object = None
        self._pixels: npt.NDArray[np.uint32] | None = None

    def paint(self, painter: QPainter, room: QRectF, events: int, theme: Theme) -> None:
        """One mark per device pixel that has losses, tallest where most are."""
        from dictrace.widgets.fills import paint_pixels

        scale = painter.deviceTransform().m11()
        width, height = round(room.width() * scale) + 2, round(room.height() * scale)
        key = width, height, scale, events, theme
        if self._pixels is None or key != self._key:
            self._key, self._pixels = key, self._drawn(width, height, scale, events, theme)
        paint_pixels(painter, QRectF(room.left() - 1 / scale, room.top(), width / scale, height / scale), self._pixels)

    def _drawn(self, width: int, height: int, scale: float, events: int, theme: Theme) -> "npt.NDArray[np.uint32]":
        import numpy as np

        counts = np.bincount(np.round(self._losses / events * (width - 2)).astype(np.int64), minlength=width)
        tall = np.where(counts, height * (0.4 + 0.6 * counts / counts.max()), 0.0)
        thick = np.max([np.roll(tall, shift) for shift in range(max(2, round(1.5 * scale)))], axis=0)
        return np.where(np.arange(height, 0, -1)[:, None] <= thick, theme.lost.rgba(), 0).astype(np.uint32)
