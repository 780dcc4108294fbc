"""The connections between proxies and manager servers, with a stamp on each request.

The connection is where recording starts: a proxy keeps its type, its name and its behaviour, and what a traceback shows
is what it would show unwatched. A stamped request has a fifth item; only servers of the run get one.
"""

import os
import threading
from multiprocessing import connection, current_process, managers
from time import perf_counter_ns
from typing import Any
from zlib import crc32

from dictrace.engine.recorder.channel import ADDRESS, channel
from dictrace.engine.recorder.entries import NOBODY, Kind, Stamp
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.notebook import Copy, Notebook, caller, notebook

TELL = "#dictrace"
UNSTAMPED = frozenset({"__str__", "__repr__", "#GETVALUE"})
FETCHES = frozenset({"__getitem__", "get", "setdefault", "__getattribute__"})
COMMITS = frozenset({"__setitem__", "set", "__setattr__"})

_plain_client = connection.Client
_watched: dict[Any, bool] = {}


class Present(threading.local):
    """What this thread of a server is at: the stamp of the request."""

    stamp: Stamp = NOBODY


present = Present()


class Asking(connection.Connection):
    """A client's end: puts stamps on requests, and notes replies."""

    authkey: bytes | None = None
    address: Any = None
    _asked: tuple[Any, Any, Any, int, int, Copy | None] | None = None

    def send(self, request: Any) -> None:
        """Send a request, stamped."""
        ident, method, args, _kwds = request
        if method in UNSTAMPED or (ident is None and method != "create"):
            super().send(request)
            return
        book = notebook()
        if book.reach is None:
            book.reach = self.address, self.authkey
        site = book.site()
        base = book.copy_of(args[-1]) if book.copies and method in COMMITS else None
        seq = book.next_seq()
        replied, replied_ns = book.replied
        if replied == seq - 1:
            book.replied = 0, 0
        else:
            replied_ns = 0
            book.note_reply()
        notes = book.take() if book.notes else None
        base_seq = base.seq if base is not None else None
        self._asked = ident, method, args, seq, site, base
        super().send((*request, (book.pid, seq, book.task, site, perf_counter_ns(), replied_ns, base_seq, notes)))

    def recv(self) -> Any:
        """The answer."""
        reply = super().recv()
        if self._asked is not None:
            book = notebook()
            (ident, method, args, seq, site, base), self._asked = self._asked, None
            book.reply(seq, perf_counter_ns())
            if reply[0] == "#RETURN":
                if base is not None:
                    book.committed(base, seq)
                elif method in FETCHES:
                    book.fetched((self.address, ident), args[0] if args else None, seq, site, reply[1])
                elif ident is None:
                    book.notes.append((Kind.NAME, self.address, reply[1][0], *caller()))
                    tell(book)  # there may be no other request, and the server is gone before this process exits
        return reply


class Answering(connection.Connection):
    """A server's end: takes the stamps off, and hears what is only told."""

    def recv(self) -> Any:
        """The next request."""
        while True:
            request = super().recv()
            if request[0] == TELL:
                log().told(request[1])
                self.send(None)
                continue
            if len(request) == 5:
                present.stamp = request[4]
                return request[:4]
            present.stamp = NOBODY
            return request


class Listening(connection.Listener):
    """A server's listener; says in the run's folder that its address is one of the run."""

    def __init__(self, *args: Any, **kwds: Any) -> None:
        super().__init__(*args, **kwds)
        with open(_mark(self.address), "wb"):
            pass

    def accept(self) -> Any:
        """The next client."""
        accepted: Any = super().accept()
        accepted.__class__ = Answering
        return accepted


def client(address: Any, family: str | None = None, authkey: bytes | None = None) -> Any:
    """A connection to the server at `address`, an `Asking` one where that is a server of the run."""
    made: Any = _plain_client(address, family, authkey)
    known = _watched.get(address)
    if known is None:
        known = _watched[address] = os.path.exists(_mark(address))
    if known:
        made.__class__ = Asking
        made.address, made.authkey = address, authkey
    return made


def tell(book: Notebook) -> None:
    """Send the notes now, by a request that is not counted; to the host, where this process has made no other yet."""
    if book.reach is None:
        channel().send(book.take_unserved())
        return
    address, authkey = book.reach
    book.note_reply()
    stamp = (book.pid, 0, None, 0, 0, 0, None, book.take())
    used = managers.BaseProxy._address_to_local.get(address)
    known = getattr(used[0], "connection", None) if used else None
    line = known or _plain_client(address, authkey=authkey)
    if known is None:
        managers.dispatch(line, None, "accept_connection", (current_process().name,))  # type: ignore[attr-defined]
    connection.Connection.send(line, (TELL, stamp))
    connection.Connection.recv(line)
    if known is None:
        line.close()


def _mark(address: Any) -> str:
    return os.path.join(os.path.dirname(os.environ[ADDRESS]), f"served-{crc32(repr(address).encode()):08x}")
