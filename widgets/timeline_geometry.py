"""Where things are on the timeline: the time axis, the server's lane and one lane per process, in base units."""

from dataclasses import dataclass
from math import ceil, log10

from PySide6.QtCore import QRectF

from dictrace.engine.words import _

AXIS_HEIGHT = 26.0
SERVER_HEIGHT = 26.0
MAX_LANE_HEIGHT = 44.0
LEAST_SPAN_NS = 10_000.0
_BOTTOM, _SIDE, _TICK_ROOM = 4.0, 10.0, 84.0


@dataclass(frozen=True, slots=True)
class TimelineGeometry:
    """The places of a timeline in `rect`.

    Attributes:
        lanes: indices of the workers that are shown, from the top.
        left_ns, right_ns: the stretch of time that is shown.
        label_width: width of the column of names.
    """

    rect: QRectF
    lanes: tuple[int, ...]
    left_ns: float
    right_ns: float
    label_width: float = 64.0

    @property
    def plot(self) -> QRectF:
        """The part in which time runs, below the axis."""
        return self.rect.adjusted(self.label_width, AXIS_HEIGHT, -_SIDE, -_BOTTOM)

    @property
    def lane_height(self) -> float:
        """Height of the lane of a process."""
        room = self.plot.height() - SERVER_HEIGHT
        return min(max(room / max(len(self.lanes), 1), 1.0), MAX_LANE_HEIGHT)

    @property
    def server_y(self) -> float:
        """Middle of the server's lane."""
        return self.plot.top() + SERVER_HEIGHT / 2

    def lane(self, row: int) -> QRectF:
        """The lane with this place from the top, names left out."""
        plot, height = self.plot, self.lane_height
        return QRectF(plot.left(), plot.top() + SERVER_HEIGHT + row * height, plot.width(), height)

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

    def row_at(self, y: float) -> int | None:
        """Place from the top of the lane of a process at this height; -1 for the server's, None for neither."""
        below = y - self.plot.top()
        if below < 0:
            return None
        if below < SERVER_HEIGHT:
            return -1
        row = int((below - SERVER_HEIGHT) / self.lane_height)
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
