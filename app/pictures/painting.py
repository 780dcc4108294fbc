"""Paints a whole picture: background, view, caption, and the line that says where it comes from."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter

from dictrace.app.pictures.picture import Picture, View
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import caption_of
from dictrace.app.pictures.views import Moment, paint_view
from dictrace.widgets.text import draw_paragraph, paragraph_height
from dictrace.widgets.theme import DARK, LIGHT, UNIT, TextSize, Theme

_MARGIN = 4 * UNIT
_LEAST = {View.WINDOW: QSizeF(600, 300), View.STAGE: QSizeF(320, 160)}
_LEAST_OF_OTHERS = QSizeF(240, 100)
_LEAST_ZOOM = 0.1
_SMALLER = 0.95


def paint(painter: QPainter, subject: Subject, position: float, picture: Picture) -> None:
    """Paint `picture` of the subject at a position, logical pixels, with its upper left corner at the origin."""
    theme = theme_of(picture)
    foot = _fitting_foot(subject, position, picture, theme)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(foot.zoom, foot.zoom)
    whole = picture.view is View.WINDOW
    if not picture.transparent:
        painter.fillRect(foot.rect, theme.window if whole else theme.panel)
    for line in foot.lines:
        draw_paragraph(painter, line.room, line.text, line.colour, line.size)
    moment = Moment(subject, subject.frame(position), theme)
    if whole:
        from dictrace.app.pictures.window import paint_window

        paint_window(painter, foot.above, moment)
    else:
        paint_view(painter, foot.above, picture.view, moment)
    painter.restore()


def theme_of(picture: Picture) -> Theme:
    """The theme in which a picture is painted, in base units."""
    return replace(DARK if picture.dark else LIGHT, zoom=1.0)


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of the foot, in its room."""

    room: QRectF
    text: str
    colour: QColor
    size: TextSize


@dataclass(frozen=True, slots=True)
class _Foot:
    """The texts at the bottom of a picture, base units.

    Attributes:
        zoom: pixels per base unit.
        rect: the whole picture.
        lines: caption, and where the picture comes from.
        above: what they leave to the view.
    """

    zoom: float
    rect: QRectF
    lines: tuple[_Line, ...]
    above: QRectF


def _fitting_foot(subject: Subject, position: float, picture: Picture, theme: Theme) -> _Foot:
    """With texts as large as asked for, or as much smaller as it takes for the view to have room."""
    least, zoom = _LEAST.get(picture.view, _LEAST_OF_OTHERS), picture.zoom
    while True:
        foot = _foot(subject, position, picture, theme, zoom)
        roomy = foot.above.width() >= least.width() and foot.above.height() >= least.height()
        if roomy or zoom <= _LEAST_ZOOM:
            return foot
        zoom *= _SMALLER


def _foot(subject: Subject, position: float, picture: Picture, theme: Theme, zoom: float) -> _Foot:
    """The lines of text at the bottom, as high as they need."""
    rect = QRectF(0, 0, picture.whole.width_px / zoom, picture.whole.height_px / zoom)
    above, lines, texts = QRectF(rect), [], []
    if not picture.bare:
        # The longest it gets in this run, so that pictures of different moments are laid out alike and none jumps.
        longest = caption_of(subject, len(subject.recording.events) - 1)
        texts.append((caption_of(subject, position), longest, TextSize.SMALL, theme.muted))
    if picture.caption:
        texts.append((picture.caption, picture.caption, TextSize.TITLE, theme.text))
    for text, longest, size, colour in texts:
        width = rect.width() - 2 * _MARGIN
        height = paragraph_height(longest, width, size)
        above.setBottom(above.bottom() - height - 2 * UNIT)
        lines.append(_Line(QRectF(_MARGIN, above.bottom(), width, height), text, colour, size))
    return _Foot(zoom, rect, tuple(lines), above)
