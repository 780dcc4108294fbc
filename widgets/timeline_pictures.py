"""Keeps two pictures of the timeline, as past and as still to come, so that a moving position costs next to nothing."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPixmap

from dictrace.engine.fates import Fates
from dictrace.engine.lanes import LaneData
from dictrace.widgets.theme import Theme
from dictrace.widgets.timeline_geometry import TimelineGeometry
from dictrace.widgets.timeline_painter import paint_lanes


class TimelinePictures:
    """Pictures of one recording's lanes; each is painted anew only where it differs.

    `name_of` gives the name of a lane.
    """

    def __init__(self, data: LaneData, name_of: Callable[[int], str]) -> None:
        self._data = data
        self._name_of = name_of
        self._kept: dict[bool, tuple[object, QPixmap]] = {}

    def paint(
        self, painter: QPainter, geometry: TimelineGeometry, fates: Fates, theme: Theme, time_ns: float | None
    ) -> None:
        """Paint up to a time (None: all) as past with these fates, the rest as still to come; logical pixels."""
        size = geometry.rect.size() * theme.zoom
        now_px = geometry.x_of(time_ns) * theme.zoom if time_ns is not None else size.width()
        if now_px < size.width():
            painter.drawPixmap(0, 0, self._picture(painter, geometry, None, theme))
        if now_px > geometry.plot.left() * theme.zoom:
            painter.save()
            painter.setClipRect(QRectF(QPointF(0, 0), size).adjusted(0, 0, min(now_px - size.width(), 0), 0))
            painter.drawPixmap(0, 0, self._picture(painter, geometry, fates, theme))
            painter.restore()

    def _picture(self, painter: QPainter, geometry: TimelineGeometry, fates: Fates | None, theme: Theme) -> QPixmap:
        ratio, past = painter.device().devicePixelRatioF(), fates is not None
        key = geometry, theme, ratio, fates.event if fates else None
        if past not in self._kept or self._kept[past][0] != key:
            pixmap = QPixmap((geometry.rect.size() * theme.zoom * ratio).toSize())
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(theme.panel)
            inner = QPainter(pixmap)
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.scale(theme.zoom, theme.zoom)
            names = {worker: self._name_of(worker) for worker in geometry.lanes}
            paint_lanes(inner, geometry, self._data, fates, names, theme)
            inner.end()
            self._kept[past] = key, pixmap
        return self._kept[past][1]
