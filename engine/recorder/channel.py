"""The way from a watched process to the host: entries go out, the host's requests come in.

The host listens in a private folder; `ADDRESS` names the place in the environment of the program it starts. The run's
settings lie beside it, so that nobody has to wait for the host. What travels is `marshal` of plain tuples: both ends
are the same interpreter. A process has one connection, made at first need; where there is no host any more, what is
sent goes nowhere and the program never notices.
"""

from __future__ import annotations

import marshal
import os
import threading
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from dictrace.engine.recorder.entries import Entry

ADDRESS = "DICTRACE_CHANNEL"
SETTINGS = "settings"
SEND_NOW = b"send"
HIGH = 200  # the number of a file; as many as that are rarely open
FLUSH_S = 60  # a server that ends has so long to tell the rest
_WHOLE = frozenset({int, float, complex, str, bytes, bool, type(None), dict, list, tuple, set, frozenset})


def closing_mark(pid: int) -> str:
    """The file that is there as soon as the server with this process id ends and tells the rest."""
    return os.path.join(os.path.dirname(os.environ[ADDRESS]), f"closing-{pid}")


def can_be_marshalled(thing: Any) -> bool:
    """Whether `marshal` knows the types of all that is in it; of an array it has only the bytes (`is_told_whole`)."""
    try:
        marshal.dumps(thing)
    except ValueError:
        return False
    return True


def is_told_whole(value: Any) -> bool:
    """Whether `marshal`, where it takes the value of a key, keeps its type and those of its parts.

    Of whatever gives its memory away, as arrays do, it makes bytes. Deeper down that is left to it: to look at each
    part of a part would take long.
    """
    kind = type(value)
    if kind is dict:
        return _WHOLE.issuperset(map(type, value.values()))
    if kind is list or kind is tuple:
        return _WHOLE.issuperset(map(type, value))
    return kind in _WHOLE


class Settings:
    """What the host has each manager server do.

    Attributes:
        gate: who decides the serve order, a value of `dictrace.engine.rows.GateMode`.
        seed: of the delays of a jittered gate.
        order: scripted gate: numbers of the tasks in the order in which their requests are served.
        patience_s: scripted gate: seconds to wait for the task whose turn it is.
    """

    def __init__(
        self, gate: str = "free", seed: int = 0, order: tuple[int, ...] = (), patience_s: float = 10.0
    ) -> None:
        self.gate = gate
        self.seed = seed
        self.order = order
        self.patience_s = patience_s


def settings() -> Settings:
    """The run's settings; the usual ones where there is no host any more."""
    try:
        with open(os.path.join(os.path.dirname(os.environ[ADDRESS]), SETTINGS), "rb") as file:
            return Settings(**marshal.load(file))
    except OSError:
        return Settings()


class Channel:
    """One connection to the host."""

    def __init__(self) -> None:
        from multiprocessing.connection import Client  # not loaded yet while multiprocessing itself is being loaded

        self._sending = threading.Lock()
        self._connection: Any = None
        with suppress(OSError):  # there may be no host any more
            self._connection = _out_of_the_way(Client(os.environ[ADDRESS]))

    def send(self, entries: list[Entry], describe: Callable[[Entry], Entry] | None = None) -> None:
        """Send entries, in order; those that can't be marshalled as `describe` gives them."""
        if not entries or self._connection is None:
            return
        try:
            message = marshal.dumps(entries)
        except ValueError:
            assert describe is not None
            message = marshal.dumps([e if can_be_marshalled(e) else describe(e) for e in entries])
        try:
            with self._sending:
                self._connection.send_bytes(message)
        except OSError:
            self._connection = None

    def listen(self, on_request: Callable[[], None]) -> None:
        """Tell the host that it can ask for what there is, and call `on_request` when it does."""
        with suppress(OSError):
            if self._connection is None:
                return
            with self._sending:
                self._connection.send_bytes(b"")
            threading.Thread(target=self._listen, args=(on_request,), name="dictrace-host", daemon=True).start()

    def _listen(self, on_request: Callable[[], None]) -> None:
        with suppress(EOFError, OSError):
            while self._connection.recv_bytes() == SEND_NOW:
                on_request()

    def forget(self) -> None:
        """In a forked process: this connection is the parent's."""
        if self._connection is not None:
            self._connection.close()


def _out_of_the_way(connection: Any) -> Any:
    """The same connection under a high number, where there are such: the program's own files have theirs as unwatched.

    Python prints some: since 3.13 in the traceback of a spawned process that fails.
    """
    try:
        import fcntl

        high = fcntl.fcntl(connection.fileno(), fcntl.F_DUPFD_CLOEXEC, HIGH)
    except (ImportError, OSError):  # there are no numbers, or none so high
        return connection
    connection.close()
    return type(connection)(high)


_channel: Channel | None = None


def channel() -> Channel:
    """This process's connection."""
    global _channel
    if _channel is None:
        _channel = Channel()
    return _channel


def _forget() -> None:
    global _channel
    if _channel is not None:
        _channel.forget()
    _channel = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
