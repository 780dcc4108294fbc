"""Keeps small pictures that are painted again and again, so that the next time costs a copy of their pixels."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from dictrace.widgets.fills import is_vector

_FRACTIONS = 8


class Kept:
    """Pictures by how they look, the `most` that were used last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._images: OrderedDict[Hashable, QImage] = OrderedDict()

    def get(self, look: Hashable, paint: Callable[[], QImage]) -> QImage:
        """The picture of this look, painted if there is none."""
        image = self._images.pop(look, None) or paint()
        self._images[look] = image
        if len(self._images) > self._most:
            self._images.popitem(last=False)
        return image


kept = Kept(512)


def stamp(painter: QPainter, room: QRectF, look: Hashable, paint: Callable[[QPainter], None]) -> None:
    """Do `paint`, all of whose marks are within `room` and are told by `look` and the size of the room; base units.

    The pixels are the same as without this, but for a shift of less than 1 / `_FRACTIONS` of a pixel. What is turned,
    and vectors, are painted as they are.
    """
    device = painter.deviceTransform()
    if is_vector(painter) or device.isRotating():
        paint(painter)
        return
    scale, right, down = device.m11(), device.dx(), device.dy()
    x, y, width, height = room.x(), room.y(), room.width(), room.height()
    x_px, y_px = x * scale + right, y * scale + down
    left_px, top_px = floor(x_px), floor(y_px)
    inside = round((x_px - left_px) * _FRACTIONS), round((y_px - top_px) * _FRACTIONS)
    key = look, width, height, scale, inside
    image = kept.get(key, lambda: _painted(room, scale, QPointF(*inside) / _FRACTIONS, paint))
    painter.drawImage(QPointF((left_px - right) / scale, (top_px - down) / scale), image)


def _painted(room: QRectF, scale: float, inside: QPointF, paint: Callable[[QPainter], None]) -> QImage:
    width, height = ceil(room.width() * scale + inside.x()), ceil(room.height() * scale + inside.y())
    image = QImage(max(width, 1), max(height, 1), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(inside)
    painter.scale(scale, scale)
    painter.translate(-room.topLeft())
    paint(painter)
    painter.end()
    image.setDevicePixelRatio(scale)
    return image
