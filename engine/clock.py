"""Two maps between positions (counted in events) and nanoseconds: the true clock and the drawn one.

Events are instants, and an event has happened at its own stamp: intervals between events are closed, and at a stamp
that several events share, all of them have happened. Counter-example: the run's last two commits are both served at
700 ns. With intervals open at the end, a run stopped at its duration, 700 ns, would still lack both, and the dict shown
would not be the one the run ended with. So ``time_at(position_at(t))`` is t for every t up to the last event, or after
it by no more than rounding, but ``position_at(time_at(p))`` may lie later than p where stamps are equal; on a drawn
clock no two are, and both hold.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, nextafter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LEAST_GAP = 0.5
"""Least gap between two drawn events, as a share of the mean gap."""


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """Times of events, linear in between; position 0 is time 0.

    Attributes:
        events_ns: time of event 1, 2, 3 …; never decreasing, not negative. For a recording that still grows, a copy.
    """

    events_ns: "Sequence[int] | npt.NDArray[np.int64]"

    @property
    def events(self) -> int:
        """Number of events: the last position."""
        return len(self.events_ns)

    @property
    def duration_ns(self) -> int:
        """Time of the last event, 0 where there is none."""
        return self._knot_ns(self.events)

    def time_at(self, position: float) -> float:
        """Time, ns, of a position from 0 to `events`; one outside counts as the nearest inside."""
        position = min(max(position, 0.0), float(self.events))
        event = int(position)
        start = self._knot_ns(event)
        if event == position:
            return float(start)
        return start + (self._knot_ns(event + 1) - start) * (position - event)

    def position_at(self, time_ns: float) -> float:
        """Position, 0 to `events`, of a time in ns; all that happened at `time_ns` or before has happened there."""
        if time_ns < 0:
            return 0.0
        event = bisect_right(self.events_ns, time_ns)
        if event == self.events:
            return float(event)
        start = self._knot_ns(event)
        position = event + (time_ns - start) / (self._knot_ns(event + 1) - start)
        while self.time_at(position) < time_ns:  # the division may have rounded down
            position = nextafter(position, inf)
        return position

    def _knot_ns(self, event: int) -> int:
        return int(self.events_ns[event - 1]) if event else 0


def drawn_clock(true: Clock) -> Clock:
    """A clock for drawing, on which crowded events can be told apart: no gap is below `LEAST_GAP` of the mean one.

    Positions mean the same on both clocks, so the true time of anything drawn is ``true.time_at(position)``. The drawn
    clock lasts at most ``1 + LEAST_GAP`` times as long.
    """
    if not true.events:
        return true
    least_ns = max(1, int(LEAST_GAP * true.duration_ns / true.events))
    import numpy as np  # takes longer to load than a window needs to appear

    drawn_ns = np.cumsum(np.maximum(np.diff(true.events_ns, prepend=0), least_ns))
    drawn_ns.flags.writeable = False
    return Clock(drawn_ns)
