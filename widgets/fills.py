"""Fills that look alike on a screen, in a picture of any scale and as vectors: arrays of pixels, and hatching."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPen

HATCH_STEP = 5.0

Pixels = npt.NDArray[np.uint32]
"""Shape (height, width), premultiplied ARGB."""


def is_vector(painter: QPainter) -> bool:
    """What is painted on keeps lines and areas, not pixels."""
    return painter.paintEngine().type() != QPaintEngine.Type.Raster


def paint_pixels(painter: QPainter, rect: QRectF, pixels: Pixels) -> None:
    """Paint pixels over `rect`; as vectors, a rectangle for each stretch of one colour."""
    height, width = pixels.shape
    if not is_vector(painter):
        pixels = np.ascontiguousarray(pixels)
        painter.drawImage(rect, QImage(pixels.data, width, height, width * 4, _FORMAT))
        return
    across, down = rect.width() / width, rect.height() / height
    painter.setPen(Qt.PenStyle.NoPen)
    for (left, right, colour), rows in _stretches(pixels):
        painter.setBrush(QImage(colour.tobytes(), 1, 1, 4, _FORMAT).pixelColor(0, 0))
        for top, bottom in rows:
            box = QRectF(left * across, top * down, (right - left) * across, (bottom - top) * down)
            painter.drawRect(box.translated(rect.topLeft()))


def paint_hatch(painter: QPainter, rect: QRectF, colour: QColor, width: float = 1.0) -> None:
    """Paint slanting lines over `rect`, base units."""
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    wide, high = rect.width(), rect.height()
    for reach in np.arange(HATCH_STEP / 2, wide + high, HATCH_STEP).tolist():
        line = QLineF(max(0.0, reach - high), min(reach, high), min(reach, wide), max(0.0, reach - wide))
        painter.drawLine(line.translated(rect.topLeft()))


_FORMAT = QImage.Format.Format_ARGB32_Premultiplied
_Stretch = tuple[int, int, np.uint32]


def _stretches(pixels: Pixels) -> list[tuple[_Stretch, list[tuple[int, int]]]]:
    """Stretches of one colour in the rows, from and to which column, with the rows in which each is."""
    found: dict[_Stretch, list[tuple[int, int]]] = {}
    for row, line in enumerate(pixels):
        edges = np.flatnonzero(np.diff(line)) + 1
        for left, right in zip((0, *edges.tolist()), (*edges.tolist(), len(line)), strict=True):
            if line[left]:
                rows = found.setdefault((left, right, line[left]), [])
                if rows and rows[-1][1] == row:
                    rows[-1] = rows[-1][0], row + 1
                else:
                    rows.append((row, row + 1))
    return list(found.items())
