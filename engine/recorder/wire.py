"""The connections between proxies and manager servers, with a stamp on each request.

The connection is where recording starts: a proxy keeps its type, its name and its behaviour, and what a traceback shows
is what it would show unwatched. The stamp goes before the pickled request; only servers of the run get one.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from copyreg import dispatch_table
from io import BytesIO
from multiprocessing import AuthenticationError, connection, current_process, managers
from multiprocessing.reduction import ForkingPickler
from struct import Struct
from time import perf_counter_ns
from zlib import crc32

from dictrace.engine.recorder.channel import ADDRESS, channel
from dictrace.engine.recorder.entries import NOBODY, NONE, STAMP, Kind
from dictrace.engine.recorder.notebook import caller, notebook
from dictrace.engine.recorder.values import WITHOUT_PARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from dictrace.engine.recorder.entries import Entry
    from dictrace.engine.recorder.notebook import Copy, Notebook

# How a message to a server of the run begins that is more than a pickled request, and what follows.
WITH_STAMP = b"S"  # a stamp, then the request
WITH_NOTES = b"N"  # a stamp, the size of notes, the notes, then the request
NOTES_ONLY = b"T"  # notes
UNSTAMPED = frozenset({"__str__", "__repr__", "#GETVALUE"})
FETCHES = frozenset({"__getitem__", "get", "setdefault", "__getattribute__"})
COMMITS = frozenset({"__setitem__", "set", "__setattr__"})
QUEUES = frozenset({"Queue", "JoinableQueue"})
SMALL = 4096

_HERE = os.path.join(os.path.dirname(__file__), "")
SIZE = Struct("!i")
STAMP_END = len(WITH_STAMP) + STAMP.size
loads = ForkingPickler.loads
_plain_send, plain_recv = connection._ConnectionBase.send, connection._ConnectionBase.recv

_plain_client = connection.Client
_watched: dict[Any, bool] = {}
_ends: dict[tuple[type, type], type] = {}


class Present(threading.local):
    """What this thread is at: in a server, the stamp of the request; the error of what was unpickled."""

    stamp = NOBODY
    error: BaseException | None = None


present = Present()


class End(connection._ConnectionBase):
    """An end of a connection. It pickles, sends and receives in fewer steps, which pays for the stamps.

    What is not usual, an error above all, comes about in the plain connection, whose frames a traceback shows then.
    """

    _due: bytes | None = None
    _fails = False

    def _pickled(self, thing: Any) -> bytes:
        """What `send` would send."""
        buffer = BytesIO()
        try:
            ForkingPickler(buffer).dump(thing)
        except BaseException as error:
            _plain_send(self, _Failing(error))
        return buffer.getvalue()

    def _fail(self, error: BaseException) -> Any:
        """What `recv` would do with a message at which `loads` fails."""
        present.error, self._fails = error, True
        return plain_recv(self)

    def _write(self, data: bytes) -> None:
        """Send a message."""
        self._due = data
        _plain_send(self, None)

    def _taken(self) -> bytes | None:
        """A whole message that has come; empty where it is left to the plain connection, None where no more comes."""
        return b""

    def _send_bytes(self, data: bytes | memoryview) -> None:
        due, self._due = self._due, None
        super()._send_bytes(data if due is None else due)  # type: ignore[misc]

    def _recv_bytes(self, maxsize: int | None = None) -> BytesIO:
        if self._fails:
            self._fails = False
            return BytesIO(_FAILS)
        return super()._recv_bytes(maxsize)  # type: ignore[misc,no-any-return]


class _Failing:
    """Stands for what could not be pickled, and can't be either."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise self._error


def fail() -> None:
    """Raise what unpickling has just raised in this thread."""
    error, present.error = present.error, None
    assert error is not None
    raise error


class _Again:
    """Pickled, it has `fail` raise the error once more, now in the plain connection."""

    def __reduce__(self) -> Any:
        return fail, ()


_FAILS = ForkingPickler.dumps(_Again()).tobytes()


class Quick(End):
    """An end that sends and receives a small message in one system call."""

    _handle: int | None
    _ahead = b""

    def _write(self, data: bytes) -> None:
        handle, sent = self._handle, 0
        if len(data) <= SMALL and handle is not None:
            message = SIZE.pack(len(data)) + data
            try:
                sent = os.write(handle, message)
            except OSError:
                sent = 0  # the plain connection comes to it again
            if sent == len(message):
                return
        if sent:
            self._send(message[sent:])  # type: ignore[attr-defined]
        else:
            super()._write(data)

    def _taken(self) -> bytes | None:
        ahead = self._ahead
        if not ahead and self._handle is not None:
            try:
                ahead = self._ahead = os.read(self._handle, SMALL)
            except OSError:
                return b""  # the plain connection comes to it again
            if not ahead:
                return None
        if len(ahead) > SIZE.size and len(ahead) == SIZE.size + SIZE.unpack_from(ahead)[0]:
            self._ahead = b""
            return ahead[SIZE.size :]
        return b""

    def _recv_bytes(self, maxsize: int | None = None) -> BytesIO:
        message = b"" if self._fails else self._taken()
        return BytesIO(message) if message else super()._recv_bytes(maxsize)

    def _recv(self, size: int, *_read: Any) -> BytesIO:
        return super()._recv(size, self._read_on)  # type: ignore[misc,no-any-return]

    def _read_on(self, handle: int, size: int) -> bytes:
        read, self._ahead = self._ahead[:size], self._ahead[size:]
        return read or os.read(handle, size)


class Asking(End):
    """A client's end: puts stamps on requests, and notes replies."""

    authkey: bytes | None = None
    address: Any = None
    _asked: tuple[Notebook, Any, Any, Any, int, int, Copy | None] | None = None

    def send(self, request: Any) -> None:
        """Send a request, stamped."""
        ident, method, args, _kwds = request
        try:
            data = self._pickled(request)  # which may be to ask
            if method in UNSTAMPED or (ident is None and method != "create"):
                self._write(data)
                return
            book = notebook()
            if book.reach is None:
                book.reach = self.address, self.authkey
            site = book.site()
            base = book.copy_of(args[-1]) if book.copies and method in COMMITS and args else None
            seq = book.next_seq()
            replied_ns = book.take_reply(seq - 1) if book.replied else 0
            task = NONE if book.task is None else book.task
            base_seq = NONE if base is None else base.seq
            stamp = STAMP.pack(book.pid, seq, task, site, perf_counter_ns(), replied_ns, base_seq)
            notes = book.take() if book.notes else None
            try:
                self._write((WITH_NOTES + stamp + _sized(notes) if notes else WITH_STAMP + stamp) + data)
            except BaseException:
                book.take_back(seq, replied_ns, notes)
                raise
            self._asked = book, ident, method, args, seq, site, base
        except BaseException as error:
            hide_frames(error)
            raise

    def recv(self) -> Any:
        """The answer."""
        asked, self._asked = self._asked, None  # not later: to unpickle may be to ask
        try:
            message = self._taken()
            if message:
                try:
                    reply = loads(message)
                except BaseException as error:
                    reply = self._fail(error)
            else:
                reply = plain_recv(self)
        except BaseException as error:
            hide_frames(error)
            raise
        if asked is not None:
            book, ident, method, args, seq, site, base = asked
            book.replied.append((seq, perf_counter_ns()))
            if reply[0] == "#RETURN":
                if base is not None:
                    book.committed(base, seq)
                elif method in FETCHES:
                    if not (isinstance(reply[1], WITHOUT_PARTS) or (method == "get" and _asks_queue())):
                        book.fetched((self.address, ident), args[0] if args else None, seq, site, reply[1])
                elif ident is None:
                    channel().send([(Kind.NAME, self.address, reply[1][0], *caller())])
        return reply


def client(address: Any, family: str | None = None, authkey: bytes | None = None) -> Any:
    """A connection to the server at `address`, an `Asking` one where that is a server of the run."""
    try:
        made: Any = _plain_client(address, family, authkey)
    except BaseException as error:
        hide_frames(error)
        raise
    known = _watched.get(address)
    if known is None:
        known = _watched[address] = os.path.exists(mark_of(address)) and _is_here(made, address)
    if known:
        made.__class__ = end_of(Asking, type(made))
        made.address, made.authkey = address, authkey
    return made


def tell(book: Notebook) -> None:
    """Send the notes now, by a request that is not counted; to the host, where no server of the run can be reached."""
    book.note_reply()
    notes = book.take() or []
    if book.reach is not None:
        try:
            _tell_server(*book.reach, notes)
            return
        except (OSError, EOFError, AuthenticationError):
            pass  # the server is gone
    book.notes[:0] = notes
    channel().send(book.take_unserved())


def _tell_server(address: Any, authkey: bytes | None, notes: list[Entry]) -> None:
    used = managers.BaseProxy._address_to_local.get(address)
    known = getattr(used[0], "connection", None) if used else None
    line = known or _plain_client(address, authkey=authkey)
    if known is None:
        managers.dispatch(line, None, "accept_connection", (current_process().name,))  # type: ignore[attr-defined]
    line.send_bytes(NOTES_ONLY + ForkingPickler.dumps(notes))
    line.recv_bytes()
    if known is None:
        line.close()


def end_of(end: type, plain: type) -> type:
    """An end of a connection of the class `plain`, which differs between platforms."""
    made = _ends.get((end, plain))
    if made is None:
        quick = (Quick,) if issubclass(end, End) and plain is connection.Connection and os.name == "posix" else ()
        made = _ends[end, plain] = type(plain.__name__, (end, *quick, plain), {})
    return made


def hide_frames(error: BaseException) -> None:
    """Take the recorder's frames out of the traceback of `error`, which is then as it would be unwatched."""
    error.__traceback__ = _unwatched(error.__traceback__)


def _unwatched(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_HERE):
        trace = trace.tb_next
    if trace is not None:
        trace.tb_next = _unwatched(trace.tb_next)
    return trace


class _Reducers(dict):  # type: ignore[type-arg]
    """What is registered for messages; where that is nothing, what is registered for all pickles holds."""

    __missing__ = dispatch_table.__getitem__


def pickle_quickly() -> None:
    """Have the picklers of multiprocessing look at one table, of which each would make a copy for each message."""
    pickler: Any = ForkingPickler
    pickler.dispatch_table = pickler._extra_reducers = _Reducers(pickler._extra_reducers)
    del pickler.__init__


def _sized(notes: list[Entry]) -> bytes:
    pickled = ForkingPickler.dumps(notes)
    return SIZE.pack(len(pickled)) + pickled


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


def mark_of(address: Any) -> str:
    """The file that marks a server of the run; a server on the network is reached under several names."""
    place = address[1] if isinstance(address, tuple) else address
    return os.path.join(os.path.dirname(os.environ[ADDRESS]), f"served-{crc32(repr(place).encode()):08x}")
