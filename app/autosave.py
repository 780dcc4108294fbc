"""Keeps the run that a window makes in a private file while it is not saved, so that a crash of the window loses none.

What a window that has gone left behind is offered by the next one. A lock beside each file, which names the window's
process, keeps windows from taking each other's.
"""

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

import msgspec
from PySide6.QtCore import QLockFile, QStandardPaths

from dictrace.engine.rows import AnyRow

KEPT_FILES = 5
MOST_BYTES = 1 << 28
"""Of one run; of a longer one the rest is not kept, and it opens as incomplete."""

_SUFFIX = ".dictrace"
_encode = msgspec.json.Encoder().encode_lines


def private_folder() -> Path:
    """Where this user's programs keep their state."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.StateLocation)) / "unsaved"


class KeptRun:
    """A run in a file that no other window can take, until it is released.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path, lock: QLockFile) -> None:
        self.path = path
        self._lock = lock
        self._file: BinaryIO | None = None
        self._room = MOST_BYTES

    @classmethod
    def taken(cls, path: Path) -> "KeptRun | None":
        """The file, locked for this window; None where another window has it."""
        lock = QLockFile(str(path.with_suffix(".lock")))
        lock.setStaleLockTime(0)
        return cls(path, lock) if lock.tryLock(0) else None

    def open(self) -> None:
        """Make the file, readable by this user only.

        Raises:
            OSError: it can't be made.
        """
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        self._file = os.fdopen(descriptor, "wb", buffering=0)

    def write(self, lines: bytes) -> None:
        """Add lines, at once; where there is no room for them, or for any since, they are left out."""
        if self._file is None:
            return
        self._room -= len(lines)
        try:
            if self._room >= 0:
                self._file.write(lines)
        except OSError:
            self._room = -1
        if self._room < 0:
            self._close()

    def release(self) -> None:
        """Leave the file to whoever takes it next."""
        self._close()
        self._lock.unlock()

    def remove(self) -> None:
        """The run is saved, or nobody wants it."""
        self._close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._lock.unlock()

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class Autosave:
    """The kept runs of one window, in `folder`; None: nothing is kept.

    Where the folder can't be used, nothing is kept either: a run matters more than a copy of it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._current: KeptRun | None = None
        if folder is not None:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
            except OSError:
                self._folder = None

    def begin(self) -> None:
        """Another run begins; the one before is no longer wanted."""
        self.discard()
        if self._folder is None:
            return
        run = KeptRun.taken(self._folder / f"{os.getpid()}-{time.time_ns()}{_SUFFIX}")
        if run is None:
            return
        try:
            run.open()
        except OSError:
            run.remove()
        else:
            self._current = run

    def write(self, rows: Iterable[AnyRow]) -> None:
        """Keep rows of the run that has begun."""
        if self._current is not None:
            self._current.write(_encode(rows))

    def adopt(self, run: KeptRun) -> None:
        """The run that this window shows is now this one, of another window."""
        self.discard()
        self._current = run

    def discard(self) -> None:
        """The present run is saved, or no longer wanted."""
        if self._current is not None:
            self._current.remove()
            self._current = None

    def left_behind(self) -> list[KeptRun]:
        """Runs of windows that are no more, newest first, taken for this one; of many, the oldest are removed."""
        if self._folder is None:
            return []
        mine = self._current.path if self._current is not None else None
        paths = [path for path in self._folder.glob(f"*{_SUFFIX}") if path != mine]
        found = []
        for run in filter(None, map(KeptRun.taken, paths)):
            try:
                found.append((run.path.stat().st_mtime_ns, run))
            except OSError:
                run.release()  # another window has just removed it
        runs = [run for _written_ns, run in sorted(found, key=itemgetter(0), reverse=True)]
        for run in runs[KEPT_FILES:]:
            run.remove()
        return runs[:KEPT_FILES]
