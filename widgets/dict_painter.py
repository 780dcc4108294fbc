"""Paints the shared dict as a table: what was expected and what is there, in as many columns as have room."""

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from dictrace.engine.words import ngettext
from dictrace.widgets.dict_model import Column, DictModel
from dictrace.widgets.table_painter import HEAD, ROW, TableColumn, paint_rows, rows_in
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import UNIT, TextSize, Theme

LEAST_WIDTH = 264.0
_GAP = 4 * UNIT
_KEY = (40.0, 110.0)


def paint_dict(painter: QPainter, rect: QRectF, model: DictModel, theme: Theme) -> None:
    """Paint the model's rows into `rect`, base units; where not all have room, the last line says how many more."""
    count, room = model.rowCount(), rows_in(rect.height())
    most = max(1, int((rect.width() + _GAP) // (LEAST_WIDTH + _GAP)))
    parts = max(1, min(most, ceil(count / room) if room else 1))
    shown = count if count <= parts * room else max(parts * room - 1, 0)
    labels = (str(model.data(model.index(row, Column.KEY)) or "") for row in range(shown))
    key = max((text_width(label, TextSize.BODY) for label in labels), default=0.0) + 2 * UNIT
    key = min(max(key, _KEY[0]), _KEY[1])
    columns = (
        TableColumn(Column.KEY, key),
        TableColumn(Column.EXPECTED),
        TableColumn(Column.ACTUAL),
        TableColumn(Column.FATE, 84.0),
    )
    width = (rect.width() - (parts - 1) * _GAP) / parts
    each = ceil(count / parts) if count <= parts * room else room
    for part in range(parts):
        rows = range(part * each, min((part + 1) * each, shown))
        box = QRectF(rect.left() + part * (width + _GAP), rect.top(), width, rect.height())
        paint_rows(painter, box, model, rows, columns, theme)
    if shown < count:
        line = QRectF(rect.right() - width, rect.top() + HEAD + (room - 1) * ROW, width - UNIT, ROW)
        text = ngettext("and {n} more key", "and {n} more keys", count - shown).format(n=f"{count - shown:,}")
        draw_text(painter, line, text, theme.muted, TextSize.SMALL, Qt.AlignmentFlag.AlignRight)
