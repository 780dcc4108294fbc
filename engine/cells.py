"""Fields, cells and the log of what became of each cell: any event is reached from the nearest checkpoint."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dictrace.engine.frame import CellState

CHECKPOINT_ENTRIES = 4096
"""Log entries between two checkpoints; more where there are more cells, so that checkpoints never outgrow the log."""


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
        field_of: array int32, index of the field of each cell.
        first_events: array int64, event at which each cell was first seen; never decreases.
    """

    def __init__(self) -> None:
        self.fields: list[Field] = []
        self.labels: list[str] = []
        self.field_of = array("i")
        self.first_events = array("q")
        self._field_numbers: dict[tuple[int, str | None], int] = {}
        self._states = array("B")
        self._writers = array("h")
        self._log_events = array("q")
        self._log_cells = array("q")
        self._log_states = array("B")
        self._log_writers = array("h")
        self._marks = [0]
        self._checkpoints = [(np.zeros(0, np.uint8), np.zeros(0, np.int16))]

    def field(self, object: int, key: str | None, event: int) -> int:
        """Index of a field, made where it is new."""
        number = self._field_numbers.setdefault((object, key), len(self.fields))
        if number == len(self.fields):
            self.fields.append(Field(object, key, event))
        return number

    def add_cell(self, field: int, label: str, event: int) -> int:
        """Index of a new cell."""
        self.labels.append(label)
        self.field_of.append(field)
        self.first_events.append(event)
        self._states.append(CellState.EMPTY.value)
        self._writers.append(-1)
        return len(self.labels) - 1

    def set(self, event: int, cell: int, state: int, writer: int) -> None:
        """From `event` on the cell has this state (a value of `CellState`) and writer (-1: not a worker)."""
        if self._states[cell] == state and self._writers[cell] == writer:
            return
        self._states[cell] = state
        self._writers[cell] = writer
        self._log_events.append(event)
        self._log_cells.append(cell)
        self._log_states.append(state)
        self._log_writers.append(writer)
        if len(self._log_events) - self._marks[-1] >= max(CHECKPOINT_ENTRIES, len(self.labels)):
            self._marks.append(len(self._log_events))
            self._checkpoints.append((np.array(self._states), np.array(self._writers)))

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
        old_states, old_writers = self._checkpoints[place]
        states = np.full(self.count_at(event), CellState.EMPTY.value, np.uint8)
        writers = np.full(len(states), -1, np.int16)
        states[: len(old_states)] = old_states
        writers[: len(old_writers)] = old_writers
        stretch = slice(self._marks[place], upto)
        cells = np.array(self._log_cells[stretch])
        states[cells] = np.array(self._log_states[stretch])
        writers[cells] = np.array(self._log_writers[stretch])
        return states, writers
