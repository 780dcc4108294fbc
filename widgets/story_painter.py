"""Paints why an update was lost: its story step by step, and the cure."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.story import Step
from dictrace.engine.words import _
from dictrace.widgets.step_button import INDENT, MARK, paint_step
from dictrace.widgets.text import draw_paragraph, paragraph_height
from dictrace.widgets.theme import UNIT, TextSize, Theme


def paint_story(
    painter: QPainter,
    rect: QRectF,
    title: str,
    steps: tuple[Step, ...],
    cure: str,
    position: float,
    theme: Theme,
) -> None:
    """Paint `title`, the steps (filled discs up to `position`) and `cure` from the top of `rect`, base units."""
    painter.save()
    painter.setClipRect(rect)
    top = rect.top()
    height = paragraph_height(title, rect.width(), TextSize.BODY, bold=True)
    draw_paragraph(painter, QRectF(rect.left(), top, rect.width(), height), title, theme.text, bold=True)
    top += height + UNIT
    for number, step in enumerate(steps, 1):
        text = paragraph_height(step.text, rect.width() - INDENT - UNIT)
        room = QRectF(rect.left(), top, rect.width(), max(text, MARK) + 2 * UNIT)
        paint_step(painter, room, number, step.text, theme, lost=step.lost, reached=step.position <= position)
        top = room.bottom()
    if cure:
        top += 2 * UNIT
        for words, bold in ((_("Cure"), True), (cure, False)):
            height = paragraph_height(words, rect.width(), bold=bold)
            draw_paragraph(painter, QRectF(rect.left(), top, rect.width(), height), words, theme.text, bold=bold)
            top += height + UNIT / 2
    painter.restore()
