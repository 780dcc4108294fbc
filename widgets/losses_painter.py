"""Paints the lost-updates plot: attempted and surviving updates against commits served, the gap between them filled.

Where most updates were never committed, their number takes the place of the commits.
"""

from dataclasses import dataclass
from math import floor, log10

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dictrace.engine.frame import Frame
from dictrace.engine.history import Curve
from dictrace.engine.words import _
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import UNIT, TextSize, Theme, mixed

MAX_POINTS = 800
MOST_LABEL_SHARE = 0.7
_LINE = 18.0
_LEFT, _BOTTOM = 60.0, 40.0
_TICK_ROOM = QPointF(56.0, 24.0)
_CENTRE, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight

_Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Axes:
    """The room of the lines, and the numbers at its right and upper ends; both axes begin at 0."""

    plot: QRectF
    most_x: float
    most_y: float

    def at(self, x: float, y: float) -> QPointF:
        plot = self.plot
        return QPointF(plot.left() + x / self.most_x * plot.width(), plot.bottom() - y / self.most_y * plot.height())

    def points(self, x: _Numbers, y: _Numbers) -> list[QPointF]:
        return [self.at(one, other) for one, other in zip(x.tolist(), y.tolist(), strict=True)]


def paint_losses_plot(
    painter: QPainter, rect: QRectF, curve: Curve, frame: Frame, theme: Theme, expected: int = 0
) -> None:
    """Paint the curve up to the frame into `rect`, base units, on axes that reach to `expected` updates."""
    by_commits = curve.commits.max(initial=0) >= curve.attempted.max(initial=0)
    columns = curve.commits if by_commits else curve.attempted
    plot = rect.adjusted(_LEFT, UNIT, 0, -_BOTTOM)
    most = max(expected, int(curve.attempted.max(initial=1)))
    room = min(label_width(most) / max(plot.width(), 1.0), MOST_LABEL_SHARE)
    most_x = max(expected, int(columns.max(initial=1))) / (1 - room)
    axes = _Axes(plot, most_x, 1.08 * most)
    _paint_axes(painter, rect, axes, theme, _("commits served") if by_commits else _("updates attempted"))
    past = int(np.searchsorted(curve.events, frame.event, side="right"))
    x, attempted, survived = (
        np.concatenate((np.zeros(1, np.int64), column[:past])) for column in (columns, curve.attempted, curve.survived)
    )
    over, under = axes.points(*_thinned(x, attempted)), axes.points(*_thinned(x, survived))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(theme.panel, theme.lost, 0.25))
    painter.drawPolygon(QPolygonF(over + under[::-1]))
    painter.setPen(QPen(theme.muted, 2, Qt.PenStyle.DashLine))
    painter.drawPolyline(QPolygonF(over))
    painter.setPen(QPen(theme.text, 2.5))
    painter.drawPolyline(QPolygonF(under))
    if frame.event:
        _paint_now(painter, axes, axes.at(float(x[-1]), 0.0).x(), frame, theme)


def label_width(most: int) -> float:
    """Room for the lines' labels, base units, where there are at most so many updates."""
    texts = (_("attempted {n}"), _("surviving {n}"), _("{n} lost"))
    return max(text_width(text.format(n=f"{most:,}"), TextSize.BODY, bold=True) for text in texts) + 3 * UNIT


def _paint_axes(painter: QPainter, rect: QRectF, axes: _Axes, theme: Theme, title: str) -> None:
    plot, small = axes.plot, TextSize.SMALL
    painter.setPen(QPen(theme.border, 1))
    painter.drawLine(QLineF(plot.topLeft(), plot.bottomLeft()))
    painter.drawLine(QLineF(plot.bottomLeft(), plot.bottomRight()))
    for number in _ticks(axes.most_x, plot.width() / _TICK_ROOM.x()):
        x = axes.at(number, 0).x()
        _paint_tick(painter, QLineF(x, plot.bottom(), x, plot.bottom() - UNIT), theme)
        room = QRectF(x - _TICK_ROOM.x() / 2, plot.bottom() + UNIT / 2, _TICK_ROOM.x(), 16)
        draw_text(painter, room, f"{number:,}", theme.muted, small, _CENTRE)
    for number in _ticks(axes.most_y, plot.height() / _TICK_ROOM.y()):
        y = axes.at(0, number).y()
        _paint_tick(painter, QLineF(plot.left(), y, plot.left() + UNIT, y), theme)
        room = QRectF(plot.left() - 44, y - 8, 40, 16)
        draw_text(painter, room, f"{number:,}", theme.muted, small, _RIGHT)
    foot = QRectF(plot.left(), rect.bottom() - 18, plot.width(), 16)
    draw_text(painter, foot, title, theme.muted, small, _CENTRE)
    painter.save()
    painter.translate(rect.left() + 8, plot.center().y())
    painter.rotate(-90)
    side = QRectF(-plot.height() / 2, -8, plot.height(), 16)
    draw_text(painter, side, _("updates"), theme.muted, small, _CENTRE)
    painter.restore()


def _paint_tick(painter: QPainter, line: QLineF, theme: Theme) -> None:
    painter.setPen(QPen(theme.border, 1))
    painter.drawLine(line)


def _paint_now(painter: QPainter, axes: _Axes, x: float, frame: Frame, theme: Theme) -> None:
    """The position, and what there is at it, beside the ends of the lines."""
    painter.setPen(QPen(theme.strong_border, 1))
    painter.drawLine(QLineF(x, axes.plot.top(), x, axes.plot.bottom()))
    counts = frame.counts
    texts: tuple[tuple[str, QColor, bool], ...] = (
        (_("attempted {n}").format(n=f"{counts.attempted:,}"), theme.muted, False),
        (_("surviving {n}").format(n=f"{counts.survived:,}"), theme.text, True),
        (_("{n} lost").format(n=f"{counts.lost:,}") if counts.lost else "", theme.lost_text, True),
    )
    for y, (text, colour, bold) in zip(_places(axes, frame), texts, strict=True):
        room = QRectF(x + 1.5 * UNIT, y - _LINE / 2, text_width(text, TextSize.BODY, bold=bold) + 1, _LINE)
        draw_text(painter, room, text, colour, bold=bold)


def _places(axes: _Axes, frame: Frame) -> tuple[float, float, float]:
    """Heights of the labels: at their lines, but never on top of each other."""
    counts = frame.counts
    highest, lowest = axes.plot.top() + _LINE / 2, axes.plot.bottom() - _LINE / 2
    high = max(axes.at(0, counts.attempted).y(), highest)
    low = min(axes.at(0, counts.survived).y(), lowest)
    apart = _LINE * (2 if counts.lost else 1)
    if low - high < apart:
        middle = max(min((high + low) / 2, lowest - apart / 2), highest + apart / 2)
        high, low = middle - apart / 2, middle + apart / 2
    return high, low, (high + low) / 2


def _ticks(most: float, wanted: float) -> range:
    """Round numbers from 0 to `most`, about `wanted` of them at most."""
    least = max(most / max(wanted, 1.0), 1.0)
    power = 10 ** floor(log10(least))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= least)
    return range(0, floor(most) + 1, int(step))


def _thinned(x: _Numbers, y: _Numbers) -> tuple[_Numbers, _Numbers]:
    """Every n-th point and the last one: with that many points the others lie within a pixel of the line."""
    step = len(x) // MAX_POINTS + 1
    if step == 1:
        return x, y
    return np.append(x[:-1:step], x[-1]), np.append(y[:-1:step], y[-1])
