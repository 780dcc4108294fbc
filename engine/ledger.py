"""What served requests did to the keys of the shared objects: versions, the version each commit was made from, changes.

Works through the requests of one server in serve order. Runs in the host, so that the server only has to send values.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from dictrace.engine.recorder.values import ABSENT, Diff, diff, parts_of, same, text_of
from dictrace.engine.stamp import Stamp

Slot = tuple[int, Any]
MANY = 10_000
NO_CHANGE: Diff = ({}, {}, (), None, False)
UNCHANGING = frozenset({int, float, complex, str, bytes, bool, type(None), object})


@dataclass(frozen=True, slots=True)
class Copy:
    """What a process has of a slot: by which request, which version, and the value."""

    seq: int
    version: int
    value: Any


class Held(dict[Slot, Copy]):
    """What one process has of each slot in its present task.

    `by_request` has, with its slot, each copy that the task may have changed and may commit, also where it has fetched
    the slot again since; of very many only the newest.
    """

    __slots__ = ("by_request", "task")

    def __init__(self, task: int | None) -> None:
        super().__init__()
        self.task = task
        self.by_request: dict[int, tuple[Slot, Copy]] = {}

    def keep(self, slot: Slot, copy: Copy) -> None:
        """Have this copy found by the number of its request."""
        if type(copy.value) not in UNCHANGING:
            self.by_request[copy.seq] = slot, copy
            if len(self.by_request) > MANY:
                del self.by_request[next(iter(self.by_request))]


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
        if _is_unchanged(base.value, value):
            own = NO_CHANGE
        return Commit(before + 1, base.version, diff(old, value), own)

    def make(self, stamp: Stamp, slot: Slot, value: Any) -> Commit:
        """What a commit of `value` does that looked at the key in the same request."""
        before, old = self._put(slot, value)
        self._hold(stamp, slot, before + 1, value)
        return Commit(before + 1, before, diff(old, value), None)

    def fetch_all(self, stamp: Stamp, number: int) -> None:
        """A request handed out all keys of an object."""
        held = self._held_by(stamp)
        for key, (version, value) in self._now[number].items():
            if value is not ABSENT:
                held[number, key] = Copy(stamp.seq, version, value)

    def fetched(self, pid: int, seq: int) -> tuple[Slot, int] | None:
        """What request `seq` of the process's present or last task gave it: a slot and its version; None: no copy."""
        found = self._held[pid].by_request.get(seq) if pid in self._held else None
        return (found[0], found[1].version) if found is not None else None

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
        held = self._held_by(stamp)
        before = held.get(slot)
        held[slot] = copy = Copy(stamp.seq, version, value)
        base = held.by_request.get(stamp.base_seq) if stamp.base_seq is not None else None
        if stamp.task is not None:
            held.keep(slot, copy)
        return base[1] if base is not None and base[0] == slot else before

    def _held_by(self, stamp: Stamp) -> Held:
        """What the process that asks has; of what it had in another task it knows nothing any more."""
        held = self._held.get(stamp.pid)
        if held is None or held.task != stamp.task:
            held = self._held[stamp.pid] = Held(stamp.task)
        return held


def _is_unchanged(base: Any, value: Any) -> bool:
    """Whether a task writes back just what it had fetched; where values have parts, their comparison tells."""
    return type(base) is type(value) and parts_of(value) is None and same(base, value)
