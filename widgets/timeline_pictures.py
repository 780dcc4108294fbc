"""Keeps pictures of the timeline, so that a moving position costs next to nothing.

Most of what lies before a position looks as it will at the end of the run; only the rest is painted anew.
"""

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from dictrace.engine.fates import Fates
from dictrace.engine.lanes import LaneData
from dictrace.widgets.theme import Theme
from dictrace.widgets.timeline_geometry import TimelineGeometry
from dictrace.widgets.timeline_painter import paint_ground, paint_marks
from dictrace.widgets.timeline_spans_painter import paint_spans

_EDGE = 3.0
"""How far the outline of what begins at a time may reach before it, once rounded to pixels, base units."""


class Kept(Enum):
    """A picture that is kept: all as still to come, all as past at the end, the past without what processes held."""

    COMING = "coming"
    PAST = "past"
    GROUND = "ground"


class TimelinePictures:
    """Pictures of one recording's lanes; each is painted anew only where places or looks are others.

    `name_of` gives the name of a lane.
    """

    def __init__(self, data: LaneData, name_of: Callable[[int], str]) -> None:
        self._data = data
        self._end = data.fates.at(len(data.event_ns))
        self._name_of = name_of
        self._key: object = None
        self._kept: dict[Kept, QPixmap] = {}

    def paint(
        self, painter: QPainter, geometry: TimelineGeometry, fates: Fates, theme: Theme, time_ns: float | None
    ) -> None:
        """Paint up to a time (None: all) as past with these fates, the rest as still to come; base units."""
        rect = geometry.rect
        now = min(geometry.x_of(time_ns), rect.right()) if time_ns is not None else rect.right()
        settled = geometry.x_of(self._data.settled.until_ns(fates.event)) - _EDGE
        settled = min(max(settled, rect.left()), now)
        for kept, left, right in (
            (Kept.COMING, now, rect.right()),
            (Kept.PAST, rect.left(), settled),
            (Kept.GROUND, settled, now),
        ):
            if left < right:
                painter.save()
                painter.setClipRect(QRectF(left, rect.top(), right - left, rect.height()))
                painter.drawPixmap(QPointF(0, 0), self._picture(kept, painter, geometry, theme))
                if kept is Kept.GROUND:
                    part_ns = geometry.ns_of(settled), geometry.ns_of(now)
                    paint_spans(painter, geometry, self._data, fates, theme, part_ns)
                painter.restore()
        painter.save()
        painter.setClipRect(rect.adjusted(0, 0, now - rect.right(), 0))
        paint_marks(painter, geometry, self._data, fates, theme)
        painter.restore()

    def _picture(self, kept: Kept, painter: QPainter, geometry: TimelineGeometry, theme: Theme) -> QPixmap:
        scale = painter.deviceTransform().m11()
        key = geometry, theme, scale
        if key != self._key:
            self._key, self._kept = key, {}
        if kept not in self._kept:
            pixmap = QPixmap((geometry.rect.size() * scale).toSize())
            pixmap.setDevicePixelRatio(scale)
            pixmap.fill(theme.panel)
            inner = QPainter(pixmap)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            names = {worker: self._name_of(worker) for _row, worker in geometry.placed}
            paint_ground(inner, geometry, self._data, names, theme, past=kept is not Kept.COMING)
            if kept is not Kept.GROUND:
                paint_spans(inner, geometry, self._data, None if kept is Kept.COMING else self._end, theme)
            inner.end()
            self._kept[kept] = pixmap
        return self._kept[kept]
