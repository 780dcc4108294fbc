"""The program's own text, as far as the recording has it: single lines, short stretches, and the last own line of a
traceback. Nothing of it is ever run.
"""

import re
from textwrap import dedent

from dictrace.engine.diagnoses.diagnosis import Place
from dictrace.engine.recording import Recording

MAX_LINES, MAX_LINE = 12, 300

_FRAME = re.compile(r'^ *File "([^"\n]+)", line (\d+)', re.MULTILINE)


class Text:
    """See the module."""

    def __init__(self, recording: Recording) -> None:
        self._lines = {
            (source.file, number): line[:MAX_LINE]
            for source in recording.sources
            for number, line in enumerate(source.text.splitlines(), source.first_line)
        }
        self._files = {source.file for source in recording.sources}

    def line(self, place: Place | None) -> str:
        """A line, without its indentation; empty where it is not known."""
        return self._lines.get((place.file, place.line), "").strip() if place is not None else ""

    def stretch(self, first: Place | None, last: Place | None) -> list[str]:
        """The lines from `first` to `last`, their common indentation removed; empty where they are not one stretch."""
        if first is None or last is None or first.file != last.file or not 0 <= last.line - first.line < MAX_LINES:
            return []
        if not self.line(first) or not self.line(last):
            return []
        lines = [self._lines.get((first.file, number), "") for number in range(first.line, last.line + 1)]
        lines = dedent("\n".join(lines)).splitlines()
        return lines if not lines[0].startswith(" ") else []

    def own_place(self, traceback: str) -> Place | None:
        """The last line of the program's own files that a traceback, as Python prints it, names."""
        for path, line in reversed(_FRAME.findall(traceback)):
            for file in self._files:
                if path == file or path.replace("\\", "/").endswith("/" + file):
                    return Place(file, int(line))
        return None
