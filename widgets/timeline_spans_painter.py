"""Paints what processes held, on their lanes: copies, locks, and where a copy or a task came to nothing.

What has happened is painted with its fate: pale while it is not committed, solid once it is, hatched in vermillion
once it is lost. What is still to come (no `Fates`) is only hinted at. Where few spans are in view, each gets an
outline; else they are painted as the share of each pixel that they cover, so any number of them costs the same.
"""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from dictrace.engine.fates import Fates
from dictrace.engine.lanes import Lane, LaneData
from dictrace.engine.spans import Spans
from dictrace.widgets.fills import is_vector, paint_hatch, paint_pixels
from dictrace.widgets.theme import Theme, faded, line_colour, mixed
from dictrace.widgets.timeline_geometry import (
    MAX_LANE_HEIGHT,
    TimelineGeometry,
    beside_names,
    copy_band,
    lock_band,
)

MOST_OUTLINES = 120
MOST_VECTORS = 2000
MOST_ENDS = 40
_LEAST_SHARE = 0.6
_LEAST_HATCHED = 9.0
_COMING, _PALE, _SOLID = 0.3, 0.45, 0.8
_Pixels = npt.NDArray[np.uint8]


def paint_spans(
    painter: QPainter,
    geometry: TimelineGeometry,
    data: LaneData,
    fates: Fates | None,
    theme: Theme,
    part_ns: tuple[float, float] | None = None,
) -> None:
    """All lanes of processes, with these fates, or as still to come; base units.

    Of a part of the time that is shown, no less is painted than what touches it.
    """
    painter.save()
    painter.setClipRect(beside_names(geometry), Qt.ClipOperation.IntersectClip)
    part_ns = part_ns or (geometry.left_ns, geometry.right_ns)
    if _are_few(geometry, data, MOST_VECTORS if is_vector(painter) else MOST_OUTLINES):
        for row, worker in geometry.placed:
            colour = line_colour(worker, theme)
            _outline_lane(painter, geometry, row, data.lanes[worker], fates, colour, theme, part_ns)
    else:
        _paint_shares(painter, geometry, data, fates, theme, part_ns)
        if fates is not None:
            _paint_held(painter, geometry, data, fates.event, theme)
    painter.restore()


def paint_ends(painter: QPainter, geometry: TimelineGeometry, data: LaneData, fates: Fates, theme: Theme) -> None:
    """A cross where a task or its process failed, and where a changed copy was never sent; in vermillion if lost."""
    for row, worker in geometry.placed:
        lane, room = data.lanes[worker], geometry.lane(row)
        near = lane.unsent.between(geometry.left_ns, geometry.right_ns)
        if not near and not len(lane.failures):
            continue
        lasts = lane.unsent.lasts[near.start : near.stop]
        failed = fates.lost(lane.failures)
        lost = np.concatenate((lasts[fates.lost(lasts)], lane.failures[failed]))
        lost_ns = np.sort(data.event_ns[lost - 1], kind="stable")
        middle, reach = copy_band(room).center().y(), min(4.5, room.height() / 3)
        for times_ns, colour in ((data.event_ns[lane.failures[~failed] - 1], theme.text), (lost_ns, theme.lost)):
            lines = []
            for x in geometry.places(times_ns, 2 * reach if len(times_ns) < MOST_ENDS else 12 * reach):
                lines.append(QLineF(x - reach, middle - reach, x + reach, middle + reach))
                lines.append(QLineF(x - reach, middle + reach, x + reach, middle - reach))
            for pen in (QPen(theme.panel, 4), QPen(colour, 2)):
                painter.setPen(pen)
                painter.drawLines(lines)


def _are_few(geometry: TimelineGeometry, data: LaneData, most: int) -> bool:
    """Whether no more than this many spans are in view."""
    for _row, worker in geometry.placed:
        lane = data.lanes[worker]
        for spans in (lane.sent, lane.unsent, lane.waits, lane.locks, lane.own_locks):
            most -= len(spans.between(geometry.left_ns, geometry.right_ns))
        if most < 0:
            return False
    return True


def _outline_lane(
    painter: QPainter,
    geometry: TimelineGeometry,
    row: int,
    lane: Lane,
    fates: Fates | None,
    colour: QColor,
    theme: Theme,
    part_ns: tuple[float, float],
) -> None:
    """Each span by itself."""
    room = geometry.lane(row)
    locks, plain = lock_band(room), Qt.PenStyle.NoPen
    for spans in (lane.unsent, lane.sent):
        for place, rect in _rects(geometry, spans, copy_band(room), part_ns):
            last = int(spans.lasts[place])
            if fates is None:
                _span(painter, rect, mixed(theme.panel, colour, _COMING), plain)
            elif fates.is_lost(last):
                _span(painter, rect, theme.lost_fill, plain)
                paint_hatch(painter, rect, theme.lost)
                _span(painter, rect, Qt.BrushStyle.NoBrush, QPen(theme.lost, 1))
            else:
                share = _SOLID if spans is lane.sent and last <= fates.event else _PALE
                _span(painter, rect, mixed(theme.panel, colour, share), QPen(colour, 1))
    for _place, rect in _rects(geometry, lane.waits, locks, part_ns):
        middle = QRectF(rect.left(), rect.center().y() - 0.75, rect.width(), 1.5)
        _span(painter, middle, theme.muted if fates else theme.border, plain)
    for _place, rect in _rects(geometry, lane.locks, locks, part_ns):
        _span(painter, rect, theme.text if fates else theme.border, plain)
    for _place, rect in _rects(geometry, lane.own_locks, locks, part_ns):
        _span(painter, rect, theme.panel, QPen(theme.text if fates else theme.border, 1))


def _rects(
    geometry: TimelineGeometry, spans: Spans, band: QRectF, part_ns: tuple[float, float]
) -> list[tuple[int, QRectF]]:
    near = spans.between(*part_ns)
    return [(place, _rect(geometry, spans, place, band)) for place in near]


def _rect(geometry: TimelineGeometry, spans: Spans, place: int, band: QRectF) -> QRectF:
    left = max(geometry.x_of(float(spans.starts_ns[place])), geometry.plot.left() - 8)
    right = min(geometry.x_of(float(spans.ends_ns[place])), geometry.plot.right() + 8)
    return QRectF(left, band.top(), max(right - left, 1.0), band.height())


def _span(painter: QPainter, rect: QRectF, brush: QBrush | QColor | Qt.BrushStyle, pen: QPen | Qt.PenStyle) -> None:
    painter.setPen(pen)
    painter.setBrush(brush)
    corner = min(3.0, rect.width() / 2, rect.height() / 2)
    painter.drawRoundedRect(rect, corner, corner)


def _paint_held(painter: QPainter, geometry: TimelineGeometry, data: LaneData, event: int, theme: Theme) -> None:
    """Copies that are not committed just after an event, over what stands for them among many."""
    around_ns = data.event_ns[max(event - 1, 0) : event + 1]
    for row, worker in geometry.placed:
        sent, colour, band = data.lanes[worker].sent, line_colour(worker, theme), copy_band(geometry.lane(row))
        for place in sent.between(around_ns[0], around_ns[-1]):
            if sent.firsts[place] <= event < sent.lasts[place]:
                _span(painter, _rect(geometry, sent, place, band), faded(worker, theme, _PALE), QPen(colour, 1))


def _paint_shares(
    painter: QPainter,
    geometry: TimelineGeometry,
    data: LaneData,
    fates: Fates | None,
    theme: Theme,
    part_ns: tuple[float, float],
) -> None:
    """One picture of all lanes, each two pixels as strong as the share of their time that spans cover."""
    plot, scale = geometry.plot, painter.deviceTransform().m11()
    width, height = max(1, round(plot.width() * scale / 2)), max(1, round(plot.height() * scale))
    column = plot.width() / width
    first, last = (int((geometry.x_of(ns) - plot.left()) // column) for ns in part_ns)
    columns = slice(min(max(first, 0), width - 1), min(max(last + 1, 1), width))
    edges_ns = geometry.edges_ns(width)[columns.start : columns.stop + 1]
    pixels = np.zeros((height, len(edges_ns) - 1, 4), np.uint8)
    line = np.arange(width + round(MAX_LANE_HEIGHT * scale)) % round(4 * scale) < round(scale)
    hatch = np.lib.stride_tricks.sliding_window_view(line, width)[:, columns]
    for row, worker in geometry.placed:
        lane, room = data.lanes[worker], geometry.lane(row)
        copies, locks = _rows(copy_band(room), plot, scale), _rows(lock_band(room), plot, scale)
        middle = (locks.start + locks.stop) // 2
        waits = slice(middle, middle + max(1, round(scale)))
        if lane.unsent:
            share = _PALE if fates else _COMING
            _fill(pixels[copies], lane.unsent.covered(edges_ns), faded(worker, theme, share))
        if lane.sent:
            share = _SOLID if fates else _COMING
            _fill(pixels[copies], lane.sent.covered(edges_ns), faded(worker, theme, share))
        if fates is not None:
            lost = lane.sent.covered(edges_ns, fates.lost) + lane.unsent.covered(edges_ns, fates.lost)
            if room.height() < _LEAST_HATCHED or is_vector(painter):
                _fill(pixels[copies], lost, mixed(theme.lost_fill, theme.lost, 0.7))
            else:
                _fill(pixels[copies], lost, theme.lost_fill, theme.lost, hatch[: copies.stop - copies.start])
        for band, spans, of_past, to_come in (
            (waits, lane.waits, theme.muted, theme.border),
            (locks, lane.own_locks, theme.border, theme.border),
            (locks, lane.locks, theme.text, theme.border),
        ):
            if spans:
                _fill(pixels[band], spans.covered(edges_ns), of_past if fates else to_come)
    left = plot.left() + columns.start * column
    rect = QRectF(left, plot.top(), pixels.shape[1] * column, height / scale)
    paint_pixels(painter, rect, pixels.view(np.uint32)[:, :, 0])


def _rows(band: QRectF, plot: QRectF, scale: float) -> slice:
    top = round((band.top() - plot.top()) * scale)
    return slice(top, max(top + 1, round((band.bottom() - plot.top()) * scale)))


def _fill(
    room: _Pixels,
    covered: npt.NDArray[np.float64],
    colour: QColor,
    lines: QColor | None = None,
    hatch: npt.NDArray[np.bool_] | None = None,
) -> None:
    """Lay spans over a part of the picture, where they cover any of a pixel; they are always seen there."""
    there = np.flatnonzero(covered > 0)
    if not len(there):
        return
    share = np.clip(covered[there], _LEAST_SHARE, 1.0).astype(np.float32)[:, None]
    room[:, there] = (share * _bgra(colour)).astype(np.uint8)
    if lines is not None and hatch is not None:
        striped = np.where(hatch[:, there, None], (share * _bgra(lines)).astype(np.uint8), room[:, there])
        room[:, there] = striped


def _bgra(colour: QColor) -> npt.NDArray[np.float32]:
    return np.array((colour.blue(), colour.green(), colour.red(), 255), np.float32)
