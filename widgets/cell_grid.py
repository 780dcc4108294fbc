"""How a number of cells is laid out in a room: geometry only, base units."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF

LARGEST_SIDE = 52.0
COUNTABLE_PX = 4
"""Side of a cell from which on columns are counted: smaller ones fill the width, whatever its number of columns."""

COLUMNS = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600, 800, 1000)


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


@lru_cache(maxsize=256)
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
    if side_px(columns) < COUNTABLE_PX:
        side = next(px for px in range(COUNTABLE_PX, 0, -1) if (width_px // px) * (height_px // px) >= shown)
        columns = width_px // side
        return CellGrid(count, columns, ceil(shown / columns), side / scale, group)
    return CellGrid(count, columns, ceil(shown / columns), floor(side_px(columns)) / scale, group)
