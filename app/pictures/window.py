"""Paints all views together, as the window shows them: verdict, stage, timeline, plot, history, code and why."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.texts import view_name
from dictrace.app.pictures.views import Moment, paint_view
from dictrace.engine.frame import Frame
from dictrace.engine.words import _
from dictrace.widgets.code_painter import LINE, lines_of
from dictrace.widgets.scrub_bar import LossMarks, paint_scrub_bar
from dictrace.widgets.text import draw_text, first_that_fits, text_width
from dictrace.widgets.theme import RADIUS, UNIT, TextSize
from dictrace.widgets.transport import time_text
from dictrace.widgets.verdict_bar import HEIGHT, VerdictText, paint_verdict

_RIGHT = Qt.AlignmentFlag.AlignRight
_GAP = 2 * UNIT
_HEADER = 30.0
_TRANSPORT = 44.0
_NARROW, _LOW = 1000.0, 620.0
_LEAST_SIDE_HEIGHT = 400.0
_SIDE = (340.0, 0.26)
_MOST_CODE, _HISTORY_SHARE = 0.4, 0.5
_ROW_SHARE = 0.22


def paint_window(painter: QPainter, rect: QRectF, moment: Moment) -> None:
    """Paint into `rect`, base units; where it is narrow or low, what matters less is left out."""
    session, theme = moment.subject.session, moment.theme
    bar = QRectF(rect.left(), rect.top(), rect.width(), HEIGHT)
    painter.fillRect(bar, theme.panel)
    text = VerdictText(moment.subject.recording.header.gate, session.note, session.problem)
    paint_verdict(painter, bar, moment.frame, theme, text)
    body = rect.adjusted(_GAP, HEIGHT + _GAP, -_GAP, -_GAP)
    if body.width() >= _NARROW and body.height() >= _LEAST_SIDE_HEIGHT:
        side = QRectF(body)
        side.setLeft(body.right() - max(_SIDE[0], _SIDE[1] * body.width()))
        body.setRight(side.left() - _GAP)
        _paint_side(painter, side, moment)
    _paint_middle(painter, body, moment)


def _paint_middle(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """The stage takes what the transport and, where it is high enough, timeline and plot leave."""
    row = _ROW_SHARE * room.height()
    rest = QRectF(room)
    if room.height() >= _LOW:
        for view in (View.LOSSES, View.TIMELINE):
            box = QRectF(rest.left(), rest.bottom() - row, rest.width(), row)
            _paint_card(painter, box, view, moment)
            rest.setBottom(box.top() - _GAP)
    transport = QRectF(rest.left(), rest.bottom() - _TRANSPORT, rest.width(), _TRANSPORT)
    _paint_transport(painter, transport, moment)
    rest.setBottom(transport.top() - _GAP)
    _paint_card(painter, rest, View.STAGE, moment)


def _paint_side(painter: QPainter, room: QRectF, moment: Moment) -> None:
    """The code, where there is any, is as high as it is long, within limits; the others share the rest."""
    lines = len(lines_of(moment.subject.recording.header.source))
    code = min(_HEADER + lines * LINE + 4 * UNIT, _MOST_CODE * room.height()) if lines else 0.0
    heights = {View.CODE: code} if lines else {}
    rest = room.height() - code - _GAP * (len(heights) + 1)
    heights = {View.HISTORY: _HISTORY_SHARE * rest, **heights, View.WHY: (1 - _HISTORY_SHARE) * rest}
    top = room.top()
    for view, height in heights.items():
        _paint_card(painter, QRectF(room.left(), top, room.width(), height), view, moment)
        top += height + _GAP


def _paint_card(painter: QPainter, box: QRectF, view: View, moment: Moment) -> None:
    """A view on a card, below its name."""
    _paint_panel(painter, box, moment)
    header = QRectF(box.left() + 3 * UNIT, box.top() + UNIT, box.width() - 6 * UNIT, _HEADER - UNIT)
    draw_text(painter, header, view_name(view), moment.theme.text, TextSize.TITLE, bold=True)
    paint_view(painter, box.adjusted(0, _HEADER, 0, 0), view, moment)


def _paint_panel(painter: QPainter, box: QRectF, moment: Moment) -> None:
    painter.setPen(QPen(moment.theme.border, 1))
    painter.setBrush(moment.theme.panel)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _times(event: int, time_ns: int, frame: Frame) -> tuple[str, str]:
    """An event with its time, and without."""
    text = _("event {event} of {n}").format(event=f"{event:,}", n=f"{frame.events:,}")
    return _("{text} · {time}").format(text=text, time=time_text(time_ns)), text


def _paint_transport(painter: QPainter, box: QRectF, moment: Moment) -> None:
    """Where in the run the moment is, with the marks of the losses."""
    frame, theme = moment.frame, moment.theme
    _paint_panel(painter, box, moment)
    room = box.adjusted(3 * UNIT, UNIT, -3 * UNIT, -UNIT)
    # The room is that of the longest text, so that nothing moves from moment to moment.
    longest = first_that_fits(_times(frame.events, frame.duration_ns, frame), room.width() / 3, TextSize.BODY)
    words = text_width(longest, TextSize.BODY) + 1
    text = first_that_fits(_times(frame.event, frame.time_ns, frame), words, TextSize.BODY)
    draw_text(painter, room.adjusted(room.width() - words, 0, 0, 0), text, theme.muted, align=_RIGHT)
    line = room.adjusted(0, 0, -words - _GAP, 0)
    marks = LossMarks(moment.subject.losses) if moment.subject.losses else None
    paint_scrub_bar(painter, line, frame.position, frame.events, marks, theme)
