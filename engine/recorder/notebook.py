"""What one client process knows of itself and has not yet told: task, requests, private copies, notes.

Notes (entries of the client side) ride on the process's next request, so that recording costs no system call of its
own; for the same reason the process id is asked for once, not each time.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
from contextlib import suppress
from itertools import count
from multiprocessing import current_process, process
from sys import getrefcount
from time import perf_counter_ns

from dictrace.engine.recorder.channel import channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.values import diff, is_proxy, same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from types import CodeType, FrameType
    from typing import Any

    from dictrace.engine.recorder.entries import Entry

MANY = 1000
FEW = 64
MAX_TRACEBACK = 10_000
MAX_NAME = 200
_TOLD_BY_SERVER = f"\n{'-' * 75}\n"  # a RemoteError says the whole traceback between two such lines
_PLACE = r'(?m)^  File "(.+)", line (\d+)'  # to compile it takes as long as to load all this
STEPS = frozenset({Kind.UNSENT, Kind.RAISED})

_FOLDER = os.path.dirname(process.__file__)
_MACHINERY = frozenset(
    {*(os.path.join(_FOLDER, name) for name in ("managers.py", "synchronize.py", "context.py")), "<string>"}
)


class Copy:
    """A private copy handed out by a fetch: the very object, and its pickle when last in step with the server.

    `ident` is the address of its server and its object's identity there. `pickled` is empty where the value can't be
    pickled again; then nothing is said about changes to it.
    """

    __slots__ = ("ident", "key", "pickled", "seq", "site", "value")

    def __init__(self, ident: tuple[Any, str], key: Any, seq: int, site: int, value: Any) -> None:
        self.ident = ident
        self.key = key
        self.seq = seq
        self.site = site
        self.value = value
        self.pickled = _pickled(value)


class Notebook:
    """One process's notes.

    Attributes:
        pid: process id.
        task: number of the task it is in, or None.
        last_task, began_ns: number of the task it is or was in, and when that began.
        reach: address and key of the first server asked: the way to it when no proxy is at hand.
        next_seq: gives the number of the next request.
        replied: numbers of requests answered and when their replies arrived, not yet told: one per thread that asks.
        notes: what is not yet told.
        copies: private copies handed out in the present task.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.task: int | None = None
        self.last_task = 0
        self.began_ns = 0
        self.reach: tuple[Any, bytes | None] | None = None
        self.next_seq = count(1).__next__
        self.replied: list[tuple[int, int]] = []
        self.notes: list[Entry] = [(Kind.PROCESS, self.pid, current_process().name, perf_counter_ns(), "", 0, "")]
        self._is_urgent = False
        self._site_numbers = count(1)
        self._sites: dict[tuple[int, int], tuple[int, CodeType]] = {}  # keeps the code, so that its id stays its own
        self.copies: list[Copy] = []
        self._sweep_at = FEW

    def take(self) -> list[Entry] | None:
        """The notes so far, which are then forgotten."""
        if not self.notes:
            return None
        self._is_urgent = False
        notes = []
        with suppress(IndexError):  # several threads may take at once
            while True:
                notes.append(self.notes.pop(0))
        return notes

    def take_unserved(self) -> list[Entry]:
        """The notes so far, as they are told past the manager servers."""
        return [(e[0], perf_counter_ns(), *e[1:]) if e[0] in STEPS else e for e in self.take() or ()]

    def note(self, entry: Entry) -> None:
        """Make a note; where very many have come together, they are told at once."""
        self.notes.append(entry)
        if len(self.notes) >= MANY:
            channel().send(self.take_unserved())

    def site(self) -> int:
        """Number of the place that used the proxy: the nearest one outside `multiprocessing` and this package."""
        frame = calling_frame(sys._getframe(3))  # nobody but `multiprocessing` sends requests
        if frame is None:
            return 0
        # To ask for the line takes longer than all of this, the longer the function is.
        known = self._sites.get((id(frame.f_code), frame.f_lasti))
        if known is None:
            if len(self._sites) == MANY:
                self._sites.clear()  # the program makes its code as it goes
            known = self._sites[id(frame.f_code), frame.f_lasti] = next(self._site_numbers), frame.f_code
            self.notes.append((Kind.SITE, self.pid, known[0], frame.f_code.co_filename, frame.f_lineno))
        return known[0]

    def take_reply(self, seq: int) -> int:
        """When the reply to request `seq` arrived, where that is the one at hand, or 0; another one is noted."""
        try:
            replied, ns = self.replied.pop()
        except IndexError:  # another thread took it
            return 0
        if replied == seq:
            return ns
        self.notes.append((Kind.REPLY, self.pid, replied, ns))
        return 0

    def note_reply(self) -> None:
        """Make notes of replies that no request has told."""
        while self.replied:
            self.take_reply(0)

    def _note_step(self, entry: Entry) -> None:
        """Make a note of what must not get lost."""
        self.notes.append(entry)
        self._is_urgent = True

    def take_back(self, seq: int, replied_ns: int, notes: list[Entry] | None) -> None:
        """Request `seq` could not be sent: what it would have told is still to be told."""
        self.notes[:0] = notes or ()
        self._is_urgent = any(note[0] in STEPS for note in self.notes)
        if replied_ns:
            self.replied.append((seq - 1, replied_ns))

    def fetched(self, ident: tuple[Any, str], key: Any, seq: int, site: int, value: Any) -> None:
        """Remember a private copy, the reply to request `seq`, until the end of its task."""
        if self.task is not None and not is_proxy(value):
            self.copies.append(Copy(ident, key, seq, site, value))
            if len(self.copies) >= self._sweep_at:
                self._sweep()

    def _sweep(self) -> None:
        """Let go of copies that the task itself has let go of: nobody can change or commit them any more."""
        kept: list[Copy] = []
        swept = self.copies[:]
        for copy in swept:
            if getrefcount(copy.value) > _ALONE:
                kept.append(copy)
            else:
                self._compare(copy)
        self.copies = kept + self.copies[len(swept) :]
        self._sweep_at = max(FEW, 2 * len(kept))

    def _compare(self, copy: Copy) -> None:
        """Note what was changed in a copy since it was last in step with the server."""
        if copy.pickled and _pickled(copy.value) != copy.pickled:
            before = pickle.loads(copy.pickled)
            if not same(before, copy.value):
                place = (copy.ident, copy.key, copy.seq, copy.site)
                self._note_step((Kind.UNSENT, self.pid, self.task, *place, diff(before, copy.value)))

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
        self.task = self.last_task = task
        self.began_ns = perf_counter_ns()
        self.notes.append((Kind.BEGIN, task, self.began_ns, self.pid))

    def raised(self, error: BaseException, text: str = "") -> None:
        """The task leaves its function by an exception; `text` is its traceback where that is at hand."""
        text = text.strip('\n"') or trace_of(error)
        places = re.findall(_PLACE, text)
        file, line = places[-1] if places else (None, 0)
        where = file, int(line) or None
        self._note_step((Kind.RAISED, self.pid, self.last_task, name_of(error), *where, text[-MAX_TRACEBACK:]))

    def end_and_tell(self, returned: bool = True) -> None:
        """The task is over, or will not be `returned` any more; what must not get lost is told at once."""
        if not self.end(returned):
            return
        if self.reach is None:
            channel().send(self.take_unserved())
            return
        from dictrace.engine.recorder.wire import tell  # loaded already: there was a request

        tell(self)

    def end(self, returned: bool = True) -> bool:
        """The task is over; True where there is something that must be told at once, or very much."""
        for copy in self.copies:
            self._compare(copy)
        self.copies.clear()
        is_due = self._is_urgent or len(self.notes) >= MANY
        if self.task is not None and returned:
            self.notes.append((Kind.END, self.task, perf_counter_ns(), self.pid))
        self.task = None
        return is_due


def caller() -> tuple[str, int]:
    """File and line of the nearest frame outside `multiprocessing.managers` and this package."""
    frame = calling_frame(sys._getframe(3))
    return (frame.f_code.co_filename, frame.f_lineno) if frame is not None else ("", 0)


def calling_frame(frame: FrameType | None, machinery: Container[str] = _MACHINERY) -> FrameType | None:
    """The nearest frame, from `frame` on, outside the files `machinery`; by default those that proxies go through."""
    while frame is not None and frame.f_code.co_filename in machinery:
        frame = frame.f_back
    return frame


def line_of(code: CodeType, instruction: int) -> int | None:
    """The line of an instruction, given as the `f_lasti` of a frame."""
    return next((line for begin, end, line in code.co_lines() if begin <= instruction < end), None)


def name_of(error: BaseException) -> str:
    """The line that stands for an exception; its class may fail to say more."""
    name = type(error).__name__
    try:
        text = str(error)
        if text.startswith(_TOLD_BY_SERVER):
            text = text.rstrip("-\n").rpartition("\n")[2]
        return f"{name}: {text}"[:MAX_NAME] if text else name
    except Exception:
        return name


def trace_of(error: BaseException) -> str:
    """The end of its traceback, as Python prints it."""
    import traceback  # takes long to load, and most programs never need it

    return "".join(traceback.format_exception(error))[-MAX_TRACEBACK:]


def _pickled(value: Any) -> bytes:
    try:
        return pickle.dumps(value)
    except Exception:
        return b""


_probe = Copy((None, ""), None, 0, 0, [])
_ALONE = getrefcount(_probe.value)

_book: Notebook | None = None


def notebook() -> Notebook:
    """This process's notebook, made at first use."""
    global _book
    if _book is None:
        _book = Notebook()
    return _book


def is_open() -> bool:
    """Whether this process has a notebook."""
    return _book is not None


def _forget() -> None:
    global _book
    _book = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
