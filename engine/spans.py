"""Intervals of time as columns: what touches a stretch, what is nearest, how much of each pixel they cover.

All intervals are closed. Those of equal stamps are told apart by the numbers of the events at their ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NONE: Numbers = np.zeros(0, np.int64)


def whole_ns(ns: float) -> np.int64:
    """A time to search for: with one that is no integer, NumPy would convert the column first."""
    return np.int64(ns)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Intervals of time in the order of their starts; they may overlap.

    Attributes:
        starts_ns, ends_ns: int64, ascending starts; no end is before its start.
        firsts, lasts: int64, numbers of the events at the two ends; 0 where it is a clock reading between events. One
            that has not ended has a `last` beyond all events.
    """

    starts_ns: Numbers = field(default_factory=lambda: NONE)
    ends_ns: Numbers = field(default_factory=lambda: NONE)
    firsts: Numbers = field(default_factory=lambda: NONE)
    lasts: Numbers = field(default_factory=lambda: NONE)
    _latest_ns: Numbers = field(init=False)
    _starts_sum: Numbers = field(init=False)
    _sorted_ends_ns: Numbers = field(init=False)
    _ends_sum: Numbers = field(init=False)

    def __post_init__(self) -> None:
        ends_ns = np.sort(self.ends_ns, kind="stable")
        object.__setattr__(self, "_latest_ns", np.maximum.accumulate(self.ends_ns))
        object.__setattr__(self, "_sorted_ends_ns", ends_ns)
        object.__setattr__(self, "_starts_sum", _sums(self.starts_ns))
        object.__setattr__(self, "_ends_sum", _sums(ends_ns))

    @classmethod
    def sorted(cls, starts_ns: Numbers, ends_ns: Numbers, firsts: Numbers, lasts: Numbers) -> Self:
        """Spans that come in any order."""
        order = np.argsort(starts_ns, kind="stable")
        return cls(starts_ns[order], ends_ns[order], firsts[order], lasts[order])

    def __len__(self) -> int:
        return len(self.starts_ns)

    def between(self, left_ns: float, right_ns: float) -> range:
        """Indices that contain all spans which touch this stretch of time (and, where spans overlap, maybe others)."""
        first = int(self._latest_ns.searchsorted(whole_ns(left_ns)))
        return range(first, max(first, int(self.starts_ns.searchsorted(whole_ns(right_ns), side="right"))))

    def open_at(self, event: int, time_ns: float) -> list[int]:
        """Indices of the spans that have begun and not ended at a position: just after `event`, at this time."""
        near = self.between(time_ns, time_ns)
        part = slice(near.start, near.stop)
        lasts = self.lasts[part]
        held = (lasts > event) | ((lasts == 0) & (self.ends_ns[part] > time_ns))
        held &= self.firsts[part] <= event
        return [near.start + place for place in np.flatnonzero(held).tolist()]

    def nearest(self, ns: float, within_ns: float) -> int | None:
        """Index of the span that contains this time, or else the one nearest to it, not farther than `within_ns`."""
        found = self.between(ns - within_ns, ns + within_ns)
        if not found:
            return None
        chosen = slice(found.start, found.stop)
        away = np.maximum(np.maximum(self.starts_ns[chosen] - ns, ns - self.ends_ns[chosen]), 0.0)
        best = int(away.argmin())
        return found[best] if away[best] <= within_ns else None

    def covered(self, edges_ns: Numbers, ending: Callable[[Numbers], Flags] | None = None) -> npt.NDArray[np.float64]:
        """Share, 0 to 1, of each stretch between two edges (ascending, int64) that spans cover.

        With `ending`, which flags numbers of events, only spans count that end at a flagged event. Without it, the cost
        is two searches per edge, however many spans there are.
        """
        if not len(self):
            return np.zeros(len(edges_ns) - 1)
        if ending is None:
            held_ns = _passed(self.starts_ns, self._starts_sum, edges_ns)
            held_ns -= _passed(self._sorted_ends_ns, self._ends_sum, edges_ns)
        else:
            near = self.between(edges_ns[0], edges_ns[-1])
            part = slice(near.start, near.stop)
            chosen = ending(self.lasts[part])
            starts_ns, ends_ns = self.starts_ns[part][chosen], np.sort(self.ends_ns[part][chosen], kind="stable")
            held_ns = _passed(starts_ns, _sums(starts_ns), edges_ns) - _passed(ends_ns, _sums(ends_ns), edges_ns)
        # Slices: np.diff would take longer than all of this for the few edges of a moving position.
        return np.minimum((held_ns[1:] - held_ns[:-1]) / (edges_ns[1:] - edges_ns[:-1]), 1.0)


def _sums(times_ns: Numbers) -> Numbers:
    """Sum of the first 0, 1, 2 … of these times."""
    sums = np.zeros(len(times_ns) + 1, np.int64)
    np.cumsum(times_ns, out=sums[1:])
    return sums


def _passed(times_ns: Numbers, sums: Numbers, edges_ns: Numbers) -> Numbers:
    """At each edge: how long ago all the times before it were, added up."""
    before = times_ns.searchsorted(edges_ns)
    passed: Numbers = before * edges_ns - sums[before]
    return passed
