"""Paints a whole picture: background, view, caption, and the line that says where it comes from."""

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.app.pictures.picture import Picture, View
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import caption_of
from dictrace.app.pictures.views import Moment, paint_view
from dictrace.widgets.text import draw_paragraph, paragraph_height
from dictrace.widgets.theme import DARK, LIGHT, UNIT, TextSize, Theme

_MARGIN = 4 * UNIT


def paint(painter: QPainter, subject: Subject, position: float, picture: Picture) -> None:
    """Paint `picture` of the subject at a position, logical pixels, with its upper left corner at the origin."""
    theme = theme_of(picture)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(picture.zoom, picture.zoom)
    rect = QRectF(0, 0, picture.whole.width_px / picture.zoom, picture.whole.height_px / picture.zoom)
    whole = picture.view is View.WINDOW
    if not picture.transparent:
        painter.fillRect(rect, theme.window if whole else theme.panel)
    room = _paint_foot(painter, rect, subject, position, picture, theme)
    moment = Moment(subject, subject.frame(position), theme)
    if whole:
        from dictrace.app.pictures.window import paint_window

        paint_window(painter, room, moment)
    else:
        paint_view(painter, room, picture.view, moment)
    painter.restore()


def theme_of(picture: Picture) -> Theme:
    """The theme in which a picture is painted, in base units."""
    return replace(DARK if picture.dark else LIGHT, zoom=1.0)


def _paint_foot(
    painter: QPainter, rect: QRectF, subject: Subject, position: float, picture: Picture, theme: Theme
) -> QRectF:
    """The lines of text at the bottom, as high as they need; returns what is left above them."""
    room = QRectF(rect)
    texts = []
    if not picture.bare:
        # The longest it gets in this run, so that pictures of different moments are laid out alike and none jumps.
        longest = caption_of(subject, len(subject.recording.events) - 1)
        texts.append((caption_of(subject, position), longest, TextSize.SMALL, theme.muted))
    if picture.caption:
        texts.append((picture.caption, picture.caption, TextSize.TITLE, theme.text))
    for text, longest, size, colour in texts:
        width = rect.width() - 2 * _MARGIN
        height = paragraph_height(longest, width, size)
        room.setBottom(room.bottom() - height - 2 * UNIT)
        draw_paragraph(painter, QRectF(_MARGIN, room.bottom(), width, height), text, colour, size)
    return room
