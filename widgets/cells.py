"""The keys of a dict as a field of cells.

On a raster device a field is assembled from ready tiles (any number of keys costs about the same); on a vector device
each cell is drawn.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter

from dictrace.engine.frame import Cells, CellState
from dictrace.widgets.cell_grid import CellGrid
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import PROCESS_COLOURS, TextSize, Theme, ink_on, process_colour
from dictrace.widgets.tiles import EMPTY_TILE, LOOKS, LOST_TILE, NO_WORKER, TILES, paint_tile

LABEL_SIDE = 17.0
_ROUND_SHAPES = 2

Tiles = npt.NDArray[np.uint8]
"""One tile number per cell: empty, present by its writer, or lost; where cells share a pixel the largest is seen."""


def tiles_of(cells: Cells, field: int, count: int, *, lost: bool = True) -> Tiles:
    """Tiles of one field's keys in their order, then empty ones up to `count`; `lost` keys shown, or empty."""
    mine = cells.fields == field
    states, writers = cells.states[mine], cells.writers[mine]
    tiles = np.zeros(max(count, len(states)), np.uint8)
    present = states == CellState.PRESENT.value
    tiles[: len(states)][present] = np.where(writers < 0, NO_WORKER, NO_WORKER + 1 + writers % LOOKS)[present]
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
    """Write each key's label into its cell, where cells are large enough for every one of `labels`, and full enough.

    There may be more labels than keys, so that room is made for those of keys still to come.
    """
    if grid.side < LABEL_SIDE or grid.group > 1:
        return
    size = TextSize.SMALL if grid.side < 26 else TextSize.BODY if grid.side < 38 else TextSize.LARGE
    if any(text_width(label, size) > grid.side - 4 for label in labels):
        return
    for index, (tile, label) in enumerate(zip(tiles.tolist(), labels, strict=False)):
        process = tile - NO_WORKER - 1
        narrow = tile != LOST_TILE and process >= _ROUND_SHAPES * len(PROCESS_COLOURS)
        if tile == EMPTY_TILE or narrow:
            continue
        ink = theme.lost_text if tile == LOST_TILE else ink_on(process_colour(process))
        room = grid.cell(origin, index)
        draw_text(painter, room, label, ink, size, Qt.AlignmentFlag.AlignHCenter, bold=tile == LOST_TILE)


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
    image = QImage(side_px, side_px * TILES, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(side_px / side, side_px / side)
    for tile in range(TILES):
        paint_tile(painter, QRectF(0, tile * side, side, side), tile, theme)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(TILES, side_px, side_px).copy()
