"""Paints why an update was lost: its story step by step, and the cure."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.story import Step, Story
from dictrace.engine.words import _
from dictrace.widgets.step_button import INDENT, MARK, paint_step
from dictrace.widgets.text import draw_paragraph, paragraph_height
from dictrace.widgets.theme import UNIT, Theme

_SMALLER, _LEAST = 0.95, 0.4


@dataclass(frozen=True, slots=True)
class _Part:
    """A paragraph or a step of a story, in its room."""

    room: QRectF
    text: str
    bold: bool = False
    step: Step | None = None


def paint_story(painter: QPainter, rect: QRectF, story: Story, position: float, theme: Theme) -> None:
    """Paint the story from the top of `rect`, base units, smaller where there is little room; steps up to `position`
    have filled discs."""
    scale = 1.0
    while scale > _LEAST and list(_parts(rect.width() / scale, story))[-1].room.bottom() > rect.height() / scale:
        scale *= _SMALLER
    painter.save()
    painter.setClipRect(rect)
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    number = 0
    for part in _parts(rect.width() / scale, story):
        if part.step is None:
            draw_paragraph(painter, part.room, part.text, theme.text, bold=part.bold)
            continue
        number += 1
        reached = part.step.position <= position
        paint_step(painter, part.room, number, part.text, theme, lost=part.step.lost, reached=reached)
    painter.restore()


def _parts(width: float, story: Story) -> Iterator[_Part]:
    """What is painted, one below the other, where the story is so wide."""
    top = paragraph_height(story.title, width, bold=True)
    yield _Part(QRectF(0, 0, width, top), story.title, bold=True)
    top += UNIT
    for step in story.steps:
        height = max(paragraph_height(step.text, width - INDENT - UNIT), MARK) + 2 * UNIT
        yield _Part(QRectF(0, top, width, height), step.text, step=step)
        top += height
    if story.cure:
        top += 2 * UNIT
        for words, bold in ((_("Cure"), True), (story.cure, False)):
            height = paragraph_height(words, width, bold=bold)
            yield _Part(QRectF(0, top, width, height), words, bold=bold)
            top += height + UNIT / 2
