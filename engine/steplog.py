"""Numbers that change at some events, and what they were just after any of them."""

from array import array
from bisect import bisect_right

import numpy as np
import numpy.typing as npt


class StepLog:
    """A number that is 0 at first and changes at some events.

    Attributes:
        events: array int64, the events at which it changed, ascending.
        values: array int64, what it was just after each.
    """

    __slots__ = ("events", "values")

    def __init__(self) -> None:
        self.events = array("q")
        self.values = array("q")

    def step(self, event: int, by: int) -> None:
        """At `event` it grows by `by`; events never go back."""
        if not self.events:
            self.events.append(event)
            self.values.append(by)
        elif self.events[-1] == event:
            self.values[-1] += by
        else:
            self.events.append(event)
            self.values.append(self.values[-1] + by)

    def at(self, event: int) -> int:
        """What it was just after `event`."""
        place = bisect_right(self.events, event)
        return self.values[place - 1] if place else 0

    def at_all(self, events: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """What it was just after each of `events`, which ascend and are not without those at which it changed."""
        values = np.concatenate((np.zeros(1, np.int64), np.array(self.values)))
        return values[numbers_among(np.array(self.events), events)]


def numbers_among(some: npt.NDArray[np.int64], events: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How many of `some` there are up to each of `events`, which ascend and are not without any of them."""
    are_there = np.zeros(int(events[-1]) + 1 if len(events) else 0, np.bool_)  # marks, because searching takes longer
    are_there[some] = True
    return np.cumsum(are_there[events])


class Tally:
    """A number of things that come at some events, and of which some go again at later ones.

    Attributes:
        came, went: array int64, the event of each, ascending.
    """

    __slots__ = ("came", "went")

    def __init__(self) -> None:
        self.came = array("q")
        self.went = array("q")

    def at(self, event: int) -> int:
        """How many were there just after `event`."""
        return bisect_right(self.came, event) - bisect_right(self.went, event)
