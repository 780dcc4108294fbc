"""The lost-updates plot as a graphics item: attempted and surviving updates against commits served, the gap filled.

Where most updates were never committed, their number takes the place of the commits.

Importing this module imports pyqtgraph, which takes long: the window does it only after it is on screen.
"""

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGraphicsPathItem

from dictrace.engine.frame import Frame
from dictrace.engine.history import Curve
from dictrace.engine.words import _
from dictrace.widgets.losses_painter import MOST_LABEL_SHARE, label_width
from dictrace.widgets.text import text_width
from dictrace.widgets.theme import UNIT, TextSize, Theme, font, mixed

MAX_POINTS = 400
LABEL_HEIGHT = 18.0
AXIS_TITLE_WIDTH, LEAST_AXIS_WIDTH = 32.0, 52.0

_Numbers = npt.NDArray[np.int64]
_NOTHING = Curve(*(np.zeros(0, np.int64) for _column in range(4)))


class _Counts(pg.AxisItem):  # type: ignore[misc]
    """An axis of whole numbers."""

    def tickValues(self, minimum: float, maximum: float, size: float) -> list[tuple[float, list[float]]]:
        return [level for level in super().tickValues(minimum, maximum, size) if level[0] >= 1]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        return [f"{value:,.0f}" for value in values]


class LossesPicture(pg.PlotItem):  # type: ignore[misc]  # pyqtgraph has no types
    """The plot, at any size and in any scene."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(axisItems={side: _Counts(side) for side in ("left", "bottom")})
        self._theme = theme
        self._curve, self._expected, self._x = _NOTHING, 0, _NOTHING.commits
        self._frame: Frame | None = None
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(False, False)
        self._attempted, self._survived = self.plot(antialias=True), self.plot(antialias=True)
        self._gap = QGraphicsPathItem()
        self._gap.setPen(Qt.PenStyle.NoPen)
        self._cursor = pg.InfiniteLine(angle=90)
        self._labels = tuple(pg.TextItem(anchor=(0, 0.5)) for _number in range(3))
        for item in (self._gap, self._cursor, *self._labels):
            self.addItem(item, ignoreBounds=True)
        self._gap.setZValue(-10)
        self.vb.sigResized.connect(self._set_range)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        width = theme.zoom
        self._attempted.setPen(pg.mkPen(theme.muted, width=2 * width, style=Qt.PenStyle.DashLine))
        self._survived.setPen(pg.mkPen(theme.text, width=2.5 * width))
        self._cursor.setPen(pg.mkPen(theme.strong_border, width=width))
        self._gap.setBrush(pg.mkBrush(mixed(theme.panel, theme.lost, 0.25)))
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(_scaled(TextSize.SMALL, theme))
            axis.setStyle(tickLength=-theme.px(UNIT), tickTextOffset=theme.px(UNIT))
            axis.enableAutoSIPrefix(False)
        self._label_axis("left", _("updates"))
        self.getAxis("bottom").setHeight(theme.px(40))
        self.set_curve(self._curve, self._expected)

    def set_curve(self, curve: Curve | None, expected: int = 0) -> None:
        """Show the recording's curve; the axes reach to `expected` updates even while it has fewer."""
        self._curve, self._expected = curve or _NOTHING, expected
        commits, attempted = self._curve.commits, self._curve.attempted
        by_commits = commits.max(initial=0) >= attempted.max(initial=0)
        self._x = commits if by_commits else attempted
        self._label_axis("bottom", _("commits served") if by_commits else _("updates attempted"))
        self._set_range()

    def set_frame(self, frame: Frame | None) -> None:
        """Draw the curve up to the frame's position."""
        self._frame = frame
        self._draw()

    def _label_axis(self, side: str, title: str) -> None:
        size = f"{self._theme.px(TextSize.SMALL)}px"
        self.getAxis(side).setLabel(title, color=self._theme.muted.name(), **{"font-size": size})

    def _set_range(self) -> None:
        """Axes from 0 to the most there will be, and room for the lines' labels at the right."""
        most = max(self._expected, int(self._curve.attempted.max(initial=1)))
        commits = max(self._expected, int(self._x.max(initial=1)))
        room = min(self._theme.px(label_width(most)) / max(self.vb.width(), 1.0), MOST_LABEL_SHARE)
        numbers = text_width(f"{most:,}", TextSize.SMALL)
        self.getAxis("left").setWidth(self._theme.px(max(numbers + AXIS_TITLE_WIDTH, LEAST_AXIS_WIDTH)))
        self.setXRange(0, commits / (1 - room), padding=0.0)
        self.setYRange(0, most * 1.08, padding=0.0)
        self._draw()

    def _draw(self) -> None:
        frame, theme = self._frame, self._theme
        shown = frame is not None and frame.event > 0
        for item in (self._cursor, *self._labels):
            item.setVisible(shown)
        past = int(np.searchsorted(self._curve.events, frame.event, side="right")) if frame is not None else 0
        served, attempted, survived = (
            _thinned(column, past) for column in (self._x, self._curve.attempted, self._curve.survived)
        )
        self._attempted.setData(served, attempted)
        self._survived.setData(served, survived)
        self._gap.setPath(pg.arrayToQPath(np.append(served, served[::-1]), np.append(attempted, survived[::-1])))
        if frame is None or not shown:
            return
        x, counts = float(served[-1]), frame.counts
        self._cursor.setPos(x)
        texts = (
            (_("attempted {n}").format(n=f"{counts.attempted:,}"), theme.muted, False),
            (_("surviving {n}").format(n=f"{counts.survived:,}"), theme.text, True),
            (_("{n} lost").format(n=f"{counts.lost:,}") if counts.lost else "", theme.lost_text, True),
        )
        for label, place, (text, colour, bold) in zip(self._labels, self._places(), texts, strict=True):
            label.setText(text, colour)
            label.setFont(_scaled(TextSize.BODY, theme, bold=bold))
            label.setPos(x, place)

    def _places(self) -> tuple[float, float, float]:
        """Heights of the labels, in updates: at their lines, but never on top of each other."""
        assert self._frame is not None
        counts = self._frame.counts
        (_left, _right), (bottom, top) = self.vb.viewRange()
        line = (top - bottom) * self._theme.px(LABEL_HEIGHT) / max(self.vb.height(), 1.0)
        highest, lowest = top - line / 2, bottom + line / 2
        high, low = min(counts.attempted, highest), max(counts.survived, lowest)
        apart = line * (2 if counts.lost else 1)
        if high - low < apart:
            middle = min(max((high + low) / 2, lowest + apart / 2), highest - apart / 2)
            high, low = middle + apart / 2, middle - apart / 2
        return high, low, (high + low) / 2


def view_of(picture: LossesPicture) -> pg.GraphicsView:
    """A widget that shows the picture and takes no input."""
    view = pg.GraphicsView(background=None)
    view.setCentralItem(picture)
    view.setStyleSheet("background: transparent; border: none;")
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return view


def _thinned(column: _Numbers, past: int) -> _Numbers:
    """0, then every n-th of the first `past` and the last: where they are many the others lie within a pixel."""
    step = past // MAX_POINTS + 1
    return np.concatenate((np.zeros(1, np.int64), column[: max(past - 1, 0) : step], column[max(past - 1, 0) : past]))


def _scaled(size: TextSize, theme: Theme, *, bold: bool = False) -> QFont:
    made = QFont(font(size, bold=bold))
    made.setPixelSize(theme.px(size))
    return made
