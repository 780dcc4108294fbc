"""What served requests did to the keys of the shared objects: versions, the version each commit was made from, changes.

Works through the requests of one server in serve order. Runs in the host, so that the server only has to send values.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dictrace.engine.recorder.entries import Stamp
from dictrace.engine.recorder.values import ABSENT, Diff, diff, text_of

Slot = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """What a process has of a slot: by which request, which version, and the value."""

    seq: int
    version: int
    value: Any


class Held(dict[Slot, Copy]):
    """What one process has of each slot in its present task.

    `older` has what it had before, by number of the request: a task may commit the first of two copies.
    """

    __slots__ = ("older", "task")

    def __init__(self, task: int | None) -> None:
        super().__init__()
        self.task = task
        self.older: dict[int, Copy] = {}


@dataclass(frozen=True, slots=True)
class Commit:
    """What a commit did; the fields are those of `dictrace.engine.rows.OpRow`."""

    version: int
    base: int | None
    change: Diff
    own: Diff | None


class Ledger:
    """State of the shared objects after the requests so far. Slots are (number of the object, key)."""

    def __init__(self) -> None:
        self._now: defaultdict[int, dict[Any, tuple[int, Any]]] = defaultdict(dict)
        self._held: dict[int, Held] = {}
        self._labels: dict[Slot, str] = {}
        self._alike: dict[tuple[int, str], int] = {}

    def fetch(self, stamp: Stamp, slot: Slot) -> int:
        """The version fetched."""
        version, value = self._newest(slot)
        self._hold(stamp, slot, version, value)
        return version

    def commit(self, stamp: Stamp, slot: Slot, value: Any) -> Commit:
        """What the commit of `value` (ABSENT: the removal of the key) does."""
        before, old = self._put(slot, value)
        base = self._hold(stamp, slot, before + 1, value)
        if base is None:
            return Commit(before + 1, None, diff(old, value), None)
        own = diff(base.value, value) if base.version != before else None
        return Commit(before + 1, base.version, diff(old, value), own)

    def make(self, stamp: Stamp, slot: Slot, value: Any) -> Commit:
        """What a commit of `value` does that looked at the key in the same request."""
        before, old = self._put(slot, value)
        self._hold(stamp, slot, before + 1, value)
        return Commit(before + 1, before, diff(old, value), None)

    def fetch_all(self, stamp: Stamp, number: int) -> None:
        """A request handed out all keys of an object."""
        for key, (version, value) in self._now[number].items():
            if value is not ABSENT:
                self._hold(stamp, (number, key), version, value)

    def base_of(self, pid: int, slot: Slot, seq: int) -> int | None:
        """The version that request `seq` of the process's present or last task fetched; None where it fetched none."""
        held = self._held.get(pid)
        latest = held.get(slot) if held is not None else None
        if held is None or latest is None:
            return None
        return (latest if latest.seq == seq else held.older[seq]).version

    def label(self, slot: Slot) -> str:
        """Short text of a key, told apart from other keys of the same object that look alike."""
        label = self._labels.get(slot)
        if label is None:
            number, key = slot
            text = text_of(key)
            alike = self._alike[number, text] = self._alike.get((number, text), 0) + 1
            label = self._labels[slot] = text if alike == 1 else f"{text} #{alike}"
        return label

    def _newest(self, slot: Slot) -> tuple[int, Any]:
        number, key = slot
        return self._now[number].get(key, (0, ABSENT))

    def _put(self, slot: Slot, value: Any) -> tuple[int, Any]:
        """Make `value` (ABSENT: none) the newest; return the version and value before."""
        before = self._newest(slot)
        self._now[slot[0]][slot[1]] = before[0] + 1, value
        return before

    def _hold(self, stamp: Stamp, slot: Slot, version: int, value: Any) -> Copy | None:
        """Note what the process has of `slot` now; return what the request is based on."""
        pid, seq, task, base_seq = stamp[0], stamp[1], stamp[2], stamp[6]
        held = self._held.get(pid)
        if held is None or held.task != task:
            held = self._held[pid] = Held(task)
        before = held.get(slot)
        held[slot] = Copy(seq, version, value)
        if before is not None and task is not None:
            held.older[before.seq] = before
            if base_seq is not None and base_seq != before.seq:
                return held.older.get(base_seq, before)
        return before
