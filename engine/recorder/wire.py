"""The connections between proxies and manager servers, with a stamp on each request.

The connection is where recording starts: a proxy keeps its type, its name and its behaviour, and what a traceback shows
is what it would show unwatched. A stamped request has a fifth item; only servers of the run get one.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import suppress
from multiprocessing import AuthenticationError, connection, current_process, managers
from time import perf_counter_ns
from zlib import crc32

from dictrace.engine.recorder.channel import ADDRESS, channel
from dictrace.engine.recorder.entries import NOBODY, Kind
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.notebook import caller, notebook

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dictrace.engine.recorder.entries import Stamp
    from dictrace.engine.recorder.notebook import Copy, Notebook

TELL = "#dictrace"
UNSTAMPED = frozenset({"__str__", "__repr__", "#GETVALUE"})
FETCHES = frozenset({"__getitem__", "get", "setdefault", "__getattribute__"})
COMMITS = frozenset({"__setitem__", "set", "__setattr__"})
QUEUES = frozenset({"Queue", "JoinableQueue"})

_plain_client = connection.Client
_watched: dict[Any, bool] = {}
_ends: dict[tuple[type, type], type] = {}


class Present(threading.local):
    """What this thread of a server is at: the stamp of the request."""

    stamp: Stamp = NOBODY


present = Present()


class Asking(connection._ConnectionBase):
    """A client's end: puts stamps on requests, and notes replies."""

    authkey: bytes | None = None
    address: Any = None
    _asked: tuple[Any, Any, Any, int, int, Copy | None] | None = None

    def send(self, request: Any) -> None:
        """Send a request, stamped."""
        ident, method, args, _kwds = request
        try:
            if method in UNSTAMPED or (ident is None and method != "create"):
                super().send(request)
                return
            book = notebook()
            if book.reach is None:
                book.reach = self.address, self.authkey
            site = book.site()
            base = book.copy_of(args[-1]) if book.copies and method in COMMITS and args else None
            seq = book.next_seq()
            replied_ns = book.take_reply(seq - 1) if book.replied else 0
            notes = book.take() if book.notes else None
            base_seq = base.seq if base is not None else None
            stamp = book.pid, seq, book.task, site, perf_counter_ns(), replied_ns, base_seq, notes
            try:
                super().send((*request, stamp))
            except BaseException:
                book.take_back(stamp)
                raise
            self._asked = ident, method, args, seq, site, base  # not before: to pickle may be to ask
        except BaseException as error:
            hide_frame(error)
            raise

    def recv(self) -> Any:
        """The answer."""
        asked, self._asked = self._asked, None  # not later: to unpickle may be to ask
        try:
            reply = super().recv()
        except BaseException as error:
            hide_frame(error)
            raise
        if asked is not None:
            book = notebook()
            ident, method, args, seq, site, base = asked
            book.replied.append((seq, perf_counter_ns()))
            if reply[0] == "#RETURN":
                if base is not None:
                    book.committed(base, seq)
                elif method in FETCHES:
                    if book.task is not None and not (method == "get" and _asks_queue()):
                        book.fetched((self.address, ident), args[0] if args else None, seq, site, reply[1])
                elif ident is None:
                    book.notes.append((Kind.NAME, self.address, reply[1][0], *caller()))
                    tell(book)  # there may be no other request, and the server is gone before this process exits
        return reply


class Answering(connection._ConnectionBase):
    """A server's end: takes the stamps off, and hears what is told: at once, as nothing else may hear it later."""

    def recv(self) -> Any:
        """The next request."""
        while True:
            request = super().recv()
            if request[0] == TELL:
                log().told(request[1])
                self.send(None)
            elif len(request) == 5:
                present.stamp = stamp = request[4]
                if stamp[7] is not None:
                    log().told(stamp)
                return request[:4]
            else:
                present.stamp = NOBODY
                return request


class Listening(connection.Listener):
    """A server's listener; says in the run's folder that its address is one of the run."""

    def __init__(self, *args: Any, **kwds: Any) -> None:
        super().__init__(*args, **kwds)
        with suppress(OSError), open(_mark(self.address), "wb"):
            pass

    def accept(self) -> Any:
        """The next client."""
        accepted = super().accept()
        accepted.__class__ = _end(Answering, type(accepted))
        return accepted


def client(address: Any, family: str | None = None, authkey: bytes | None = None) -> Any:
    """A connection to the server at `address`, an `Asking` one where that is a server of the run."""
    try:
        made: Any = _plain_client(address, family, authkey)
    except BaseException as error:
        hide_frame(error)
        raise
    known = _watched.get(address)
    if known is None:
        known = _watched[address] = os.path.exists(_mark(address)) and _is_here(made, address)
    if known:
        made.__class__ = _end(Asking, type(made))
        made.address, made.authkey = address, authkey
    return made


def tell(book: Notebook) -> None:
    """Send the notes now, by a request that is not counted; to the host, where no server of the run can be reached."""
    book.note_reply()
    notes = book.take()
    if book.reach is not None:
        try:
            _tell_server(*book.reach, (book.pid, 0, None, 0, 0, 0, None, notes))
            return
        except (OSError, EOFError, AuthenticationError):
            pass  # the server is gone
    book.notes[:0] = notes or ()
    channel().send(book.take_unserved())


def _tell_server(address: Any, authkey: bytes | None, stamp: Stamp) -> None:
    used = managers.BaseProxy._address_to_local.get(address)
    known = getattr(used[0], "connection", None) if used else None
    line = known or _plain_client(address, authkey=authkey)
    if known is None:
        managers.dispatch(line, None, "accept_connection", (current_process().name,))  # type: ignore[attr-defined]
    connection.Connection.send(line, (TELL, stamp))
    connection.Connection.recv(line)
    if known is None:
        line.close()


def _end(end: type, plain: type) -> type:
    """An end of a connection of the class `plain`, which differs between platforms."""
    made = _ends.get((end, plain))
    if made is None:
        made = _ends[end, plain] = type(plain.__name__, (end, plain), {})
    return made


def hide_frame(error: BaseException) -> None:
    """Take the frame that handles `error` out of its traceback, which is then as it would be unwatched."""
    if error.__traceback__ is not None:
        error.__traceback__ = error.__traceback__.tb_next


def _asks_queue() -> bool:
    """Whether the proxy that is served by the caller's caller is that of a queue: what is got from it is no copy."""
    proxy = sys._getframe(2).f_locals.get("self")
    return getattr(getattr(proxy, "_token", None), "typeid", "") in QUEUES


def _is_here(made: Any, address: Any) -> bool:
    """Whether a connection to `address` ends on this machine; its mark tells no more than a port."""
    if not isinstance(address, tuple):
        return True
    with socket.socket(fileno=os.dup(made.fileno())) as line:
        return bool(line.getpeername()[0] == line.getsockname()[0])


def _mark(address: Any) -> str:
    """The file that marks a server of the run; a server on the network is reached under several names."""
    place = address[1] if isinstance(address, tuple) else address
    return os.path.join(os.path.dirname(os.environ[ADDRESS]), f"served-{crc32(repr(place).encode()):08x}")
