"""What one cell looks like: coloured and shaped by who wrote it, hatched vermillion where lost. Tiles are numbered."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF, QTransform

from dictrace.widgets.theme import PROCESS_COLOURS, Theme, line_colour, mixed, process_colour

HATCH_SIDE = 7.0
LOOKS = 70
"""Processes that look different."""

EMPTY_TILE = 0
NO_WORKER = 1
"""Written by none of the workers; then come the tiles of the processes."""
LOST_TILE = LOOKS + 2
TILES = LOST_TILE + 1


def process_tile(process: int) -> int:
    """Number of the tile for a key that `process` wrote."""
    return NO_WORKER if process < 0 else NO_WORKER + 1 + process % LOOKS


def paint_tile(painter: QPainter, rect: QRectF, tile: int, theme: Theme) -> None:
    """Paint one cell into its room `rect`, gap included."""
    side = rect.width()
    gap = 0.0 if side < 3 else 0.5 if side < 5 else max(1.0, round(side * 0.07))
    body = rect.adjusted(gap, gap, -gap, -gap)
    corner = body.width() * 0.16 if side >= 5 else 0.0
    painter.setPen(Qt.PenStyle.NoPen)
    if tile == EMPTY_TILE:
        painter.setBrush(theme.empty)
        painter.drawRoundedRect(body, corner, corner)
    elif tile == LOST_TILE:
        _paint_lost(painter, body, corner, theme)
    else:
        process = tile - NO_WORKER - 1
        if side >= 8 and line_colour(process, theme) != process_colour(process):
            painter.setPen(QPen(line_colour(process, theme), 1))
            body = body.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(process_colour(process))
        shape = max(process, 0) // len(PROCESS_COLOURS)
        if shape == 0 or side < 5:
            painter.drawRoundedRect(body, corner, corner)
        else:
            onto_body = QTransform.fromTranslate(body.x(), body.y()).scale(body.width(), body.height())
            painter.drawPath(onto_body.map(_SHAPES[shape % len(_SHAPES)]))


def _paint_lost(painter: QPainter, body: QRectF, corner: float, theme: Theme) -> None:
    """A pale cell with a hatch and, on top so that it stays sharp, an outline; a solid one where it is small."""
    if body.width() < HATCH_SIDE - 2:
        painter.setBrush(theme.lost)
        painter.drawRect(body)
        return
    width = max(1.0, round(body.width() * 0.075))
    inner = body.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.setBrush(theme.lost_fill)
    painter.drawRoundedRect(body, corner, corner)
    painter.setPen(QPen(mixed(theme.lost_fill, theme.lost, 0.6), width))
    lines = 2 if body.width() < 12 else 3
    for number in range(1, lines + 1):
        reach = 2 * inner.width() * number / (lines + 1)
        start = QPointF(inner.left() + max(0.0, reach - inner.width()), inner.top() + min(reach, inner.height()))
        end = QPointF(inner.left() + min(reach, inner.width()), inner.top() + max(0.0, reach - inner.height()))
        painter.drawLine(start, end)
    painter.setPen(QPen(theme.lost, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, corner, corner)


def _polygon(*points: tuple[float, float]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    path.closeSubpath()
    return path


def _disc() -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QRectF(0, 0, 1, 1))
    return path


_SHAPES = (
    _polygon((0, 0), (1, 0), (1, 1), (0, 1)),
    _disc(),
    _polygon((0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)),
    _polygon((0.5, 0), (1, 1), (0, 1)),
    _polygon((0, 0), (1, 0), (0.5, 1)),
    _polygon((0, 0), (1, 0.5), (0, 1)),
    _polygon((1, 0), (1, 1), (0, 0.5)),
    _polygon(
        (0.3, 0),
        (0.7, 0),
        (0.7, 0.3),
        (1, 0.3),
        (1, 0.7),
        (0.7, 0.7),
        (0.7, 1),
        (0.3, 1),
        (0.3, 0.7),
        (0, 0.7),
        (0, 0.3),
        (0.3, 0.3),
    ),
    _polygon((0.25, 0), (0.75, 0), (1, 0.5), (0.75, 1), (0.25, 1), (0, 0.5)),
    _polygon((0, 0), (1, 0), (0.65, 0.5), (1, 1), (0, 1), (0.35, 0.5)),
)
"""Shapes in a unit square for processes 1-7, 8-14, … so that repeated colours can be told apart."""
