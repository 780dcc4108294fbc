"""Paints the line below the processes: those that have no place on the stage, and what could not be followed."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.frame import Frame, ProcessState
from dictrace.engine.words import _, ngettext
from dictrace.widgets.stage_layout import MARGIN
from dictrace.widgets.text import draw_text, elided, text_width
from dictrace.widgets.theme import UNIT, TextSize, Theme

_CHIP_SHARE = 0.45
_HEIGHT = 15.0


def above_foot(rect: QRectF, frame: Frame, shown: Sequence[int]) -> QRectF:
    """The stage's room, moved up a little where there is a foot; as large as without it, so that cards stay cards."""
    return rect.translated(0, -UNIT / 2) if frame.ghosts or len(shown) < len(frame.processes) else rect


def paint_foot(painter: QPainter, rect: QRectF, frame: Frame, shown: Sequence[int], theme: Theme) -> None:
    """Paint it at the lower edge of the stage's room, where there is something to say; `shown` have a place."""
    line = _line(rect)
    if frame.ghosts:
        box = ghost_chip(rect, frame.ghosts)
        line.setRight(box.left() - 2 * UNIT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.muted, 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), box.height() / 2, box.height() / 2)
        room = box.adjusted(2 * UNIT, 0, -UNIT, 0)
        draw_text(painter, room, _ghost_text(frame.ghosts), theme.muted, TextSize.SMALL)
    if len(shown) < len(frame.processes):
        draw_text(painter, line, _others(frame, shown), theme.muted, TextSize.SMALL)


def ghost_chip(rect: QRectF, ghosts: Sequence[str]) -> QRectF:
    """Where the stage in `rect` says what could not be followed."""
    line = _line(rect)
    most = _CHIP_SHARE * line.width()
    text = elided(_ghost_text(ghosts), most - 4 * UNIT, TextSize.SMALL)
    width = min(text_width(text, TextSize.SMALL) + 4 * UNIT, most)
    return QRectF(line.right() - width, line.top(), width, _HEIGHT)


def _line(rect: QRectF) -> QRectF:
    return QRectF(rect.left() + MARGIN, rect.bottom() - 1 - _HEIGHT, rect.width() - 2 * MARGIN, _HEIGHT)


def _ghost_text(ghosts: Sequence[str]) -> str:
    return _("not followed: {names}").format(names=", ".join(ghosts))


def _others(frame: Frame, shown: Sequence[int]) -> str:
    """How many processes have ended and lost their place, and how many have not had one yet."""
    placed = set(shown)
    others = [view for index, view in enumerate(frame.processes) if index not in placed]
    to_come = sum(view.state is ProcessState.ABSENT for view in others)
    ended = len(others) - to_come
    texts = (
        ngettext("{n} other process has ended", "{n} other processes have ended", ended).format(n=f"{ended:,}"),
        ngettext("{n} is still to come", "{n} are still to come", to_come).format(n=f"{to_come:,}"),
    )
    return " · ".join(text for text, count in zip(texts, (ended, to_come), strict=True) if count)
