"""The keys of a dict as a field of cells: coloured and shaped by who wrote them, hatched vermillion where lost.

On a raster device a field is assembled from ready tiles (any number of keys costs about the same); on a vector device
each cell is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from dictrace.engine.frame import Cells, CellState
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import PROCESS_COLOURS, TextSize, Theme, ink_on, line_colour, mixed, process_colour

LARGEST_SIDE = 52.0
COLUMNS = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800, 1000)
LABEL_SIDE = 17.0
HATCH_SIDE = 7.0
_ROUND_SHAPES = 2

_LOOKS = 70
EMPTY_TILE = 0
_NO_WORKER = 1
LOST_TILE = _LOOKS + 2
_TILES = LOST_TILE + 1

Tiles = npt.NDArray[np.uint8]
"""One tile number per cell: empty, present by its writer, or lost; where cells share a pixel the largest is seen."""


@dataclass(frozen=True, slots=True)
class CellGrid:
    """How a number of keys is laid out.

    Attributes:
        count: keys it has room for.
        columns, rows: of cells.
        side: of a cell with its gap, base units.
        group: keys that share one cell, 1 unless there are more keys than pixels.
    """

    count: int
    columns: int
    rows: int
    side: float
    group: int

    @property
    def width(self) -> float:
        return self.columns * self.side

    @property
    def height(self) -> float:
        return self.rows * self.side

    def cell(self, origin: QPointF, index: int) -> QRectF:
        """The room of the cell that shows key `index` of the field."""
        row, column = divmod(index // self.group, self.columns)
        return QRectF(origin.x() + column * self.side, origin.y() + row * self.side, self.side, self.side)


def fit_cells(
    count: int, width: float, height: float, *, largest: float = LARGEST_SIDE, scale: float = 1.0
) -> CellGrid:
    """The grid of `count` keys with the largest cells in `width` x `height`; round numbers of columns, readable by eye.

    `scale` is device pixels per base unit: cells are whole device pixels large, so all look the same.
    """
    count, width_px, height_px = max(count, 1), max(floor(width * scale), 1), max(floor(height * scale), 1)
    group = ceil(count / (width_px * height_px))
    shown = ceil(count / group)

    def side_px(columns: int) -> float:
        return min(width_px / columns, height_px / ceil(shown / columns), largest * scale)

    columns = max((c for c in COLUMNS if c == 1 or c < 2 * shown), key=lambda c: (side_px(c), c))
    if side_px(columns) < 1:
        return CellGrid(count, width_px, ceil(shown / width_px), 1 / scale, group)
    return CellGrid(count, columns, ceil(shown / columns), floor(side_px(columns)) / scale, group)


def tiles_of(cells: Cells, field: int, count: int, *, lost: bool = True) -> Tiles:
    """Tiles of one field's keys in their order, then empty ones up to `count`; `lost` keys shown, or empty."""
    mine = cells.fields == field
    states, writers = cells.states[mine], cells.writers[mine]
    tiles = np.zeros(max(count, len(states)), np.uint8)
    present = states == CellState.PRESENT.value
    tiles[: len(states)][present] = np.where(writers < 0, _NO_WORKER, _NO_WORKER + 1 + writers % _LOOKS)[present]
    if lost:
        tiles[: len(states)][states == CellState.LOST.value] = LOST_TILE
    return tiles


def paint_cells(painter: QPainter, origin: QPointF, grid: CellGrid, tiles: Tiles, theme: Theme) -> None:
    """Paint the field with its upper left corner at `origin`."""
    shown = tiles
    if grid.group > 1:
        shown = _filled(tiles, ceil(len(tiles) / grid.group) * grid.group).reshape(-1, grid.group).max(axis=1)
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        _paint_image(painter, origin, grid, shown, theme)
        return
    for index, tile in enumerate(shown):
        row, column = divmod(index, grid.columns)
        corner = QPointF(origin.x() + column * grid.side, origin.y() + row * grid.side)
        paint_tile(painter, QRectF(corner, corner + QPointF(grid.side, grid.side)), int(tile), theme)


def paint_labels(
    painter: QPainter, origin: QPointF, grid: CellGrid, tiles: Tiles, labels: Sequence[str], theme: Theme
) -> None:
    """Write each key's label into its cell, where cells are large enough, and full enough, and the label fits."""
    if grid.side < LABEL_SIDE or grid.group > 1:
        return
    size = TextSize.SMALL if grid.side < 26 else TextSize.BODY if grid.side < 38 else TextSize.LARGE
    for index, (tile, label) in enumerate(zip(tiles.tolist(), labels, strict=False)):
        process = tile - _NO_WORKER - 1
        narrow = tile != LOST_TILE and process >= _ROUND_SHAPES * len(PROCESS_COLOURS)
        if tile == EMPTY_TILE or narrow or text_width(label, size) > grid.side - 4:
            continue
        ink = theme.lost_text if tile == LOST_TILE else ink_on(process_colour(process))
        room = grid.cell(origin, index)
        draw_text(painter, room, label, ink, size, Qt.AlignmentFlag.AlignHCenter, bold=tile == LOST_TILE)


def process_tile(process: int) -> int:
    """Number of the tile for a key that `process` wrote."""
    return _NO_WORKER if process < 0 else _NO_WORKER + 1 + process % _LOOKS


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
        process = tile - _NO_WORKER - 1
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


def _paint_image(painter: QPainter, origin: QPointF, grid: CellGrid, tiles: Tiles, theme: Theme) -> None:
    """Assemble the field from tiles at whole device pixels."""
    device = painter.deviceTransform()
    side_px = max(1, round(grid.side * device.m11()))
    pixels = _atlas(theme, side_px, grid.side)[_filled(tiles, grid.rows * grid.columns)]
    pixels[len(tiles) :] = 0
    height, width = grid.rows * side_px, grid.columns * side_px
    rows_of_cells = pixels.reshape(grid.rows, grid.columns, side_px, side_px).swapaxes(1, 2)
    field = np.ascontiguousarray(rows_of_cells).reshape(height, width)
    image = QImage(field.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    corner = device.map(origin)
    aligned, _invertible = device.inverted()
    corner = aligned.map(QPointF(round(corner.x()), round(corner.y())))
    painter.drawImage(QRectF(corner.x(), corner.y(), grid.width, grid.height), image)


def _filled(tiles: Tiles, count: int) -> Tiles:
    filled = np.full(count, EMPTY_TILE, np.uint8)
    filled[: len(tiles)] = tiles
    return filled


@lru_cache(maxsize=32)
def _atlas(theme: Theme, side_px: int, side: float) -> npt.NDArray[np.uint32]:
    """Every tile at a size in device pixels, shape (tiles, side_px, side_px), premultiplied ARGB."""
    image = QImage(side_px, side_px * _TILES, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side_px / side, side_px / side)
    for tile in range(_TILES):
        paint_tile(painter, QRectF(0, tile * side, side, side), tile, theme)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(_TILES, side_px, side_px).copy()


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
