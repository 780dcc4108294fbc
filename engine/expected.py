"""What a shared number would be had every change to it been kept: what it was set to, and all changes since, added up.

A commit made from a fetched number changes it by the difference between the two; one that was made without a fetch, or
from no number, sets it. Numbers beyond 62 bits count as none.
"""

from bisect import bisect_right

from dictrace.engine.contents import change_of
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow
from dictrace.engine.steplog import StepLog

_LARGEST = 1 << 62
_MOST_DIGITS = len(str(_LARGEST))


class Expected:
    """Reads the commits of a recording, event by event."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._sums: dict[tuple[int, str | None], StepLog] = {}
        self._ends: dict[tuple[int, str | None], int] = {}

    def take(self, event: int) -> None:
        """Take in an event; each once, in their order."""
        row = self._recording.events[event - 1]
        if not isinstance(row, OpRow) or row.kind is not OpKind.COMMIT:
            return
        slot, number = (row.object, row.key), number_of(change_of(row).value)
        if number is None:
            self._ends.setdefault(slot, event)
            return
        log = self._sums.setdefault(slot, StepLog())
        base = None if row.base is None else self._number_at(slot, row.base)
        by = number - (log.at(event) if base is None else base)
        if max(abs(by), abs(log.at(event) + by)) > _LARGEST:
            self._ends.setdefault(slot, event)
        else:
            log.step(event, by)

    def at(self, object: int, key: str | None, event: int) -> int | None:
        """What it would be just after `event`; None before the first commit, and once it held something else."""
        log = self._sums.get((object, key))
        if log is None or not log.events or log.events[0] > event or self._ends.get((object, key), event + 1) <= event:
            return None
        return log.at(event)

    def _number_at(self, slot: tuple[int, str | None], version: int) -> int | None:
        known = self._recording.history.slots[slot]
        ordinal = bisect_right(known.versions, version) - 1
        return number_of(self._recording.history.change_at(known, ordinal).value) if ordinal >= 0 else None


def number_of(text: str | None) -> int | None:
    """The whole number that a short text stands for, or None; also where it is too large to be counted with."""
    if text is None or len(text) > _MOST_DIGITS or not (text.isascii() and text.removeprefix("-").isdecimal()):
        return None
    return int(text)
