"""The files that a program consists of: what they are called in a recording, and their text. Runs in the host."""

import os
import re

from dictrace.engine.rows import Source

MAX_CHARACTERS = 200_000
MAX_FILES = 200

_PLACE = re.compile(r'(?<=File ")[^"\n]+(?=", line)')


class Sources:
    """See the module. A recording names no path of the machine: files below `folder` are called by their path from
    there, all others by their last part. `told` are those whose text the recording has already.

    Paths that a program gives are as seen from `cwd`.
    """

    def __init__(self, folder: str | None = None, cwd: str = "", told: tuple[str, ...] = ()) -> None:
        self._folder = os.path.realpath(folder) + os.sep if folder is not None else None
        self._cwd = cwd
        self._names: dict[str, str] = {}
        self._told = set(told)

    def path(self, file: str) -> str:
        """Where `file` is."""
        return os.path.join(self._cwd, file)

    def look_up(self, file: str) -> tuple[str, Source | None]:
        """The name of a file, and its text when it is asked for the first time and is part of the program."""
        known = self._names.get(file)
        if known is not None:
            return known, None
        path = os.path.realpath(self.path(file))
        own = self._folder is not None and path.startswith(self._folder)
        name = path.removeprefix(self._folder).replace(os.sep, "/") if own and self._folder else os.path.basename(file)
        self._names[file] = name
        if not own or name in self._told or len(self._told) >= MAX_FILES or "site-packages" in name:
            return name, None
        self._told.add(name)
        text = text_of(path)
        return name, Source(name, 1, text) if text else None

    def without_paths(self, traceback: str) -> str:
        """A traceback as Python prints it, its files called as here."""
        return _PLACE.sub(lambda place: self.look_up(place[0])[0], traceback)


def text_of(path: str) -> str:
    """The beginning of a source file; empty where there is none."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(MAX_CHARACTERS)
    except OSError:
        return ""
