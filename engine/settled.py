"""What of a picture in which time runs to the right is already as it will be at the end, just after any event.

A picture of the end can be kept, and only what lies behind it painted anew when the position moves.
"""

from collections.abc import Iterable

import numpy as np

from dictrace.engine.fates import FateColumns
from dictrace.engine.spans import Numbers, Spans


class Settled:
    """When the copies began whose fate is still to come, looked up for any event."""

    def __init__(self, sent: Iterable[Spans], unsent: Iterable[Spans], event_ns: Numbers, fates: FateColumns) -> None:
        """`sent` and `unsent` are the copies of all processes."""
        events, self._fates = len(event_ns), fates
        self._ends_ns = np.append(event_ns, np.iinfo(np.int64).max)
        self._began_ns = self._ends_ns.copy()
        for spans in sent:
            self._begin(spans)
        self._open_ns = _least_from(self._began_ns)
        for spans in unsent:
            self._begin(spans)
        lost_ns = self._began_ns[fates.lasting_victims - 1]
        self._lost_ns = _least_from(np.append(lost_ns, self._ends_ns[events]))

    def until_ns(self, event: int) -> int:
        """The time before which nothing looks other than at the end: no copy open, no loss to come or to pass."""
        times_ns = [self._ends_ns[event], self._open_ns[event], self._lost_ns[self._fates.lasting_until(event)]]
        passing = self._began_ns[self._fates.passing_victims(event) - 1]
        return int(min(*times_ns, *passing))

    def _begin(self, spans: Spans) -> None:
        ended = (spans.lasts > 0) & (spans.lasts < len(self._ends_ns))
        np.minimum.at(self._began_ns, spans.lasts[ended] - 1, spans.starts_ns[ended])


def _least_from(times_ns: Numbers) -> Numbers:
    """At each place: the least of the times from there on."""
    least: Numbers = np.minimum.accumulate(times_ns[::-1])[::-1]
    return least
