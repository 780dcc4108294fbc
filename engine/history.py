"""The version graph of every key, the fate of every update and the look of every cell, event by event, in one pass.

An *update* is one part of a value that a task's commit adds, changes or removes, or the key itself where the value has
no parts. The updates of versions on the chain (see `slots`) survive; those of a version that left the chain were
overwritten by the commit that led around it. A blind write is one update, of the key itself; it was made without a
look at what it replaces, so what leaves the chain by it is *superseded* and in no count. What the main program commits
is no update. A task that raised has no unsent updates. A task that failed before it committed anything, and did not
reach its end with unsent changes either, is one update that never ran.
"""

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dictrace.engine.cells import CellLog
from dictrace.engine.certificate import Certificate, Culprit, LossKind
from dictrace.engine.contents import Contents, change_of, own_change
from dictrace.engine.copies import CopyLog
from dictrace.engine.frame import Counts
from dictrace.engine.locks import LockLog
from dictrace.engine.losses import KINDS, LossLog
from dictrace.engine.rows import Change, DiedRow, OpKind, OpRow, RaisedRow, TaskRow, UnsentRow, WaitRow
from dictrace.engine.slots import NO_CELL_YET, Slot
from dictrace.engine.steplog import StepLog, Tally, numbers_among

if TYPE_CHECKING:
    from dictrace.engine.events import EventRow
    from dictrace.engine.recording import Recording


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Columns for a plot, one entry per event at which a commit was served or a count changed.

    Attributes:
        events: int64, number of the event.
        commits, attempted, survived: int64, commits served, updates attempted and updates survived just after it.
    """

    events: npt.NDArray[np.int64]
    commits: npt.NDArray[np.int64]
    attempted: npt.NDArray[np.int64]
    survived: npt.NDArray[np.int64]


class History:
    """Everything here is right for all events up to the last call of `advance` (`Recording.history` calls it).

    Attributes:
        slots: (object, key) -> Slot.
        cells: states of all cells.
        losses: log of the losses; an index in it never changes, it is the one in `Frame.losses`.
        locks: shared locks in the order they were first used, as in `Frame.locks`.
        lock_of: object number -> index in `locks`.
        copies: by index of worker: the private copies that it holds.
        main_copies: those of the main program, with one entry per request of it.
        writes: array int64, events that made an update or were to make one, ascending: commits and unsent rows.
        unlocked: commits made from a fetched copy by a task whose process held no shared lock.
    """

    def __init__(self, recording: "Recording") -> None:
        self.slots: dict[tuple[int, str | None], Slot] = {}
        self.cells = CellLog()
        self.losses = LossLog()
        self.locks: list[LockLog] = []
        self.lock_of: dict[int, int] = {}
        self.copies: list[CopyLog] = []
        self.main_copies = CopyLog()
        self.unlocked = 0
        self._recording = recording
        self._done = 0
        self._contents = Contents(self.cells, self.losses, recording.event_worker)
        self.writes = array("q")
        self._commits = array("q")
        self._commits_to: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        self._survived = StepLog()
        self._blind = StepLog()
        self._lost = {kind: StepLog() for kind in LossKind}
        self._lost_by: defaultdict[int, Tally] = defaultdict(Tally)
        self._overwrote: defaultdict[int, Tally] = defaultdict(Tally)
        self._holding: dict[int, int] = {}
        self._committed: dict[int, None] = {}  # no set: see `Recording`
        self._raised: set[int] = set()
        self._unsent: dict[int, list[tuple[Slot, int]]] = {}
        self._never_ran: dict[int, int] = {}
        self._takers: dict[type, Callable[[int, Any], None]] = {
            OpRow: self._take_op,
            WaitRow: self._take_wait,
            UnsentRow: self._take_unsent,
            RaisedRow: self._take_failed,
            DiedRow: self._take_died,
            TaskRow: self._take_failed,
        }

    def advance(self) -> None:
        """Take in the events that the recording has got since."""
        events, event_worker = self._recording.events, self._recording.event_worker
        self.copies += [CopyLog() for _ in range(len(self.copies), len(self._recording.workers))]
        for event in range(self._done + 1, len(events) + 1):
            row = events[event - 1]
            take = self._takers.get(type(row))
            if take is not None:
                take(event, row)
            worker = event_worker[event - 1]
            if worker < 0 and isinstance(row, OpRow | WaitRow):
                self.main_copies.append(event, row, self._is_copy(row))
            elif worker >= 0 and type(row) is not TaskRow:
                self.copies[worker].append(event, row, self._is_copy(row))
        self._done = len(events)

    def counts_at(self, event: int) -> Counts:
        """Fate of all updates just after `event`."""
        survived = self._survived.at(event)
        overwritten, never_sent, never_ran = (self._lost[kind].at(event) for kind in LossKind)
        attempted = survived + overwritten + never_sent + never_ran
        return Counts(attempted, survived, overwritten, never_sent, never_ran, self._blind.at(event))

    def lost_by(self, worker: int, event: int) -> int:
        """Updates of the worker's tasks that are lost just after `event`."""
        return self._lost_by[worker].at(event)

    def overwrote_by(self, worker: int, event: int) -> int:
        """Updates that are lost just after `event` because of the worker's commits."""
        return self._overwrote[worker].at(event)

    def commits_to(self, object: int, event: int) -> int:
        """Commits served to a referent up to and including `event`."""
        return bisect_right(self._commits_to[object], event)

    def curve(self) -> Curve:
        """Attempted and survived updates against events and commits."""
        logs = (self._survived, *self._lost.values())
        commits = np.array(self._commits)
        happened = np.zeros(self._done + 1, np.bool_)  # marks, because sorting all of them takes long
        for numbers in (commits, *(np.array(log.events) for log in logs)):
            happened[numbers] = True
        events = np.flatnonzero(happened)
        survived = self._survived.at_all(events)
        attempted = survived.copy()
        for log in self._lost.values():
            if log.events:
                attempted += log.at_all(events)
        return Curve(events, numbers_among(commits, events), attempted, survived)

    def standing(self, event: int | None = None) -> list[int]:
        """Indices of the losses that stand just after `event` (None: the last): attempted minus survived many."""
        return self.losses.standing(self._done if event is None else event)

    def certificate(self, loss: int) -> Certificate:
        """The evidence for the loss with this index."""
        recording = self._recording
        event = self.losses.victims[loss]
        victim, cause = recording.events[event - 1], recording.events[self.losses.events[loss] - 1]
        kind = KINDS[self.losses.kinds[loss]]
        object = slot = key = None
        if isinstance(victim, OpRow | UnsentRow):
            part = self.part_of(loss)
            object = recording.object_label(victim.object)
            slot = recording.slot_label(victim.object, victim.key)
            key = slot if part is None else f"{slot}[{part}]"
        return Certificate(
            kind=kind,
            event=self.losses.events[loss],
            victim_event=event,
            object=object,
            slot=slot,
            key=key,
            task=recording.failed_tasks[event] if kind is LossKind.NEVER_RAN else getattr(victim, "task", None),
            process=recording.worker_label(recording.event_worker[event - 1]),
            fetched_version=getattr(victim, "base", None),
            version=getattr(victim, "version", None),
            line=getattr(victim, "line", None),
            culprit=self._culprit(self.losses.events[loss]) if kind is LossKind.OVERWRITTEN else None,
            reason=getattr(victim, "text", ""),
            exit_code=getattr(victim, "exit_code", None),
            gone=isinstance(victim, OpRow) and own_change(victim).gone,
            by_removal=isinstance(cause, OpRow) and change_of(cause).gone,
            file=recording.file_of(victim),
            culprit_file=recording.file_of(cause),
        )

    def part_of(self, loss: int) -> str | None:
        """Label of the part of the key's value that was lost, None for the key itself or where none is known."""
        cell = self.losses.cells[loss]
        return None if cell < 0 or self.cells.whole[cell] else self.cells.labels[cell]

    def value_at(self, object: int, key: str | None, event: int) -> str | None:
        """Short text of the slot's value just after `event`; None where it has parts or is absent."""
        slot = self.slots.get((object, key))
        ordinal = slot.ordinal_at(event) if slot else -1
        return self.change_at(slot, ordinal).value if slot and ordinal >= 0 else None

    def change_at(self, slot: Slot, ordinal: int) -> Change:
        """What a version changed, against the one before."""
        row = self._recording.events[slot.events[ordinal] - 1]
        assert isinstance(row, OpRow)
        return change_of(row)

    def parts_at(self, object: int, key: str | None, event: int) -> dict[str, str]:
        """Parts of the slot's value just after `event`: label -> short text. O(commits to it): not for painting."""
        parts: dict[str, str] = {}
        slot = self.slots.get((object, key))
        if slot is None:
            return parts
        for ordinal in range(slot.ordinal_at(event) + 1):
            change = self.change_at(slot, ordinal)
            if change.value is not None or change.gone:
                parts.clear()
            parts |= change.added | change.changed
            for part in change.removed:
                parts.pop(part, None)
        return parts

    def update_cells(self, event: int) -> tuple[int, ...]:
        """Indices of the cells that the update of this event, a commit or an unsent row, touches.

        Without those that nothing was ever in: removing an empty value touches none.
        """
        row = self._recording.events[event - 1]
        if isinstance(row, UnsentRow) or (isinstance(row, OpRow) and row.kind is OpKind.COMMIT):
            return tuple(self._contents.known_cells_of(self.slots[row.object, row.key], event, own_change(row)))
        return ()

    def _take_op(self, event: int, row: OpRow) -> None:
        kind = row.kind
        if kind is OpKind.FETCH:
            return
        if kind is OpKind.COMMIT:
            self._take_commit(event, row)
        elif kind is OpKind.ACQUIRE:
            self._lock(row.object).acquire(event, row.pid)
            self._holding[row.pid] = self._holding.get(row.pid, 0) + 1
        elif kind is OpKind.RELEASE:
            self._lock(row.object).release(event, row.pid)
            self._holding[row.pid] = max(0, self._holding.get(row.pid, 0) - 1)
        elif row.object in self.lock_of:
            self._lock(row.object).leave(event, row.pid)  # an acquire that ran out of time

    def _take_commit(self, event: int, row: OpRow) -> None:
        slot = self._slot(row.object, row.key)
        died, revived = slot.commit(event, row.version or 0, row.base)
        self._commits.append(event)
        self.writes.append(event)
        self._commits_to[row.object].append(event)
        moved: list[int] = []
        if died:
            moved += self._kill(slot, event, row.base is None, died)
        if revived:
            moved += self._revive(slot, event, revived)
        self._contents.apply(slot, event, row, moved)
        if row.task is not None:
            self._attempt(event, row, row.task, slot.starts[-1] - slot.starts[-2])

    def _attempt(self, event: int, row: OpRow, task: int, updates: int) -> None:
        if updates:
            self._survived.step(event, updates)
        if row.base is None:
            self._blind.step(event, 1)
        elif not self._holding.get(row.pid):
            self.unlocked += 1
        if task not in self._committed:
            self._committed[task] = None
            self._withdraw_never_ran(task, event)

    def _kill(self, slot: Slot, event: int, blind: bool, died: list[int]) -> list[int]:
        """Take versions that left the chain as overwritten, or (`blind`) superseded; give the cells they wrote."""
        updates = slot.updates_of(died)
        cells = [slot.written[update] for update in updates]
        if NO_CELL_YET in cells:
            own = self._contents.cell(slot, None, event)
            for update, cell in zip(updates, cells, strict=True):
                slot.written[update] = own if cell == NO_CELL_YET else cell
            cells = [slot.written[update] for update in updates]
        if updates and not blind:
            workers, lost_by = self._recording.event_worker, self._lost_by
            victims = [slot.served[update] for update in updates]
            for loss, update in enumerate(updates, self.losses.add(event, LossKind.OVERWRITTEN, victims, cells)):
                slot.lost[update] = loss
            for victim in victims:
                lost_by[workers[victim - 1]].came.append(event)
            self._overwrote[workers[event - 1]].came.extend([event] * len(victims))
        self._move(event, len(updates), 0 if blind else len(updates))
        return self._contents.all_of(slot) if any(slot.odd[ordinal] for ordinal in died) else cells

    def _revive(self, slot: Slot, event: int, revived: list[int]) -> list[int]:
        """Take versions that came back as alive; give the cells they wrote."""
        updates = slot.updates_of(revived)
        workers, lost, losses = self._recording.event_worker, slot.lost, self.losses
        found = 0
        for update in updates:
            loss = lost[update]
            if loss >= 0:
                found += 1
                lost[update] = -1
                losses.withdrawn[loss] = event
                self._lost_by[workers[losses.victims[loss] - 1]].went.append(event)
                self._overwrote[workers[losses.events[loss] - 1]].went.append(event)
        self._move(event, -len(updates), -found)
        if any(slot.odd[ordinal] for ordinal in revived):
            return self._contents.all_of(slot)
        return [slot.written[update] for update in updates]

    def _move(self, event: int, gone: int, lost: int) -> None:
        """Count updates that no longer survive, and those of them that are overwritten; below 0: the other way."""
        if gone:
            self._survived.step(event, -gone)
        if lost:
            self._lost[LossKind.OVERWRITTEN].step(event, lost)

    def _take_unsent(self, event: int, row: UnsentRow) -> None:
        self.writes.append(event)
        slot = self._slot(row.object, row.key)
        cells = self._contents.cells_of(slot, event, row.own)
        if row.task in self._raised or not cells:
            return
        self._withdraw_never_ran(row.task, event)
        losses = self._unsent.setdefault(row.task, [])
        losses += [(slot, self._lose(LossKind.NEVER_SENT, event, cell)) for cell in cells]
        self._contents.show(slot, event, cells)

    def _take_died(self, event: int, row: DiedRow) -> None:
        for lock in self.locks:
            lock.leave(event, row.pid)
        self._take_failed(event, row)

    def _take_failed(self, event: int, row: RaisedRow | DiedRow | TaskRow) -> None:
        task = self._recording.failed_tasks.get(event)
        if task is None:
            return
        if isinstance(row, RaisedRow):
            self._raised.add(task)
            for slot, loss in self._unsent.pop(task, ()):
                self._withdraw(loss, event)
                self._contents.show(slot, event, (self.losses.cells[loss],))
        if task not in self._committed and task not in self._never_ran and not self._unsent.get(task):
            self._never_ran[task] = self._lose(LossKind.NEVER_RAN, event, -1)

    def _take_wait(self, event: int, row: WaitRow) -> None:
        self._lock(row.object).wait(event, row.pid)

    def _is_copy(self, row: "EventRow") -> bool:
        """Whether the row is a fetch of a copy: a proxy is none, nor is what was not there."""
        if not isinstance(row, OpRow) or row.kind is not OpKind.FETCH:
            return False
        slot = self.slots.get((row.object, row.key))
        if slot is None or not slot.events:
            return False
        value = self.change_at(slot, len(slot.events) - 1).value
        return value is None or not value.endswith("Proxy>")

    def _lose(self, kind: LossKind, event: int, cell: int) -> int:
        """Log the loss of an update that this very event shows."""
        self._lost[kind].step(event, 1)
        self._lost_by[self._recording.event_worker[event - 1]].came.append(event)
        return self.losses.add(event, kind, (event,), (cell,))

    def _withdraw(self, loss: int, event: int) -> None:
        self.losses.withdrawn[loss] = event
        self._lost[KINDS[self.losses.kinds[loss]]].step(event, -1)
        self._lost_by[self._recording.event_worker[self.losses.victims[loss] - 1]].went.append(event)

    def _withdraw_never_ran(self, task: int, event: int) -> None:
        loss = self._never_ran.pop(task, None)
        if loss is not None:
            self._withdraw(loss, event)

    def _slot(self, object: int, key: str | None) -> Slot:
        slot = self.slots.get((object, key))
        if slot is None:
            slot = self.slots[object, key] = Slot(object, key)
        return slot

    def _lock(self, object: int) -> LockLog:
        number = self.lock_of.setdefault(object, len(self.locks))
        if number == len(self.locks):
            self.locks.append(LockLog(object))
        return self.locks[number]

    def _culprit(self, event: int) -> Culprit:
        row = self._recording.events[event - 1]
        assert isinstance(row, OpRow)
        process = self._recording.worker_label(self._recording.event_worker[event - 1])
        return Culprit(row.task, process, row.base, row.version or 0, row.line)
