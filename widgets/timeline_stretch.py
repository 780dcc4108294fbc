"""The stretch of a run that the timeline shows: all of it, or a part that is zoomed, moved and follows the position."""

from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS, whole_run


class Stretch:
    """A part of the run, never beyond its ends and never shorter than `LEAST_SPAN_NS`; all times in ns."""

    def __init__(self) -> None:
        self._bounds = (0, 0)
        self._part: tuple[float, float] | None = None

    def set_bounds(self, first_ns: int, last_ns: int) -> None:
        """Set when the run begins and ends."""
        self._bounds = first_ns, last_ns

    @property
    def whole(self) -> tuple[float, float]:
        """The time that the whole run takes, and a little around it."""
        return whole_run(self._bounds)

    @property
    def now(self) -> tuple[float, float]:
        """From when to when is shown."""
        return self._part or self.whole

    def fit(self) -> None:
        """Show the whole run."""
        self._part = None

    def show(self, left_ns: float, span_ns: float) -> None:
        """Show a part of this length."""
        first, last = self.whole
        left_ns = min(max(left_ns, first), max(last - span_ns, first))
        self._part = (left_ns, left_ns + span_ns) if span_ns < last - first else None

    def move(self, by_ns: float) -> None:
        """Show as much, later or earlier."""
        left, right = self.now
        self.show(left + by_ns, right - left)

    def zoom(self, factor: float, at_ns: float) -> None:
        """Show `factor` times as much; what is at this time stays where it is."""
        (first, last), (left, right) = self.whole, self.now
        wanted = min(max((right - left) * factor, LEAST_SPAN_NS), last - first)
        self.show(at_ns - (at_ns - left) * wanted / (right - left), wanted)

    def follow(self, time_ns: float) -> None:
        """Where only a part is shown and this time is not in it, show the part that begins a little before it."""
        left, right = self.now
        if self._part is not None and not left <= time_ns <= right:
            self.show(time_ns - 0.2 * (right - left), right - left)
