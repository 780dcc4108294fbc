"""Paints the timeline: what does not depend on the position (`paint_lanes`), and what does (`paint_cursor`).

Spans are painted as the share of each pixel that they cover, so any number of them costs the same; where few are in
view they get outlines and words, and their requests and replies are drawn as lines to the server's lane.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF

from dictrace.engine.lanes import Lane, LaneData, Spans, whole_ns
from dictrace.engine.words import _
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import TextSize, Theme, font, line_colour, mixed
from dictrace.widgets.timeline_geometry import AXIS_HEIGHT, MAX_LANE_HEIGHT, SERVER_HEIGHT, TimelineGeometry

MOST_OUTLINES = 120
MOST_LINES = 280
MOST_ENDS = 40
_LEAST_SHARE = 0.6
_DOT_STEP = 3.0
_Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Highlights:
    """What is marked on the timeline.

    Attributes:
        time_ns: true time of the position, or None.
        event: number of the selected event, or None.
        process: index of the selected process, or None.
        dragged, target: index of the process whose lane is being moved, and the place that it would get.
    """

    time_ns: float | None = None
    event: int | None = None
    process: int | None = None
    dragged: int | None = None
    target: int = 0


def copy_band(lane: QRectF) -> QRectF:
    """The part of a process's lane that shows copies."""
    return QRectF(lane.left(), lane.top() + 0.12 * lane.height(), lane.width(), 0.54 * lane.height())


def lock_band(lane: QRectF) -> QRectF:
    """The part of a process's lane, below the copies, that shows locks: held, and waited for."""
    return QRectF(lane.left(), lane.top() + 0.72 * lane.height(), lane.width(), max(0.16 * lane.height(), 1.0))


def paint_timeline(
    painter: QPainter, geometry: TimelineGeometry, data: LaneData, labels: list[str], theme: Theme, marks: Highlights
) -> None:
    """Paint a whole timeline, base units."""
    paint_lanes(painter, geometry, data, labels, theme)
    paint_cursor(painter, geometry, data, theme, marks)


def paint_lanes(painter: QPainter, geometry: TimelineGeometry, data: LaneData, labels: list[str], theme: Theme) -> None:
    """Axis, names (`labels` by index of worker) and all lanes."""
    _paint_axis(painter, geometry, theme)
    _paint_names(painter, geometry, labels, theme)
    painter.save()
    painter.setClipRect(geometry.plot.adjusted(-4, 0, 4, 0))
    few = sum(_in_view(geometry, data.lanes[worker]) for worker in geometry.lanes) <= MOST_OUTLINES
    if few:
        for row, worker in enumerate(geometry.lanes):
            _outline_lane(painter, geometry, geometry.lane(row), data.lanes[worker], line_colour(worker, theme), theme)
    else:
        _paint_shares(painter, geometry, data, theme)
    _paint_messages(painter, geometry, data, theme)
    for row, worker in enumerate(geometry.lanes):
        _paint_ends(painter, geometry, geometry.lane(row), data.lanes[worker], theme)
    _paint_losses(painter, geometry, data, theme)
    painter.restore()


def paint_cursor(
    painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme, marks: Highlights
) -> None:
    """The position, the selection, and where a lane that is moved would go."""
    plot = geometry.plot
    for row, worker in enumerate(geometry.lanes):
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


def paint_no_timeline(painter: QPainter, rect: QRectF, theme: Theme, text: str) -> None:
    """What is said in place of lanes."""
    painter.setPen(theme.muted)
    painter.setFont(font(TextSize.SMALL))
    painter.drawText(rect.adjusted(12, 4, -12, -4), int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)


def _paint_axis(painter: QPainter, geometry: TimelineGeometry, theme: Theme) -> None:
    plot = geometry.plot
    room = QRectF(geometry.rect.left(), geometry.rect.top() + 1, geometry.rect.width(), AXIS_HEIGHT - 10)
    for x, words in geometry.ticks():
        painter.setPen(QPen(theme.border, 1))
        painter.drawLine(QPointF(x, plot.top() - 3), QPointF(x, plot.bottom()))
        width = text_width(words, TextSize.SMALL)
        left = min(max(x - width / 2, plot.left()), room.right() - width)
        draw_text(painter, QRectF(left, room.top(), width + 1, room.height()), words, theme.muted, TextSize.SMALL)


def _paint_names(painter: QPainter, geometry: TimelineGeometry, labels: list[str], theme: Theme) -> None:
    """Names of the lanes, in their colours' darker or lighter text; where lanes are low, every so many."""
    left, width = geometry.rect.left() + 8, geometry.label_width - 14
    server = QRectF(left, geometry.plot.top(), width, SERVER_HEIGHT)
    draw_text(painter, server, _("server"), theme.text, TextSize.SMALL)
    every = max(1, int(np.ceil(13.0 / geometry.lane_height)))
    for row, worker in enumerate(geometry.lanes):
        lane = geometry.lane(row)
        if row % every == 0:
            middle = lane.center().y() if every == 1 else lane.top() + 6
            swatch = QRectF(left, middle - 4, 8, 8)
            painter.fillRect(swatch, line_colour(worker, theme))
            room = QRectF(left + 13, middle - 8, width - 13, 16)
            draw_text(painter, room, labels[worker], theme.text, TextSize.SMALL, bold=True)
        if every == 1:
            painter.setPen(QPen(theme.border, 1))
            painter.drawLine(QPointF(lane.left(), lane.bottom()), QPointF(lane.right(), lane.bottom()))


def _in_view(geometry: TimelineGeometry, lane: Lane) -> int:
    spans = (lane.kept, lane.lost, lane.waits, lane.locks, lane.own_locks)
    return sum(len(each.between(geometry.left_ns, geometry.right_ns)) for each in spans)


def _outline_lane(
    painter: QPainter, geometry: TimelineGeometry, room: QRectF, lane: Lane, colour: QColor, theme: Theme
) -> None:
    """Each span by itself: solid where it survived, hatched where it was lost."""
    copies, locks = copy_band(room), lock_band(room)
    plain = Qt.PenStyle.NoPen
    for rect in _rects(geometry, lane.kept, copies):
        _span(painter, rect, mixed(theme.panel, colour, 0.8), QPen(colour, 1))
    for rect in _rects(geometry, lane.lost, copies):
        _span(painter, rect, theme.lost_fill, plain)
        _span(painter, rect, QBrush(theme.lost, Qt.BrushStyle.BDiagPattern), QPen(theme.lost, 1))
    for rect in _rects(geometry, lane.waits, locks):
        middle = QRectF(rect.left(), rect.center().y() - 0.75, rect.width(), 1.5)
        _span(painter, middle, theme.muted, plain)
    for rect in _rects(geometry, lane.locks, locks):
        _span(painter, rect, theme.text, plain)
    for rect in _rects(geometry, lane.own_locks, locks):
        _span(painter, rect, theme.panel, QPen(theme.text, 1))


def _rects(geometry: TimelineGeometry, spans: Spans, band: QRectF) -> list[QRectF]:
    plot, found = geometry.plot, []
    for place in spans.between(geometry.left_ns, geometry.right_ns):
        left = max(geometry.x_of(float(spans.starts_ns[place])), plot.left() - 8)
        right = min(geometry.x_of(float(spans.ends_ns[place])), plot.right() + 8)
        found.append(QRectF(left, band.top(), max(right - left, 1.0), band.height()))
    return found


def _span(painter: QPainter, rect: QRectF, brush: QBrush | QColor, pen: QPen | Qt.PenStyle) -> None:
    painter.setPen(pen)
    painter.setBrush(brush)
    corner = min(3.0, rect.width() / 2, rect.height() / 2)
    painter.drawRoundedRect(rect, corner, corner)


def _paint_shares(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme) -> None:
    """One picture of all lanes, each two pixels as strong as the share of their time that spans cover."""
    plot, scale = geometry.plot, painter.deviceTransform().m11()
    width, height = max(1, round(plot.width() * scale / 2)), max(1, round(plot.height() * scale))
    edges_ns = np.linspace(geometry.left_ns, geometry.right_ns, width + 1).astype(np.int64)
    pixels = np.zeros((height, width, 4), np.uint8)
    line = np.arange(width + round(MAX_LANE_HEIGHT * scale)) % round(4 * scale) < round(scale)
    hatch = np.lib.stride_tricks.sliding_window_view(line, width)
    for row, worker in enumerate(geometry.lanes):
        lane, colour, room = data.lanes[worker], line_colour(worker, theme), geometry.lane(row)
        copies = _rows(copy_band(room), plot, scale)
        _fill(pixels[copies], lane.kept, edges_ns, mixed(theme.panel, colour, 0.8))
        if copies.stop - copies.start < 8 * scale:
            _fill(pixels[copies], lane.lost, edges_ns, mixed(theme.lost_fill, theme.lost, 0.7))
        else:
            _fill(pixels[copies], lane.lost, edges_ns, theme.lost_fill, theme.lost, hatch[: copies.stop - copies.start])
        locks = _rows(lock_band(room), plot, scale)
        middle = (locks.start + locks.stop) // 2
        _fill(pixels[middle : middle + max(1, round(scale))], lane.waits, edges_ns, theme.muted)
        _fill(pixels[locks], lane.own_locks, edges_ns, theme.border)
        _fill(pixels[locks], lane.locks, edges_ns, theme.text)
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QRectF(plot.left(), plot.top(), plot.width(), height / scale), image)


def _rows(band: QRectF, plot: QRectF, scale: float) -> slice:
    top = round((band.top() - plot.top()) * scale)
    return slice(top, max(top + 1, round((band.bottom() - plot.top()) * scale)))


def _fill(
    room: _Pixels,
    spans: Spans,
    edges_ns: npt.NDArray[np.int64],
    colour: QColor,
    lines: QColor | None = None,
    hatch: npt.NDArray[np.bool_] | None = None,
) -> None:
    """Lay spans over a part of the picture; where a pixel has any, they are seen."""
    if not spans.between(edges_ns[0], edges_ns[-1]):
        return
    covered = spans.covered(edges_ns)
    share = np.where(covered > 0, np.maximum(covered, _LEAST_SHARE), 0.0).astype(np.float32)[:, None]
    ink = (share * _bgra(colour)).astype(np.uint8)
    room[:] = np.maximum(room, ink) if lines is None else np.where(share > 0, ink, room)
    if lines is not None and hatch is not None:
        np.copyto(room, (share * _bgra(lines)).astype(np.uint8), where=(hatch & (share[:, 0] > 0))[:, :, None])


def _bgra(colour: QColor) -> npt.NDArray[np.float32]:
    return np.array((colour.blue(), colour.green(), colour.red(), 255), np.float32)


def _paint_messages(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme) -> None:
    """The server's lane with all it served, and, where there is room, the ways of requests and replies."""
    y, plot = geometry.server_y, geometry.plot
    painter.setPen(QPen(theme.strong_border, 1.5))
    painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
    events = data.between(geometry.left_ns, geometry.right_ns)
    most = min(MOST_LINES, plot.width() / 3)
    if events.stop - events.start > most:
        _paint_density(painter, geometry, data.event_ns, theme.muted, SERVER_HEIGHT - 10)
        return
    strength = 0.85 if events.stop - events.start < most / 4 else 0.5
    for row, worker in enumerate(geometry.lanes):
        mine = np.flatnonzero(data.workers[events] == worker) + events.start
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
        painter.setPen(QPen(mixed(theme.panel, colour, strength), 1))
        painter.drawLines(lines)
        _dots(painter, [QPointF(x, y) for x in served], colour, 5)


def _paint_density(
    painter: QPainter, geometry: TimelineGeometry, times_ns: npt.NDArray[np.int64], colour: QColor, tallest: float
) -> None:
    """How many of these times (ascending) are around each pixel: the more, the taller."""
    plot, scale = geometry.plot, painter.deviceTransform().m11()
    width, height = max(1, round(plot.width() * scale)), round(tallest * scale)
    edges_ns = np.linspace(geometry.left_ns, geometry.right_ns, width + 1)
    there = np.diff(times_ns.searchsorted(edges_ns.astype(np.int64)))
    counts = np.convolve(there, np.ones(round(5 * scale)), "same")[:width]
    tall = np.where(counts, height * (0.4 + 0.6 * counts / max(counts.max(), 1.0)), 0.0)
    away = np.abs(np.arange(height) - (height - 1) / 2)[:, None] * 2
    pixels = np.where(away < tall, colour.rgba(), 0).astype(np.uint32)
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied)
    top = geometry.server_y - height / scale / 2
    painter.drawImage(QRectF(plot.left(), top, width / scale, height / scale), image)


def _paint_ends(painter: QPainter, geometry: TimelineGeometry, room: QRectF, lane: Lane, theme: Theme) -> None:
    """A cross where a changed copy was never sent, in vermillion, and where a task or its process failed."""
    middle, reach = copy_band(room).center().y(), min(4.5, room.height() / 3)
    for times_ns, colour in ((lane.failed_ns, theme.text), (lane.unsent_ns, theme.lost)):
        lines = []
        for x in _places(geometry, times_ns, 2 * reach if len(times_ns) < MOST_ENDS else 12 * reach):
            lines.append(QLineF(x - reach, middle - reach, x + reach, middle + reach))
            lines.append(QLineF(x - reach, middle + reach, x + reach, middle - reach))
        for pen in (QPen(theme.panel, 4), QPen(colour, 2)):
            painter.setPen(pen)
            painter.drawLines(lines)


def _paint_losses(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme) -> None:
    """A dot for each loss on the server's lane, or, where they would touch each other, a band."""
    y = geometry.server_y
    places = [QPointF(x, y) for x in _places(geometry, data.losses_ns, _DOT_STEP)]
    if len(places) > geometry.plot.width() / 12:
        _paint_density(painter, geometry, data.losses_ns, theme.lost, 9.0)
        return
    _dots(painter, places, theme.panel, 10)
    _dots(painter, places, theme.lost, 8)


def _dots(painter: QPainter, places: list[QPointF], colour: QColor, size: float) -> None:
    painter.setPen(QPen(colour, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPoints(QPolygonF(places))


def _places(geometry: TimelineGeometry, times_ns: npt.NDArray[np.int64], step: float) -> list[float]:
    """Where these times (ascending) in view are; at most one for each stretch of so many base units."""
    first, last = (times_ns.searchsorted(whole_ns(ns)) for ns in (geometry.left_ns, geometry.right_ns))
    left = geometry.plot.left()
    x = left + (times_ns[first : last + 1] - geometry.left_ns) / geometry.ns_per_unit
    steps = np.floor(x / step)
    places: list[float] = x[np.flatnonzero(np.diff(steps, prepend=-np.inf))].tolist()
    return places


def _paint_selected(painter: QPainter, geometry: TimelineGeometry, data: LaneData, theme: Theme, event: int) -> None:
    """A ring at the event on the server's lane, and a frame around the copy that it began or ended."""
    painter.setPen(QPen(theme.accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(geometry.x_of(float(data.event_ns[event - 1])), geometry.server_y), 6.5, 6.5)
    worker = int(data.workers[event - 1])
    if worker not in geometry.lanes:
        return
    band = copy_band(geometry.lane(geometry.lanes.index(worker)))
    lane = data.lanes[worker]
    for spans in (lane.kept, lane.lost):
        for place in np.flatnonzero((spans.firsts == event) | (spans.lasts == event)).tolist():
            left, right = (geometry.x_of(float(ns[place])) for ns in (spans.starts_ns, spans.ends_ns))
            painter.drawRoundedRect(QRectF(left, band.top(), max(right - left, 1.0), band.height()), 3, 3)
