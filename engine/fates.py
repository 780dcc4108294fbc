"""Which updates are lost just after any event, for a picture of a whole run; any number of them costs the same.

An update may be lost, come back and be lost again. Losses that last are kept apart from those that passed: of the
latter only a stretch before the event needs a look, and few stand at a time.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from dictrace.engine.losses import LossLog
from dictrace.engine.spans import Flags, Numbers
from dictrace.engine.steps import result_of


@dataclass(frozen=True, slots=True, eq=False)
class Fates:
    """What has become of the updates just after an event.

    Attributes:
        event: its number; later ones are still to come.
        lasting, passing: number of the event at which each update was lost that is lost then, ascending: of those that
            are lost to the end, and of those that come back.
    """

    event: int
    lasting: Numbers
    passing: Numbers
    _lost_from: npt.NDArray[np.int32]
    _passing_victims: Numbers  # ascending, and last one beyond all events

    def lost(self, events: Numbers) -> Flags:
        """Whether each of these events shows an update that is lost then (a commit overwritten, a copy never sent)."""
        passing = self._passing_victims
        lost: Flags = self._lost_from[events] <= self.event
        lost |= passing[passing.searchsorted(events)] == events
        return lost

    def is_lost(self, event: int) -> bool:
        """`lost`, of one event."""
        return bool(self.lost(np.array((event,), np.int64))[0])

    def losses(self, first: int, last: int) -> Numbers:
        """Number of the event at which each update was lost, ascending; from one event to another, both included."""
        parts = [
            part[part.searchsorted(first) : part.searchsorted(last, side="right")]
            for part in (self.lasting, self.passing)
        ]
        return np.sort(np.concatenate(parts), kind="stable")

    def losses_before(self, events: Numbers) -> Numbers:
        """How many losses happened before each of these events."""
        return self.lasting.searchsorted(events) + self.passing.searchsorted(events)


class FateColumns:
    """The losses of a recording as it was at one time, by index of the loss.

    Attributes:
        losses, victims, withdrawn: as `events`, `victims` and `withdrawn` of `LossLog`, but `withdrawn` is beyond all
            events while the loss stands.
        lasting_victims: those of the losses that stand to the end.
    """

    def __init__(self, log: LossLog, events: int) -> None:
        result_of(self._fill(log, events))

    @classmethod
    def by_steps(cls, log: LossLog, events: int) -> Generator[None, None, Self]:
        """The same in short steps; the `log` must not grow between them."""
        made = cls.__new__(cls)
        yield from made._fill(log, events)
        return made

    def _fill(self, log: LossLog, events: int) -> Generator[None, None, None]:
        self._events = events
        self._never = events + 1
        self.losses = np.array(log.events, np.int64)
        yield
        self.victims = np.array(log.victims, np.int64)
        yield
        self.withdrawn = np.array(log.withdrawn, np.int64)
        yield
        self.withdrawn[self.withdrawn == 0] = self._never
        yield
        lasting = self.withdrawn == self._never
        self._lasting, self.lasting_victims = self.losses[lasting], self.victims[lasting]
        self._lost_from = np.full(events + 2, self._never, np.int32)
        self._lost_from[self.lasting_victims] = self._lasting
        yield
        self._passing = np.flatnonzero(~lasting)
        yield
        self._passed = self.withdrawn[self._passing]
        yield
        np.maximum.accumulate(self._passed, out=self._passed)

    def at(self, event: int) -> Fates:
        """What is lost just after `event`."""
        event = min(event, self._events)
        passing = self._standing(event)
        victims = np.append(np.sort(self.victims[passing]), self._never + 1)
        return Fates(event, self._lasting[: self.lasting_until(event)], self.losses[passing], self._lost_from, victims)

    def lasting_until(self, event: int) -> int:
        """How many losses that stand to the end have happened just after `event`."""
        return int(self._lasting.searchsorted(event, side="right"))

    def passing_victims(self, event: int) -> Numbers:
        """Victims of the losses that stand just after `event`, but not to the end."""
        return self.victims[self._standing(event)]

    def loss_of(self, victim: int, event: int) -> int | None:
        """Index of the first loss, of the update that event `victim` shows, that stands just after `event`."""
        stands = (self.victims == victim) & (self.losses <= event) & (self.withdrawn > event)
        found = np.flatnonzero(stands)
        return int(found[0]) if len(found) else None

    def loss_by(self, event: int) -> int | None:
        """Index of the first loss that happened at this very event."""
        place = int(self.losses.searchsorted(event))
        return place if place < len(self.losses) and self.losses[place] == event else None

    def _standing(self, event: int) -> Numbers:
        """Indices of the losses that stand just after `event`, but not to the end."""
        first = self._passed.searchsorted(event, side="right")
        last = self.losses.searchsorted(event, side="right")
        passing = self._passing[first : self._passing.searchsorted(last)]
        return passing[self.withdrawn[passing] > event]
