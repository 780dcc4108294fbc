"""Shows a picture as it will be, as large as there is room, on a ground that tells what is transparent."""

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dictrace.engine.words import _
from dictrace.widgets.text import draw_paragraph, paragraph_height
from dictrace.widgets.theme import LIGHT, RADIUS, UNIT, TextSize, Theme

SIZE = (560.0, 400.0)
LEAST = (180.0, 120.0)
_SQUARE = 2 * UNIT
_TEXT_WIDTH = 320.0


class PicturePreview(QWidget):
    """Shows an image, or a text where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._image: QImage | None = None
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Preview"))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_image(self, image: QImage) -> None:
        """Show an image."""
        self._image, self._text = image, ""
        self.update()

    def set_text(self, text: str) -> None:
        """Show a text instead of an image."""
        self._image, self._text = None, text
        self.setAccessibleDescription(text)
        self.update()

    @property
    def room_px(self) -> QSizeF:
        """Pixels of the screen that an image has room for."""
        return QSizeF(self._room().size()) * self._theme.zoom * self.devicePixelRatio()

    def sizeHint(self) -> QSize:
        return QSize(*(self._theme.px(length) for length in SIZE))

    def minimumSizeHint(self) -> QSize:
        return QSize(*(self._theme.px(length) for length in LEAST))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.scale(self._theme.zoom, self._theme.zoom)
        paint_preview(painter, self._whole(), self._room(), self._image, self._text, self._theme)

    def _whole(self) -> QRectF:
        return QRectF(0, 0, self.width() / self._theme.zoom, self.height() / self._theme.zoom)

    def _room(self) -> QRectF:
        """Where the image may be, base units."""
        return self._whole().adjusted(3 * UNIT, 3 * UNIT, -3 * UNIT, -3 * UNIT)


def paint_preview(
    painter: QPainter, whole: QRectF, room: QRectF, image: QImage | None, text: str, theme: Theme
) -> None:
    """Paint a field with an image or a text in its middle, base units."""
    painter.setPen(QPen(theme.border, 1))
    painter.setBrush(theme.sunken)
    painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    if image is None:
        width = min(_TEXT_WIDTH, room.width())
        height = paragraph_height(text, width, TextSize.LARGE)
        box = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
        draw_paragraph(painter, box, text, theme.muted, TextSize.LARGE)
        return
    size = QSizeF(image.size()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    size = size.boundedTo(QSizeF(image.size()))
    box = QRectF(0, 0, size.width(), size.height())
    box.moveCenter(room.center())
    if image.hasAlphaChannel():
        _paint_squares(painter, box, theme)
    painter.drawImage(box, image)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.border, 1))
    painter.drawRect(box)


def _paint_squares(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The usual sign for nothing."""
    painter.fillRect(box, theme.panel)
    painter.save()
    painter.setClipRect(box)
    for row in range(round(box.height() / _SQUARE) + 1):
        for column in range(row % 2, round(box.width() / _SQUARE) + 1, 2):
            painter.fillRect(
                QRectF(box.left() + column * _SQUARE, box.top() + row * _SQUARE, _SQUARE, _SQUARE), theme.raised
            )
    painter.restore()
