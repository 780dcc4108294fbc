"""Fields, cells and the log of what became of each cell: any event is reached from the nearest checkpoint."""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dictrace.engine.frame import CellState

CHECKPOINT_ENTRIES = 4096
"""Log entries between two checkpoints; more where there are more cells, so that checkpoints never outgrow the log."""


STATE_BITS = 2
"""A *look* is the writer of a cell (index of worker, -1: none), moved by so many bits, and its state below it."""

_STATES = (1 << STATE_BITS) - 1

NOTHING_SEEN = -1 << STATE_BITS | CellState.EMPTY.value
"""The look of a cell that nothing was ever in."""


@dataclass(frozen=True, slots=True)
class Field:
    """A container whose keys are cells.

    Attributes:
        object: number of the referent.
        key: text of the key that holds the container (``'test'``), or None for the referent itself.
        first_event: event at which it was first seen; it is in every frame from there on.
    """

    object: int
    key: str | None
    first_event: int


class CellLog:
    """States of all cells at any event. Cells and fields are numbered in the order they were first seen.

    Attributes:
        fields: the fields.
        labels: short text of each cell's key (``46``, ``'n'``).
        whole: 1 for each cell that stands for a key itself, 0 for one that stands for a part of its value.
        field_of: array int32, index of the field of each cell.
        first_events: array int64, event at which each cell was first seen; never decreases.
        looks: array int32, the look of each cell now.
    """

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.labels: list[str] = []
        self.whole = bytearray()
        self.field_of = array("i")
        self.first_events = array("q")
        self._field_numbers: dict[tuple[int, str | None], int] = {}
        self.looks = array("i")
        self._log_events = array("q")
        self._log_cells = array("q")
        self._log_looks = array("i")
        self._marks = [0]
        self._next_mark = 0
        self._checkpoints = [np.zeros(0, np.int32)]

    def field(self, object: int, key: str | None, event: int) -> int:
        """Index of a field, made where it is new."""
        number = self._field_numbers.setdefault((object, key), len(self.fields))
        if number == len(self.fields):
            self.fields.append(Field(object, key, event))
        return number

    def add_cell(self, field: int, label: str, whole: bool, event: int) -> int:
        """Index of a new cell."""
        self.labels.append(label)
        self.whole.append(whole)
        self.field_of.append(field)
        self.first_events.append(event)
        self.looks.append(NOTHING_SEEN)
        return len(self.labels) - 1

    def log(self, event: int, cells: Sequence[int], looks: Sequence[int]) -> None:
        """From `event` on these cells have these looks, which are in `looks` already."""
        self._log_events.extend([event] * len(cells))
        self._log_cells.extend(cells)
        self._log_looks.extend(looks)
        if len(self._log_events) >= self._next_mark:
            self._mark()

    def count_at(self, event: int) -> int:
        """Number of cells seen up to and including `event`."""
        return bisect_right(self.first_events, event)

    def fields_at(self, event: int) -> int:
        """Number of fields seen up to and including `event`."""
        return bisect_right(self.fields, event, key=lambda field: field.first_event)

    def at(self, event: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int16]]:
        """States (values of `CellState`) and writers (index of worker, -1: none) just after `event`.

        Both of shape (count_at(event),), new, the caller's own. Costs two copies of a checkpoint and at most one
        stretch of the log between two checkpoints.
        """
        upto = bisect_right(self._log_events, event)
        place = bisect_right(self._marks, upto) - 1
        old = self._checkpoints[place]
        looks = np.full(self.count_at(event), NOTHING_SEEN, np.int32)
        looks[: len(old)] = old
        stretch = slice(self._marks[place], upto)
        looks[np.array(self._log_cells[stretch])] = np.array(self._log_looks[stretch])
        return (looks & _STATES).astype(np.uint8), (looks >> STATE_BITS).astype(np.int16)

    def _mark(self) -> None:
        """Make a checkpoint where it is time for one."""
        least = max(CHECKPOINT_ENTRIES, len(self.labels))
        if len(self._log_events) - self._marks[-1] >= least:
            self._marks.append(len(self._log_events))
            self._checkpoints.append(np.array(self.looks))
        self._next_mark = self._marks[-1] + least
