"""What every key holds now, cell by cell: present or not, who wrote it, which losses of updates to it stand.

A cell is PRESENT while its part is there, LOST while it is absent and a loss of an update to it stands, else EMPTY. The
cell of a value without parts is LOST also while the newest update to it, newer than any commit, was never sent.
"""

from array import array
from collections.abc import Iterable

from dictrace.engine.cells import NOTHING_SEEN, STATE_BITS, CellLog
from dictrace.engine.frame import CellState
from dictrace.engine.losses import LossLog
from dictrace.engine.rows import Change, OpRow, UnsentRow
from dictrace.engine.slots import NO_CELL_YET, Slot

_PRESENT, _LOST = CellState.PRESENT.value, CellState.LOST.value
NOTHING = Change()


def change_of(row: OpRow) -> Change:
    """What the commit `row` changed, against the version before."""
    return row.change or NOTHING


def parts_in(update: Change) -> tuple[str | None, ...]:
    """Labels of the parts that `update` adds, changes or removes; None stands for the key itself."""
    parts = (*update.added, *update.changed, *update.removed)
    return (None,) if update.value is not None or (update.gone and not parts) else parts


def own_change(row: OpRow | UnsentRow) -> Change:
    """What the row's task itself changed, against the version it had fetched."""
    if isinstance(row, UnsentRow):
        return row.own
    return row.own if row.own is not None else change_of(row)


class Contents:
    """Turns changes and losses into states of cells, logged in `cells`.

    Who wrote a part is the newest author of it whose version is alive: a commit made from an old copy brings back what
    others wrote earlier, and that stays theirs.
    """

    def __init__(self, cells: CellLog, losses: LossLog, event_worker: "array[int]") -> None:
        self._cells = cells
        self._losses = losses
        self._event_worker = event_worker
        self._present = bytearray()
        # Authors of a cell form a list: from its newest entry, through the entry before each, to -1.
        self._newest = array("q")
        self._authors = array("q")
        self._author_workers = array("h")
        self._before = array("q")

    def cell(self, slot: Slot, part: str | None, event: int) -> int:
        """Index of the cell of a part, or (None) of the key itself; made where it is new."""
        cell = slot.value_cell if part is None else slot.part_cells.get(part, -1)
        if cell >= 0:
            return cell
        self._present.append(0)
        self._newest.append(-1)
        if part is not None:
            slot.part_cells[part] = cell = self._cells.add_cell(self._field(slot, event), part, False, event)
        else:
            label = "value" if slot.key is None else slot.key
            field = self._cells.field(slot.object, None, event)
            slot.value_cell = cell = self._cells.add_cell(field, label, True, event)
        return cell

    def apply(self, slot: Slot, event: int, row: OpRow, moved: list[int]) -> None:
        """Make the change of the slot's newest version, committed by `row`, log it, and note what it wrote.

        `moved`: cells written by versions that died or came back at this event.
        """
        change = change_of(row)
        there, removed, gone = [], [], []
        if change.value is not None:
            there = [self.cell(slot, None, event)]
            gone = [cell for cell in slot.part_cells.values() if self._present[cell]]
        else:
            if not change.gone:
                self._field(slot, event)
            there = [self.cell(slot, part, event) for parts in (change.added, change.changed) for part in parts]
            removed = [self.cell(slot, part, event) for part in change.removed]
            gone = removed if slot.value_cell < 0 else [*removed, slot.value_cell]
        for cell in there:
            self._present[cell] = 1
        for cell in gone:
            self._present[cell] = 0
        own = there if row.own is None else self.cells_of(slot, event, row.own)
        slot.wrote(self._updated(slot, row, own, removed), row.base is None or row.task is None)
        signed = own if row.base is not None else self.all_of(slot)
        self._sign(slot, event, signed)
        self.show(slot, event, there + gone + moved if signed is there else {*there, *gone, *moved, *signed})

    def _updated(self, slot: Slot, row: OpRow, own: list[int], removed: list[int]) -> list[int]:
        """The cells of a commit's updates, as in `Slot.written`."""
        update = own_change(row)
        if row.task is None:
            return []
        if row.base is None:
            return [slot.value_cell if update.value is not None else -1]
        if update.gone and not own and not removed:
            return [slot.value_cell if slot.value_cell >= 0 else NO_CELL_YET]
        return own + removed if row.own is None else own

    def all_of(self, slot: Slot) -> list[int]:
        """All cells of a slot, one of which a blind write may have changed."""
        return [cell for cell in (*slot.part_cells.values(), slot.value_cell) if cell >= 0]

    def cells_of(self, slot: Slot, event: int, update: Change) -> list[int]:
        """Indices of the cells of all parts that `update` adds, changes or removes, or of the key itself."""
        return [self.cell(slot, part, event) for part in parts_in(update)]

    def known_cells_of(self, slot: Slot, event: int, update: Change) -> list[int]:
        """Those of `cells_of` that there were just after `event`; none is made."""
        found = [slot.value_cell if part is None else slot.part_cells.get(part, -1) for part in parts_in(update)]
        return [cell for cell in found if cell >= 0 and self._cells.first_events[cell] <= event]

    def show(self, slot: Slot, event: int, cells: Iterable[int]) -> None:
        """Log the looks that these cells of the slot have now."""
        present, newest, before, losses = self._present, self._newest, self._before, self._losses
        alive, authors, workers, looks = slot.alive, self._authors, self._author_workers, self._cells.looks
        changed, changes = [], []
        for cell in cells:
            look = NOTHING_SEEN
            is_there = present[cell]
            if is_there:
                entry = newest[cell]
                while entry >= 0 and not alive[authors[entry]]:
                    entry = before[entry]
                look = (workers[entry] if entry >= 0 else -1) << STATE_BITS | _PRESENT
            # The key itself may be there and look lost: where an update to it was lost after the newest commit.
            if not is_there or cell == slot.value_cell:
                loss = losses.of_cell(cell)
                if loss >= 0 and not (is_there and losses.events[loss] <= slot.events[-1]):
                    look = self._event_worker[losses.victims[loss] - 1] << STATE_BITS | _LOST
            if looks[cell] != look:
                looks[cell] = look
                changed.append(cell)
                changes.append(look)
        self._cells.log(event, changed, changes)

    def _field(self, slot: Slot, event: int) -> int:
        """Index of the field of the slot's parts, made where it is new."""
        if slot.field < 0:
            slot.field = self._cells.field(slot.object, slot.key, event)
        return slot.field

    def _sign(self, slot: Slot, event: int, cells: list[int]) -> None:
        """Make the newest version the author of what is there of these cells."""
        ordinal = len(slot.events) - 1
        worker = self._event_worker[event - 1]
        for cell in cells:
            if self._present[cell]:
                self._before.append(self._newest[cell])
                self._newest[cell] = len(self._authors)
                self._authors.append(ordinal)
                self._author_workers.append(worker)
