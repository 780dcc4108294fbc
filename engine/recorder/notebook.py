"""What one client process knows of itself and has not yet told: task, requests, private copies, notes.

Notes (entries of the client side) ride on the process's next request, so that recording costs no system call of its
own; for the same reason the process id is asked for once, not each time.
"""

import os
import pickle
import sys
from dataclasses import dataclass
from itertools import count
from multiprocessing import current_process, managers
from time import perf_counter_ns
from types import FrameType
from typing import Any

from dictrace.engine.recorder.entries import Entry, Kind
from dictrace.engine.recorder.values import WITHOUT_PARTS, diff, same

_MACHINERY = frozenset({managers.__file__, "<string>"})


@dataclass(slots=True)
class Copy:
    """A private copy handed out by a fetch: the very object, and its pickle when last in step with the server.

    `pickled` is empty where the value can't be pickled again; then nothing is said about changes to it.
    """

    ident: str
    key: Any
    seq: int
    site: int
    value: Any
    pickled: bytes


class Notebook:
    """One process's notes.

    Attributes:
        pid: process id.
        task: number of the task it is in, or None.
        reach: address and key of the first server asked: the way to it when no proxy is at hand.
        next_seq: gives the number of the next request.
        replied: number of the last request answered and when its reply arrived, where that is not yet told, or zeros.
        notes: what is not yet told.
        copies: private copies handed out in the present task.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.task: int | None = None
        self.reach: tuple[Any, bytes | None] | None = None
        self.next_seq = count(1).__next__
        self.replied = 0, 0
        self.notes: list[Entry] = [(Kind.PROCESS, self.pid, current_process().name, perf_counter_ns())]
        self._site_numbers = count(1)
        self._sites: dict[tuple[str, int], int] = {}
        self.copies: list[Copy] = []

    def take(self) -> list[Entry] | None:
        """The notes so far, which are then forgotten."""
        if not self.notes:
            return None
        notes = self.notes[:]
        del self.notes[: len(notes)]
        return notes

    def site(self) -> int:
        """Number of the line that used the proxy: the nearest one outside `multiprocessing` and this package."""
        file, line = caller()
        site = self._sites.get((file, line))
        if site is None:
            site = self._sites[file, line] = next(self._site_numbers)
            self.notes.append((Kind.SITE, self.pid, site, os.path.basename(file), line))
        return site

    def reply(self, seq: int, ns: int) -> None:
        """The reply to request `seq` arrived."""
        self.note_reply()
        self.replied = seq, ns

    def note_reply(self) -> None:
        """Make a note of the last reply, where the next request will not tell it."""
        seq, ns = self.replied
        if ns:
            self.notes.append((Kind.REPLY, self.pid, seq, ns))
            self.replied = 0, 0

    def fetched(self, ident: str, key: Any, seq: int, site: int, value: Any) -> None:
        """Remember a private copy, the reply to request `seq`, until the end of its task."""
        if self.task is not None and not isinstance(value, WITHOUT_PARTS):
            self.copies.append(Copy(ident, key, seq, site, value, _pickled(value)))

    def copy_of(self, value: Any) -> Copy | None:
        """The private copy that `value` is (the very object), or None."""
        for copy in self.copies:
            if copy.value is value:
                return copy
        return None

    def committed(self, copy: Copy, seq: int) -> None:
        """`copy` was written back by request `seq`: server and copy are in step again."""
        copy.pickled = _pickled(copy.value)
        copy.seq = seq

    def begin(self, task: int) -> None:
        """Task number `task` starts in this process."""
        self.task = task
        self.notes.append((Kind.BEGIN, task, perf_counter_ns(), self.pid))

    def raised(self, error: BaseException) -> None:
        """The task leaves its function by an exception."""
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        where = (os.path.basename(place.tb_frame.f_code.co_filename), place.tb_lineno) if place else (None, None)
        self.notes.append((Kind.RAISED, self.pid, self.task, f"{type(error).__name__}: {error}"[:200], *where))

    def end(self) -> bool:
        """The task is over; True where there is something that must be told at once."""
        urgent = bool(self.notes and self.notes[-1][0] == Kind.RAISED)
        for copy in self.copies:
            if copy.pickled and _pickled(copy.value) != copy.pickled:
                before = pickle.loads(copy.pickled)
                if not same(before, copy.value):
                    place = (copy.ident, copy.key, copy.seq, copy.site)
                    self.notes.append((Kind.UNSENT, self.pid, self.task, *place, diff(before, copy.value)))
                    urgent = True
        self.copies.clear()
        self.notes.append((Kind.END, self.task, perf_counter_ns(), self.pid))
        self.task = None
        return urgent


def caller() -> tuple[str, int]:
    """File and line of the nearest frame outside `multiprocessing.managers` and this package."""
    frame: FrameType | None = sys._getframe(3)
    while frame is not None and frame.f_code.co_filename in _MACHINERY:
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def _pickled(value: Any) -> bytes:
    try:
        return pickle.dumps(value)
    except Exception:
        return b""


_book: Notebook | None = None


def notebook() -> Notebook:
    """This process's notebook, made at first use."""
    global _book
    if _book is None:
        _book = Notebook()
    return _book


def _forget() -> None:
    global _book
    _book = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
