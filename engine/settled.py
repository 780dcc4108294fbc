"""What of a picture in which time runs to the right is already as it will be at the end, just after any event.

A picture of the end can be kept, and only what lies behind it painted anew when the position moves.
"""

from collections.abc import Generator, Iterable
from typing import Self

import numpy as np

from dictrace.engine.fates import FateColumns
from dictrace.engine.spans import Numbers, Spans


class Settled:
    """When the copies began whose fate is still to come, looked up for any event."""

    @classmethod
    def by_steps(
        cls, sent: Iterable[Spans], unsent: Iterable[Spans], event_ns: Numbers, fates: FateColumns
    ) -> Generator[None, None, Self]:
        """Made in short steps; `sent` and `unsent` are the copies of all processes."""
        made = cls.__new__(cls)
        yield from made._fill(sent, unsent, event_ns, fates)
        return made

    def _fill(
        self, sent: Iterable[Spans], unsent: Iterable[Spans], event_ns: Numbers, fates: FateColumns
    ) -> Generator[None, None, None]:
        events, self._fates = len(event_ns), fates
        self._ends_ns = np.append(event_ns, np.iinfo(np.int64).max)
        yield
        self._began_ns = self._ends_ns.copy()
        for spans in sent:
            self._begin(spans)
            yield
        self._open_ns = _least_from(self._began_ns)
        yield
        for spans in unsent:
            self._begin(spans)
        yield
        lost_ns = np.append(self._began_ns[fates.lasting_victims - 1], self._ends_ns[events])
        yield
        self._lost_ns = _least_from(lost_ns)

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
