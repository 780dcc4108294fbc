"""Paints the timeline: axis, names and the server's lane, what processes held, and the marks of the position.

What has happened up to the position is painted with its fate; what is still to come is only hinted at.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dictrace.engine.fates import Fates
from dictrace.engine.lanes import LaneData
from dictrace.engine.spans import Numbers
from dictrace.engine.words import _
from dictrace.widgets.fills import paint_pixels
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import PROCESS_COLOURS, TextSize, Theme, faded, line_colour, mixed
from dictrace.widgets.timeline_geometry import AXIS_HEIGHT, TimelineGeometry, beside_names, copy_band
from dictrace.widgets.timeline_spans_painter import paint_ends, paint_spans

MOST_LINES = 280
_DOT_STEP = 3.0
_NAME_HEIGHT = 10.0
_ROOMY = 13.0
_EDGE = 8.0


@dataclass(frozen=True, slots=True)
class Highlights:
    """What is marked on the timeline.

    Attributes:
        time_ns: true time of the position, or None.
        event: number of the selected event, or None.
        process: index of the selected process (-1: the main program), or None.
        dragged, target: index of the process whose lane is being moved, and the place that it would get.
    """

    time_ns: float | None = None
    event: int | None = None
    process: int | None = None
    dragged: int | None = None
    target: int = 0


def paint_timeline(
    painter: QPainter,
    geometry: TimelineGeometry,
    data: LaneData,
    fates: Fates,
    names: Mapping[int, str],
    theme: Theme,
    marks: Highlights,
) -> None:
    """Paint a whole timeline, base units."""
    rect = geometry.rect
    now = rect.right() if marks.time_ns is None else min(geometry.x_of(marks.time_ns), rect.right())
    for part, what in (
        (rect.adjusted(now - rect.left(), 0, 0, 0), None),
        (rect.adjusted(0, 0, now - rect.right(), 0), fates),
    ):
        if part.width() > 0:
            painter.save()
            painter.setClipRect(part)
            paint_ground(painter, geometry, data, names, theme, past=what is not None)
            paint_spans(painter, geometry, data, what, theme)
            if what is not None:
                paint_marks(painter, geometry, data, what, theme)
            painter.restore()
    paint_cursor(painter, geometry, data, theme, marks)


def paint_ground(
    painter: QPainter, geometry: TimelineGeometry, data: LaneData, names: Mapping[int, str], theme: Theme, *, past: bool
) -> None:
    """Axis, names (by process), and what the server served, as past or as still to come."""
    _paint_axis(painter, geometry, theme)
    _paint_names(painter, geometry, names, theme)
    painter.save()
    painter.setClipRect(beside_names(geometry), Qt.ClipOperation.IntersectClip)
    _paint_messages(painter, geometry, data, theme, past=past)
    _paint_later_names(painter, geometry, data, names, theme, past=past)
    painter.restore()


def paint_marks(painter: QPainter, geometry: TimelineGeometry, data: LaneData, fates: Fates, theme: Theme) -> None:
    """Where copies and tasks came to nothing, and the losses on the server's lane."""
    painter.save()
    painter.setClipRect(beside_names(geometry), Qt.ClipOperation.IntersectClip)
    paint_ends(painter, geometry, data, fates, theme)
    _paint_losses(painter, geometry, data, fates, theme)
    painter.restore()


def paint_cursor(
    painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme, marks: Highlights
) -> None:
    """The position, the selection, and where a lane that is moved would go."""
    plot = geometry.plot
    for row, worker in geometry.placed:
        if worker == marks.process:
            lane = geometry.lane(row)
            painter.setPen(QPen(line_colour(worker, theme), 2))
            painter.drawLine(
                QPointF(geometry.rect.left() + 3, lane.top() + 2), QPointF(geometry.rect.left() + 3, lane.bottom() - 2)
            )
    if marks.dragged is not None:
        painter.setPen(QPen(theme.accent, 2))
        y = geometry.lane(marks.target).top()
        painter.drawLine(QPointF(geometry.rect.left(), y), QPointF(plot.right(), y))
    painter.save()
    painter.setClipRect(QRectF(plot.left() - 6, geometry.rect.top(), plot.width() + 12, geometry.rect.height()))
    if marks.event is not None and 0 < marks.event <= len(data.event_ns):
        _paint_selected(painter, geometry, data, theme, marks.event)
    if marks.time_ns is not None:
        x = geometry.x_of(marks.time_ns)
        if marks.time_ns < data.bounds_ns[0]:
            x = max(x, plot.left())
        painter.setPen(QPen(theme.strong_border, 1.5))
        painter.drawLine(QPointF(x, plot.top() - 3), QPointF(x, plot.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.accent)
        painter.drawPolygon(
            QPolygonF([QPointF(x - 5, plot.top() - 9), QPointF(x + 5, plot.top() - 9), QPointF(x, plot.top() - 2)])
        )
    painter.restore()


def _paint_axis(painter: QPainter, geometry: TimelineGeometry, theme: Theme) -> None:
    plot = geometry.plot
    room = QRectF(geometry.rect.left(), geometry.rect.top() + 1, geometry.rect.width(), AXIS_HEIGHT - 10)
    for x, words in geometry.ticks():
        painter.setPen(QPen(theme.border, 1))
        painter.drawLine(QPointF(x, plot.top() - 3), QPointF(x, plot.bottom()))
        width = text_width(words, TextSize.SMALL)
        left = min(max(x - width / 2, plot.left()), room.right() - _EDGE - width)
        draw_text(painter, QRectF(left, room.top(), width + 1, room.height()), words, theme.muted, TextSize.SMALL)


def _paint_names(painter: QPainter, geometry: TimelineGeometry, names: Mapping[int, str], theme: Theme) -> None:
    """Names of the lanes beside their colours, with lines between lanes that have room; in low lanes, every so many."""
    left, width = geometry.rect.left() + _EDGE, geometry.label_width - 14
    server = QRectF(left, geometry.plot.top(), width, geometry.server_height)
    draw_text(painter, server, _("server"), theme.text, TextSize.SMALL)
    roomy = geometry.lane_height >= _ROOMY
    every = max(1, ceil(_NAME_HEIGHT / geometry.lane_height))
    if every % len(PROCESS_COLOURS) == 0:
        every += 1  # or all that are named have one colour
    for row, worker in enumerate(geometry.lanes):
        lane = geometry.lane(row)
        middle = lane.center().y() if every == 1 else lane.top() + 6
        if row % every == 0 and middle + 5 <= geometry.rect.bottom():
            swatch = QRectF(left, middle - 4, 8, 8)
            painter.fillRect(swatch, line_colour(worker, theme))
            room = QRectF(left + 13, middle - 8, width - 13, 16)
            draw_text(painter, room, names[worker], theme.text, TextSize.SMALL, bold=roomy)
        if roomy:
            painter.setPen(QPen(theme.border, 1))
            painter.drawLine(QPointF(lane.left(), lane.bottom()), QPointF(lane.right(), lane.bottom()))


def _paint_later_names(
    painter: QPainter, geometry: TimelineGeometry, data: LaneData, names: Mapping[int, str], theme: Theme, *, past: bool
) -> None:
    """The names of processes that got the lane of one that had ended, before what they did, where there is room."""
    if geometry.lane_height < _NAME_HEIGHT:
        return
    starts_ns = {one: ns for place in geometry.shared for one, ns in zip(place.members, place.starts_ns, strict=True)}
    ends = [geometry.plot.left()] * len(geometry.lanes)
    for row, worker in geometry.placed:
        events_ns = data.event_ns[data.lanes[worker].events - 1]
        begin = geometry.x_of(min([starts_ns.get(worker, 0), *events_ns[:1].tolist()]))
        width = text_width(names[worker], TextSize.SMALL)
        lane, left = geometry.lane(row), begin - width - 4
        if worker != geometry.lanes[row] and left >= ends[row] + 4:
            room = QRectF(left, lane.center().y() - _NAME_HEIGHT / 2, width + 1, _NAME_HEIGHT)
            painter.fillRect(room.adjusted(-1, 0, 0, 0), theme.panel)
            draw_text(painter, room, names[worker], theme.text if past else theme.muted, TextSize.SMALL)
        ends[row] = max([begin, *(geometry.x_of(ns) for ns in events_ns[-1:].tolist())])


def _paint_messages(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme, *, past: bool) -> None:
    """The server's lane with all it served, and, where there is room, the ways of requests and replies."""
    y, plot = geometry.server_y, geometry.plot
    painter.setPen(QPen(theme.strong_border if past else theme.border, 1.5))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    events = data.between(geometry.left_ns, geometry.right_ns)
    most = min(MOST_LINES, plot.width() / 3)
    if events.stop - events.start > most:
        colour = mixed(theme.panel, theme.muted, 0.6 if past else 0.25)
        _paint_density(painter, geometry, data.event_ns.searchsorted, colour, 0.55 * geometry.server_height)
        return
    strength = 0.25 if not past else 0.85 if events.stop - events.start < most / 4 else 0.5
    for row, worker in geometry.placed:
        numbers = data.lanes[worker].events
        first, last = numbers.searchsorted((events.start + 1, events.stop + 1))
        mine = numbers[first:last] - 1
        if not len(mine):
            continue
        middle = copy_band(geometry.lane(row)).center().y()
        served = [geometry.x_of(float(ns)) for ns in data.event_ns[mine]]
        lines = []
        for column, up in ((data.request_ns, True), (data.reply_ns, False)):
            for ns, x in zip(column[mine].tolist(), served, strict=True):
                if ns >= 0:
                    foot, top = QPointF(geometry.x_of(ns), middle), QPointF(x, y)
                    lines.append(QLineF(foot, top) if up else QLineF(top, foot))
        colour = line_colour(worker, theme)
        painter.setPen(QPen(faded(worker, theme, strength), 1))
        painter.drawLines(lines)
        _dots(painter, [QPointF(x, y) for x in served], colour if past else faded(worker, theme, 0.4), 5)


def _paint_density(
    painter: QPainter, geometry: TimelineGeometry, before: Callable[[Numbers], Numbers], colour: QColor, tallest: float
) -> None:
    """How many there are around each pixel: the more, the taller. `before` counts those before each of some times."""
    plot, scale = geometry.plot, painter.deviceTransform().m11()
    width, height = max(1, round(plot.width() * scale)), round(tallest * scale)
    there = np.diff(before(geometry.edges_ns(width)))
    counts = np.convolve(there, np.ones(round(5 * scale)), "same")[:width]
    tall = np.where(counts, height * (0.4 + 0.6 * counts / max(counts.max(), 1.0)), 0.0)
    away = np.abs(np.arange(height) - (height - 1) / 2)[:, None] * 2
    pixels = np.where(away < tall, colour.rgba(), 0).astype(np.uint32)
    top = geometry.server_y - height / scale / 2
    paint_pixels(painter, QRectF(plot.left(), top, width / scale, height / scale), pixels)


def _paint_losses(painter: QPainter, geometry: TimelineGeometry, data: LaneData, fates: Fates, theme: Theme) -> None:
    """A dot for each loss on the server's lane, or, where they would touch each other, a band."""

    def before(times_ns: Numbers) -> Numbers:
        return fates.losses_before(data.event_ns.searchsorted(times_ns) + 1)

    width, y = geometry.plot.width(), geometry.server_y
    steps = np.diff(before(geometry.edges_ns(ceil(width / _DOT_STEP))))
    if np.count_nonzero(steps) > width / 12:
        _paint_density(painter, geometry, before, theme.lost, 9.0)
        return
    events = data.between(geometry.left_ns, geometry.right_ns)
    losses = fates.losses(events.start + 1, events.stop)
    places = [QPointF(x, y) for x in geometry.places(data.event_ns[losses - 1], _DOT_STEP)]
    _dots(painter, places, theme.panel, 10)
    _dots(painter, places, theme.lost, 8)


def _dots(painter: QPainter, places: list[QPointF], colour: QColor, size: float) -> None:
    painter.setPen(QPen(colour, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPoints(QPolygonF(places))


def _paint_selected(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme, event: int) -> None:
    """A ring at the event on the server's lane, and a frame around the copy that it began or ended."""
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(geometry.x_of(float(data.event_ns[event - 1])), geometry.server_y), 6.5, 6.5)
    worker = int(data.workers[event - 1])
    row = geometry.row_of(worker)
    if row is None:
        return
    band = copy_band(geometry.lane(row))
    lane = data.lanes[worker]
    for spans in (lane.sent, lane.unsent):
        for place in np.flatnonzero((spans.firsts == event) | (spans.lasts == event)).tolist():
            left, right = (geometry.x_of(float(ns[place])) for ns in (spans.starts_ns, spans.ends_ns))
            painter.drawRoundedRect(QRectF(left, band.top(), max(right - left, 1.0), band.height()), 3, 3)
