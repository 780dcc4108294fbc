"""The stretch of a run that the timeline shows: all of it, or a part that is zoomed, moved and follows the position."""

from enum import Enum

import numpy as np

from dictrace.engine.spans import Numbers
from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS, whole_run

CLOSE_EVENTS, CLOSE_SHARE = 50, 0.2
_PAGE_BEGINS, _LEAP_ENDS = 0.2, 0.7
"""Where in a part the time stands that it is shown for."""


class _Wish(Enum):
    """What is wanted: all of the run, a part in which single events can be told apart, or a part that was chosen."""

    WHOLE = "whole"
    CLOSE = "close"
    CHOSEN = "chosen"


class Stretch:
    """A part of the run, never beyond its ends and never shorter than `LEAST_SPAN_NS`; all times in ns."""

    def __init__(self) -> None:
        self._bounds = (0, 0)
        self._time_ns = 0.0
        self._close_ns = 0.0
        self._part: tuple[float, float] | None = None
        self._wish = _Wish.CLOSE

    def begin(self) -> None:
        """Another run is to be shown: the whole of it where that was wanted last."""
        self._bounds, self._part, self._close_ns, self._time_ns = (0, 0), None, 0.0, 0.0
        if self._wish is _Wish.CHOSEN:
            self._wish = _Wish.CLOSE

    def set_bounds(self, first_ns: int, last_ns: int, close_ns: float = 0.0) -> None:
        """Set when the run begins and ends, and what is close up; a part that is shown already stays as long as it is.

        `close_ns`: length of a part in which single events can be told apart; 0: that is the whole run.
        """
        self._bounds, self._close_ns = (first_ns, last_ns), close_ns
        if self._wish is _Wish.CLOSE and self._part is None and close_ns:
            self._show_around(self._time_ns, close_ns)

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
        self._wish, self._part = _Wish.WHOLE, None

    def toggle(self, at_ns: float) -> None:
        """Show the whole run, or, where that is shown, what is around this time close up."""
        if self._part is not None or not self._close_ns:
            self.fit()
        else:
            self._wish = _Wish.CLOSE
            self._show_around(at_ns, self._close_ns)

    def show(self, left_ns: float, span_ns: float) -> None:
        """Show a part of this length, which somebody has chosen."""
        self._wish = _Wish.CHOSEN
        self._show(left_ns, span_ns)

    def _show(self, left_ns: float, span_ns: float) -> None:
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
        """Where only a part is shown and this time is not in it, show one with it.

        One that goes on a little later is begun anew, like a page; after a leap, what led there is in view.
        """
        self._time_ns = time_ns
        left, right = self.now
        span_ns = right - left
        if self._part is not None and not left <= time_ns <= right:
            goes_on = right < time_ns < right + _PAGE_BEGINS * span_ns
            self._show_around(time_ns, span_ns, _PAGE_BEGINS if goes_on else _LEAP_ENDS)

    def _show_around(self, time_ns: float, span_ns: float, place: float = _LEAP_ENDS) -> None:
        self._show(time_ns - place * span_ns, span_ns)


def close_up_ns(event_ns: Numbers) -> float:
    """Length of a part with `CLOSE_EVENTS`, or `CLOSE_SHARE` of a long run's events: so it turns pages calmly.

    0 where that is the whole run. How a run begins and ends, which may take long, doesn't count.
    """
    count = len(event_ns)
    shown = max(CLOSE_EVENTS, CLOSE_SHARE * count)
    if shown >= count:
        return 0.0
    early, late = np.quantile(event_ns, (0.1, 0.9))
    return max(float(late - early) / 0.8 * shown / count, LEAST_SPAN_NS)
