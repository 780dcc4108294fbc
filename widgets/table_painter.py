"""Paints rows of a table's model as the table shows them: below the names of the columns, in the model's colours."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dictrace.widgets.text import draw_text
from dictrace.widgets.theme import UNIT, TextSize, Theme

HEAD = 22.0
ROW = 22.0


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a model and its width in base units; 0: as much as each other such one of what the rest leave."""

    number: int
    width: float = 0.0


def rows_in(height: float) -> int:
    """Rows that have room below the names of the columns."""
    return max(0, int((height - HEAD) // ROW))


def paint_rows(
    painter: QPainter,
    rect: QRectF,
    model: QAbstractItemModel,
    rows: Sequence[int],
    columns: Sequence[TableColumn],
    theme: Theme,
) -> None:
    """Paint these rows of `model` into `rect`, base units."""
    spare = max(rect.width() - sum(column.width for column in columns), 0.0)
    spare /= max(sum(not column.width for column in columns), 1)
    lefts = [rect.left() + UNIT]
    for column in columns:
        lefts.append(lefts[-1] + (column.width or spare))
    painter.fillRect(QRectF(rect.left(), rect.top() + HEAD - 1, rect.width(), 1), theme.border)
    for column, left, right in zip(columns, lefts, lefts[1:], strict=False):
        name = str(model.headerData(column.number, Qt.Orientation.Horizontal) or "")
        room = QRectF(left, rect.top(), right - left - UNIT, HEAD - 1)
        draw_text(painter, room, name, theme.muted, TextSize.SMALL)
    for place, row in enumerate(rows):
        line = QRectF(rect.left(), rect.top() + HEAD + place * ROW, rect.width(), ROW)
        ground = model.data(model.index(row, columns[0].number), Qt.ItemDataRole.BackgroundRole)
        if isinstance(ground, QColor):
            painter.fillRect(line.adjusted(0, 0.5, 0, -0.5), ground)
        for column, left, right in zip(columns, lefts, lefts[1:], strict=False):
            index = model.index(row, column.number)
            ink = model.data(index, Qt.ItemDataRole.ForegroundRole)
            room = QRectF(left, line.top(), right - left - UNIT, ROW)
            text = str(model.data(index, Qt.ItemDataRole.DisplayRole) or "")
            draw_text(painter, room, text, ink if isinstance(ink, QColor) else theme.text)
