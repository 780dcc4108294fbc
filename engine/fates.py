"""Which updates are lost just after any event, all at once: for a picture of a whole run.

An update may be lost, come back and be lost again. Losses that last are kept apart from those that passed: of the
latter only a stretch before the event needs a look.
"""

from dataclasses import dataclass

import numpy as np

from dictrace.engine.losses import LossLog
from dictrace.engine.spans import Flags, Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Fates:
    """What has become of the updates just after an event.

    Attributes:
        event: its number; later ones are still to come.
        lost: by number of event: it shows an update that is lost then (a commit overwritten, a copy never sent).
        losses: number of the event at which each of these updates was lost, ascending.
    """

    event: int
    lost: Flags
    losses: Numbers


class FateColumns:
    """The losses of a recording as it was at one time, by index of the loss.

    Attributes:
        losses, victims, withdrawn: as `events`, `victims` and `withdrawn` of `LossLog`, but `withdrawn` is beyond all
            events while the loss stands.
    """

    def __init__(self, log: LossLog, events: int) -> None:
        self._events = events
        self._never = events + 1
        self.losses, self.victims = np.array(log.events, np.int64), np.array(log.victims, np.int64)
        withdrawn = np.array(log.withdrawn, np.int64)
        self.withdrawn = np.where(withdrawn, withdrawn, self._never)
        lasting = self.withdrawn == self._never
        self._lasting = self.losses[lasting]
        self._lost_from = np.full(events + 2, self._never, np.int64)
        self._lost_from[self.victims[lasting]] = self._lasting
        self._passing = np.flatnonzero(~lasting)
        self._passed = np.maximum.accumulate(self.withdrawn[self._passing])

    def at(self, event: int) -> Fates:
        """What is lost just after `event`."""
        event = min(event, self._events)
        losses = self._lasting[: self._lasting.searchsorted(event, side="right")]
        lost = self._lost_from <= event
        first = self._passed.searchsorted(event, side="right")
        last = self.losses.searchsorted(event, side="right")
        passing = self._passing[first : self._passing.searchsorted(last)]
        passing = passing[self.withdrawn[passing] > event]
        if len(passing):
            lost[self.victims[passing]] = True
            losses = np.sort(np.concatenate((losses, self.losses[passing])), kind="stable")
        return Fates(event, lost, losses)

    def loss_of(self, victim: int, event: int) -> int | None:
        """Index of the first loss, of the update that event `victim` shows, that stands just after `event`."""
        stands = (self.victims == victim) & (self.losses <= event) & (self.withdrawn > event)
        found = np.flatnonzero(stands)
        return int(found[0]) if len(found) else None

    def loss_by(self, event: int) -> int | None:
        """Index of the first loss that happened at this very event."""
        place = int(self.losses.searchsorted(event))
        return place if place < len(self.losses) and self.losses[place] == event else None
