"""The stretch of a run that the timeline shows: all of it, or a part that is zoomed, moved and follows the position."""

from enum import Enum

import numpy as np

from dictrace.engine.spans import Numbers, whole_ns
from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS, whole_run

CLOSE_EVENTS, CLOSE_SHARE, MOST_CLOSE_EVENTS = 50, 0.2, 400
_PAGE_BEGINS, _LEAP_ENDS = 0.2, 0.7
"""Where in a part the time stands that it is shown for."""
_LEAST_BESIDE = 8
"""Events that are shown at least on either side of it."""
_NO_EVENTS = np.zeros(0, np.int64)


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
        self._event_ns, self._close_ns = _NO_EVENTS, 0.0
        self._part: tuple[float, float] | None = None
        self._wish = _Wish.CLOSE

    def begin(self) -> None:
        """Another run is to be shown: the whole of it where that was wanted last."""
        self._bounds, self._part, self._time_ns = (0, 0), None, 0.0
        self._event_ns, self._close_ns = _NO_EVENTS, 0.0
        if self._wish is _Wish.CHOSEN:
            self._wish = _Wish.CLOSE

    def set_bounds(self, first_ns: int, last_ns: int, event_ns: Numbers = _NO_EVENTS) -> None:
        """Set when the run begins and ends, and its events; a part that is shown stays as it is while there are few."""
        self._bounds, self._event_ns, self._close_ns = (first_ns, last_ns), event_ns, close_up_ns(event_ns)
        if self._wish is not _Wish.CLOSE:
            return
        if not self._close_ns:
            self._part = None
        elif self._part is None:
            self._leap(self._time_ns)

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
            self._leap(at_ns)

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
        if self._part is None or left <= time_ns <= right:
            return
        span_ns = self._close_ns if self._wish is _Wish.CLOSE else right - left
        if right < time_ns < right + _PAGE_BEGINS * span_ns:
            self._show(time_ns - _PAGE_BEGINS * span_ns, span_ns)
        elif self._wish is _Wish.CLOSE:
            self._leap(time_ns)
        else:
            self._show(time_ns - _LEAP_ENDS * span_ns, span_ns)

    def _leap(self, time_ns: float) -> None:
        """Show what is around a time close up; where little happens there, as much as has the nearest events in it."""
        event_ns, span_ns = self._event_ns, self._close_ns
        place, last = int(event_ns.searchsorted(whole_ns(time_ns))), len(event_ns) - 1
        left = max(time_ns - _LEAP_ENDS * span_ns, self.whole[0])
        left = min(left, float(event_ns[max(place - _LEAST_BESIDE, 0)]))
        right = max(left + span_ns, float(event_ns[min(place + _LEAST_BESIDE, last)]))
        self._show(left, right - left)


def close_up_ns(event_ns: Numbers) -> float:
    """Length of a part with `CLOSE_EVENTS`, or `CLOSE_SHARE` of a longer run's events: so it turns pages calmly.

    0 where that is the whole run, or where these are more than `MOST_CLOSE_EVENTS`, too many to be told apart. How a
    run begins and ends, which may take long, doesn't count.
    """
    count = len(event_ns)
    shown = max(CLOSE_EVENTS, CLOSE_SHARE * count)
    if not shown < count or shown > MOST_CLOSE_EVENTS:
        return 0.0
    left_out = count // 10
    early, late = event_ns[left_out], event_ns[-1 - left_out]
    return max(float(late - early) * shown / (count - 2 * left_out), LEAST_SPAN_NS)
