"""What the program printed on standard error: tracebacks in it, and where in the recording it was printed."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from dictrace.engine.recording import Recording

MAX_REASON = 200

_HEAD = "Traceback (most recent call last):"
_MODULE = re.compile(r"(\w+\.)+(?=\w)")


class Stderr:
    """See the module. `text` is all of it."""

    def __init__(self, recording: Recording) -> None:
        rows = [row for row in recording.outputs if row.stream == "stderr"]
        self.text = "".join(row.text for row in rows)
        self._ends = list(accumulate(len(row.text) for row in rows))
        self._times_ns = [row.ns for row in rows]
        self._event_ns = recording.event_ns
        self._said = {_named(line) for line in self.text.splitlines()}

    def says(self, reason: str) -> bool:
        """Whether an exception, as a task's row tells it, was printed."""
        return _named(reason.partition("\n")[0]) in self._said

    def event_at(self, place: int) -> int:
        """Number of the last event before the character at `place` was printed."""
        number = bisect_right(self._ends, place)
        return bisect_right(self._event_ns, self._times_ns[number]) if number < len(self._ends) else 0

    def tracebacks(self) -> Iterator[tuple[int, str, str]]:
        """Where each traceback begins, its text, and its last line, the exception."""
        place = begun = 0
        lines: list[str] | None = None
        for line in self.text.splitlines(keepends=True):
            if line.startswith(_HEAD):
                lines, begun = [], place
            elif lines is not None and line[0] not in " \n\r":
                yield begun, "".join(lines), line.rstrip()[:MAX_REASON]
                lines = None
            if lines is not None:
                lines.append(line)
            place += len(line)


def _named(line: str) -> str:
    """An exception's line without the module of its class, and as long as a row has it."""
    return _MODULE.sub("", line[: 2 * MAX_REASON], count=1)[:MAX_REASON].rstrip(": ")
