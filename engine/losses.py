"""The log of losses: one entry per update and time it was lost. Entries stay, also those withdrawn later."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from dictrace.engine.certificate import LossKind

KINDS = tuple(LossKind)


class LossLog:
    """Columns with one entry per loss, in the order they happened.

    Attributes:
        events: array int64, event at which it happened, ascending; the commit that overwrote it, where one did.
        kinds: array int8, place of its kind in `KINDS`.
        victims: array int64, event that shows the update (its commit, unsent, raised … row).
        cells: array int64, index of the cell of the part or key that it was an update to, -1 where it has none.
        withdrawn: array int64, event at which the update came back, 0 while the loss stands.
        moments: array int64, the events of all losses, each once, ascending; one entry per event, not per loss.
    """

    def __init__(self) -> None:
        self.events = array("q")
        self.kinds = array("b")
        self.victims = array("q")
        self.cells = array("q")
        self.withdrawn = array("q")
        self.moments = array("q")
        # Losses of a cell form a list: from its newest, through the one before each, to -1.
        self._newest: dict[int, int] = {}
        self._before = array("q")

    def add(self, event: int, kind: LossKind, victims: Sequence[int], cells: Sequence[int]) -> int:
        """Log losses, one for each victim and its cell, and give the index of the first."""
        first, count = len(self.events), len(cells)
        self.events.extend([event] * count)
        if count and (not self.moments or self.moments[-1] != event):
            self.moments.append(event)
        self.kinds.extend([KINDS.index(kind)] * count)
        self.victims.extend(victims)
        self.cells.extend(cells)
        self.withdrawn.extend([0] * count)
        newest, before = self._newest, self._before
        for loss, cell in enumerate(cells, first):
            before.append(newest.get(cell, -1))
            newest[cell] = loss
        return first

    def of_cell(self, cell: int) -> int:
        """Index of the newest loss of an update to the cell that stands now, -1 for none."""
        loss = self._newest.get(cell, -1)
        if loss >= 0 and self.withdrawn[loss]:
            while loss >= 0 and self.withdrawn[loss]:
                loss = self._before[loss]
            self._newest[cell] = loss  # a withdrawn loss never stands again
        return loss

    def at(self, event: int) -> range:
        """Indices of the losses that happened at this very event."""
        return range(bisect_left(self.events, event), bisect_right(self.events, event))

    def newest(self, event: int) -> int:
        """Index of the newest loss that stands just after `event`, -1 for none."""
        loss = bisect_right(self.events, event) - 1
        while loss >= 0 and 0 < self.withdrawn[loss] <= event:
            loss -= 1
        return loss

    def standing(self, event: int) -> list[int]:
        """Indices of the losses that stand just after `event`."""
        withdrawn = np.array(self.withdrawn[: bisect_right(self.events, event)])
        return np.flatnonzero((withdrawn == 0) | (withdrawn > event)).tolist()
