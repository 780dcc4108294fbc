"""Paints the stage before the first run: what will be seen there, as four steps of one lost update."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.words import _
from dictrace.widgets.stage_layout import CardKind, StageLayout, lay_out
from dictrace.widgets.text import draw_paragraph, draw_text, paragraph_height
from dictrace.widgets.theme import RADIUS, UNIT, TextSize, Theme
from dictrace.widgets.tiles import EMPTY_TILE, LOST_TILE, paint_tile, process_tile

_OTHERS = (process_tile(1), process_tile(2), process_tile(3))
_MINE = process_tile(0)
_KEYS = 8
BUTTON_HEIGHT = 44.0
HEADING_HEIGHT = 28.0
LEAST_SIDE, LARGEST_SIDE = 14.0, 34.0
"""Of a cell with its gap."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What a box says, and its cells."""

    title: str
    text: str
    tiles: tuple[int, ...]


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
    holds = _Step(
        _("Manager server"), _("a process of its own; it holds the only real dict"), (*_OTHERS, EMPTY_TILE, EMPTY_TILE)
    )
    _paint_steps(painter, [server], [holds], theme)
    steps = [
        _Step(_("1  Fetch"), _("A process gets a private copy of the dict."), (*_OTHERS[:2], EMPTY_TILE)),
        _Step(_("2  Mutate"), _("It changes its copy. Nobody else sees that."), (*_OTHERS[:2], _MINE)),
        _Step(_("3  Commit"), _("It writes the whole copy back."), (*_OTHERS[:2], _MINE)),
        _Step(_("4  Lost"), _("What others wrote in between is gone."), (*_OTHERS[:2], LOST_TILE, _MINE)),
    ]
    _paint_steps(painter, boxes, steps, theme)


def button_centre(rect: QRectF) -> QPointF:
    """The middle of the room between server and processes; of the whole where they are not painted."""
    layout = lay_out(rect, 4, (_KEYS,), 0)
    if not _has_room(layout):
        return rect.center()
    return QPointF(layout.server.center().x(), (layout.server.bottom() + layout.processes[0].top()) / 2)


def _has_room(layout: StageLayout) -> bool:
    return layout.kind in (CardKind.CARD, CardKind.COMPACT) and layout.wires_height >= BUTTON_HEIGHT


def _paint_steps(painter: QPainter, boxes: Sequence[QRectF], steps: Sequence[_Step], theme: Theme) -> None:
    """Dashed boxes, each with a heading, a sentence and a row of cells: alike in all, as large as all have room for."""
    rooms = [box.adjusted(4 * UNIT, 2 * UNIT, -4 * UNIT, -3 * UNIT) for box in boxes]
    words = [room.adjusted(0, HEADING_HEIGHT, 0, 0) for room in rooms]
    for size in (TextSize.BODY, TextSize.SMALL):
        heights = [paragraph_height(step.text, room.width(), size) for step, room in zip(steps, words, strict=True)]
        spare = min(room.height() - height for room, height in zip(words, heights, strict=True)) - UNIT
        if spare >= LEAST_SIDE:
            break
    side = min(LARGEST_SIDE, spare, *(room.width() / len(step.tiles) for step, room in zip(steps, rooms, strict=True)))
    for box, room, step in zip(boxes, rooms, steps, strict=True):
        painter.setPen(QPen(theme.strong_border, 1.25, Qt.PenStyle.DashLine))
        painter.setBrush(theme.sunken)
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        heading = QRectF(room.left(), room.top(), room.width(), HEADING_HEIGHT)
        draw_text(painter, heading, step.title, theme.text, TextSize.LARGE, bold=True)
        if spare >= 0:
            draw_paragraph(painter, room.adjusted(0, HEADING_HEIGHT, 0, 0), step.text, theme.muted, size)
        for position, tile in enumerate(step.tiles if side >= LEAST_SIDE else ()):
            corner = QPointF(room.left() + position * side, room.bottom() - side)
            paint_tile(painter, QRectF(corner.x(), corner.y(), side, side), tile, theme)
