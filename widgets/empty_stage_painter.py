"""Paints the stage before the first run: what will be seen there, as four steps of one lost update."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.words import _
from dictrace.widgets.stage_layout import CardKind, StageLayout, lay_out
from dictrace.widgets.text import draw_paragraph, draw_text
from dictrace.widgets.theme import RADIUS, UNIT, TextSize, Theme
from dictrace.widgets.tiles import EMPTY_TILE, LOST_TILE, paint_tile, process_tile

_OTHERS = (process_tile(1), process_tile(2), process_tile(3))
_MINE = process_tile(0)
_KEYS = 8
BUTTON_HEIGHT = 44.0
HEADING_HEIGHT = 28.0
LINE_HEIGHT = 18.0


def paint_empty_stage(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """Paint into `rect`, base units, leaving `button_centre` free; nothing where the words would not fit."""
    layout = lay_out(rect, 4, (_KEYS,), 0)
    if not _has_room(layout):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.border, 1.5))
    for wire in layout.wires:
        painter.drawPath(wire.path)
    server, boxes = layout.server, layout.processes
    _paint_step(
        painter,
        server,
        theme,
        _("Manager server"),
        _("a process of its own; it holds the only real dict"),
        (*_OTHERS, EMPTY_TILE, EMPTY_TILE),
    )
    steps = (
        (_("1  Fetch"), _("A process gets a private copy of the dict."), (*_OTHERS[:2], EMPTY_TILE)),
        (_("2  Mutate"), _("It changes its copy. Nobody else sees that."), (*_OTHERS[:2], _MINE)),
        (_("3  Commit"), _("It writes the whole copy back."), (*_OTHERS[:2], _MINE)),
        (_("4  Lost"), _("What others wrote in between is gone."), (*_OTHERS[:2], LOST_TILE, _MINE)),
    )
    for box, (title, text, tiles) in zip(boxes, steps, strict=True):
        _paint_step(painter, box, theme, title, text, tiles)


def button_centre(rect: QRectF) -> QPointF:
    """The middle of the room between server and processes; of the whole where they are not painted."""
    layout = lay_out(rect, 4, (_KEYS,), 0)
    if not _has_room(layout):
        return rect.center()
    return QPointF(layout.server.center().x(), (layout.server.bottom() + layout.processes[0].top()) / 2)


def _has_room(layout: StageLayout) -> bool:
    return layout.kind is CardKind.CARD and layout.wires_height >= BUTTON_HEIGHT


def _paint_step(painter: QPainter, box: QRectF, theme: Theme, title: str, text: str, tiles: Sequence[int]) -> None:
    """A dashed box with a heading, a sentence, and a row of cells where there is room."""
    painter.setPen(QPen(theme.strong_border, 1.25, Qt.PenStyle.DashLine))
    painter.setBrush(theme.sunken)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    room = box.adjusted(4 * UNIT, 2 * UNIT, -4 * UNIT, -3 * UNIT)
    heading = QRectF(room.left(), room.top(), room.width(), HEADING_HEIGHT)
    draw_text(painter, heading, title, theme.text, TextSize.LARGE, bold=True)
    draw_paragraph(painter, room.adjusted(0, HEADING_HEIGHT, 0, 0), text, theme.muted, TextSize.BODY)
    side = min(34.0, room.height() - HEADING_HEIGHT - 2 * LINE_HEIGHT - UNIT)
    if side < 12:
        return
    for position, tile in enumerate(tiles):
        corner = QPointF(room.left() + position * side, room.bottom() - side)
        paint_tile(painter, QRectF(corner.x(), corner.y(), side, side), tile, theme)
