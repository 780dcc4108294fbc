"""Where things are on the timeline: the time axis, the server's lane and one lane per process, in base units."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil, log10

import numpy as np
from PySide6.QtCore import QRectF

from dictrace.engine.places import Place
from dictrace.engine.spans import Numbers, whole_ns
from dictrace.engine.words import _

AXIS_HEIGHT = 24.0
MAX_LANE_HEIGHT = 72.0
LEAST_SPAN_NS = 10_000.0
_BOTTOM, _SIDE, _TICK_ROOM = 4.0, 10.0, 84.0


@dataclass(frozen=True)
class TimelineGeometry:
    """The places of a timeline in `rect`.

    Attributes:
        lanes: what is shown, from the top, each by the first process that has the lane (-1: the main program).
        left_ns, right_ns: the stretch of time that is shown.
        shared: which processes share a lane, one after the other; one that is in none has its own.
        label_width: width of the column of names.
    """

    rect: QRectF
    lanes: tuple[int, ...]
    left_ns: float
    right_ns: float
    shared: tuple[Place, ...] = ()
    label_width: float = 64.0

    @cached_property
    def placed(self) -> tuple[tuple[int, int], ...]:
        """Every process that is shown, after the place of its lane from the top."""
        members = {place.members[0]: place.members for place in self.shared}
        return tuple((row, one) for row, lane in enumerate(self.lanes) for one in members.get(lane, (lane,)))

    def row_of(self, process: int) -> int | None:
        """Place from the top of the lane that a process is on; None where it is not shown."""
        return next((row for row, one in self.placed if one == process), None)

    def process_at(self, row: int, ns: float) -> int:
        """The process that has the lane in this place at a time."""
        lane = self.lanes[row]
        return next((place.at(ns) for place in self.shared if place.members[0] == lane), lane)

    @cached_property
    def plot(self) -> QRectF:
        """The part in which time runs, below the axis."""
        return self.rect.adjusted(self.label_width, AXIS_HEIGHT, -_SIDE, -_BOTTOM)

    @cached_property
    def server_height(self) -> float:
        """Height of the server's lane."""
        return min(max(0.18 * self.plot.height(), 16.0), 26.0)

    @cached_property
    def lane_height(self) -> float:
        """Height of the lane of a process."""
        room = self.plot.height() - self.server_height
        return min(max(room / max(len(self.lanes), 1), 1.0), MAX_LANE_HEIGHT)

    @property
    def server_y(self) -> float:
        """Middle of the server's lane."""
        return self.plot.top() + self.server_height / 2

    def lane(self, row: int) -> QRectF:
        """The lane with this place from the top, names left out."""
        plot, height = self.plot, self.lane_height
        return QRectF(plot.left(), plot.top() + self.server_height + row * height, plot.width(), height)

    def x_of(self, ns: float) -> float:
        """Where a time is."""
        plot = self.plot
        return plot.left() + (ns - self.left_ns) / (self.right_ns - self.left_ns) * plot.width()

    def ns_of(self, x: float) -> float:
        """The time at a place."""
        plot = self.plot
        return self.left_ns + (x - plot.left()) / max(plot.width(), 1.0) * (self.right_ns - self.left_ns)

    @property
    def ns_per_unit(self) -> float:
        """Time that one base unit stands for."""
        return (self.right_ns - self.left_ns) / max(self.plot.width(), 1.0)

    def edges_ns(self, count: int) -> Numbers:
        """The edges between so many equal stretches of the time that is shown."""
        return np.linspace(self.left_ns, self.right_ns, count + 1).astype(np.int64)

    def places(self, times_ns: Numbers, step: float) -> list[float]:
        """Where these times (ascending) in view are; at most one for each stretch of so many base units."""
        first, last = (times_ns.searchsorted(whole_ns(ns)) for ns in (self.left_ns, self.right_ns))
        x = self.plot.left() + (times_ns[first : last + 1] - self.left_ns) / self.ns_per_unit
        steps = np.floor(x / step)
        kept = np.ones(len(x), np.bool_)
        kept[1:] = steps[1:] != steps[:-1]
        places: list[float] = x[kept].tolist()
        return places

    def row_at(self, y: float) -> int | None:
        """Place from the top of the lane of a process at this height; -1 for the server's, None for neither."""
        below = y - self.plot.top()
        if below < 0:
            return None
        if below < self.server_height:
            return -1
        row = int((below - self.server_height) / self.lane_height)
        return row if row < len(self.lanes) else None

    def ticks(self) -> list[tuple[float, str]]:
        """Places and words of the marks on the axis, at round times."""
        wanted_ns = _TICK_ROOM * self.ns_per_unit
        power = 10.0 ** int(f"{wanted_ns:e}".partition("e")[2])
        step_ns = max(1, round(next(n for n in (1, 2, 5, 10) if n * power >= wanted_ns) * power))
        first = ceil(max(self.left_ns, 0.0) / step_ns)
        last = int(self.right_ns // step_ns)
        return [
            (self.x_of(n * step_ns), tick_text(n * step_ns, step_ns, self.right_ns)) for n in range(first, last + 1)
        ]


def beside_names(geometry: TimelineGeometry) -> QRectF:
    """The part in which time runs, with a little of its margins, into which marks reach."""
    return geometry.plot.adjusted(-4, 0, 4, 0)


def copy_band(lane: QRectF) -> QRectF:
    """The part of a process's lane that shows copies."""
    return QRectF(lane.left(), lane.top() + 0.12 * lane.height(), lane.width(), 0.54 * lane.height())


def lock_band(lane: QRectF) -> QRectF:
    """The part of a process's lane, below the copies, that shows locks: held, and waited for."""
    return QRectF(lane.left(), lane.top() + 0.72 * lane.height(), lane.width(), max(0.16 * lane.height(), 1.0))


def whole_run(bounds_ns: tuple[int, int]) -> tuple[float, float]:
    """The stretch of time that shows a run between these two times, with a little room around it."""
    first, last = bounds_ns
    around = 0.01 * max(last - first, LEAST_SPAN_NS)
    return max(first - around, 0.0), max(last + around, first + LEAST_SPAN_NS)


def tick_text(time_ns: int, step_ns: int, longest_ns: float) -> str:
    """A time in the unit that suits the `longest_ns` on the axis, with as many places as the step needs."""
    if longest_ns < 1_000_000:
        unit_ns, words = 1_000, _("{n} µs")
    elif longest_ns < 2_000_000_000:
        unit_ns, words = 1_000_000, _("{n} ms")
    else:
        unit_ns, words = 1_000_000_000, _("{n} s")
    places = max(0, ceil(log10(unit_ns / step_ns)))
    return words.format(n=f"{time_ns / unit_ns:,.{places}f}")
