"""The ends of connections: whatever comes, in whatever pieces, it is what was sent; errors are those of plain ends."""

import copyreg
import os
import pickle
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import ForkingPickler
from typing import Any
from unittest.mock import Mock

import pytest

from dictrace.engine.recorder import answering, wire
from dictrace.engine.recorder.answering import Answering, Arriving, Threading
from dictrace.engine.recorder.entries import NOBODY, Kind
from dictrace.engine.recorder.wire import NOTES_ONLY, SMALL, Asking, Quick, end_of, present

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other connections are left as they are")

MESSAGES = ["", "small", "x" * SMALL, "y" * 3 * SMALL, b"z" * 100_000, ["last"]]


class Asker(Asking, Quick, Connection):
    """A client's end."""


class Answerer(Answering, Quick, Connection):
    """A server's end."""


class Unsendable:
    """Can't be pickled; counts how often that was tried."""

    tried = 0

    def __reduce__(self) -> Any:
        type(self).tried += 1
        raise LookupError("not for others")


class Unreadable:
    """Can be pickled, but not back."""

    def __reduce__(self) -> Any:
        return unreadable, ("not for you",)


def unreadable(text: str) -> None:
    """Never gives anything back."""
    raise LookupError(text)


@pytest.fixture
def ends() -> Iterator[tuple[Connection, Connection]]:
    one, other = Pipe()
    for end in (one, other):
        end.__class__ = Answerer
    yield one, other
    for end in (one, other):
        end.close()


def test_messages_that_come_at_once_are_told_apart(ends: tuple[Connection, Connection]) -> None:
    one, other = ends
    for message in ("first", "second", {"third": 3}):
        one.send(message)
    assert [other.recv() for _ in range(3)] == ["first", "second", {"third": 3}]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{type(message).__name__}-{len(message)}")
def test_messages_of_every_size_arrive(ends: tuple[Connection, Connection], message: object) -> None:
    one, other = ends
    one.send("before")
    one.send(message)
    one.send("after")
    assert [other.recv() for _ in range(3)] == ["before", message, "after"]


@pytest.mark.parametrize("cut", [1, 4, 7])
def test_a_message_may_come_in_pieces(ends: tuple[Connection, Connection], cut: int) -> None:
    one, other = ends
    data = bytes(ForkingPickler.dumps("message"))
    message = len(data).to_bytes(4, "big") + data
    os.write(one.fileno(), message + message[:cut])
    assert other.recv() == "message"
    os.write(one.fileno(), message[cut:])
    assert other.recv() == "message"


def test_a_servers_end_is_a_plain_one_until_the_first_request(ends: tuple[Connection, Connection]) -> None:
    one, other = ends
    one.__class__, other.__class__ = Asker, end_of(Arriving, Connection)
    one.send_bytes(b"proof of the key")
    assert other.recv_bytes(256) == b"proof of the key"
    assert not isinstance(other, Answering | Quick)
    one.send((None, "dummy", (), {}))
    assert other.recv() == (None, "dummy", (), {})
    assert isinstance(other, Answering)
    assert isinstance(other, Quick)


def test_a_server_goes_on_before_the_thread_that_it_starts_runs() -> None:
    started, ran = threading.Event(), threading.Event()
    thread: Any = Threading().Thread(target=ran.set)
    say_so = thread._started.set
    thread._started.set = lambda: (started.wait(5), say_so())
    thread.start()
    assert not thread._started.is_set()
    started.set()
    assert ran.wait(20)
    thread.join()
    assert not thread.is_alive()
    assert Threading().current_thread() is threading.current_thread(), "all else is as it is"


def test_a_request_without_a_stamp_does_not_pass_under_the_one_before(
    ends: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "log", Mock())
    one, other = ends
    one.__class__ = Asker
    stamps = []
    for method in ("__getitem__", "__str__", "__getitem__"):
        one.send(("ident", method, (1,), {}))
        assert other.recv()[1] == method
        stamps.append(present.stamp)
    assert stamps[1] == NOBODY
    assert NOBODY not in (stamps[0], stamps[2])


@pytest.mark.parametrize("size", [1, SMALL])
def test_a_servers_end_that_has_heard_notes_finds_the_end(
    ends: tuple[Connection, Connection], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    log = Mock()
    monkeypatch.setattr(answering, "log", log)
    one, other = ends
    notes = [(Kind.BEGIN, "x" * size)]
    one.send_bytes(NOTES_ONLY + ForkingPickler.dumps(notes))
    with socket.socket(fileno=os.dup(one.fileno())) as line:
        line.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        other.recv()
    log().told.assert_called_once_with(notes)


def send(one: Connection, _other: Connection, thing: object = "lost") -> None:
    """Send it as part of a request, which a server's end sends as an answer as well."""
    one.send((None, "dummy", (thing,), {}))


def send_to_nobody(one: Connection, other: Connection) -> None:
    """The other end is closed."""
    other.close()
    send(one, other)


def send_much_to_nobody(one: Connection, other: Connection) -> None:
    """It is no small message."""
    other.close()
    send(one, other, b"x" * 10 * SMALL)


def send_when_closed(one: Connection, other: Connection) -> None:
    """This end is closed."""
    one.close()
    send(one, other)


def send_unsendable(one: Connection, other: Connection) -> None:
    """It can't be pickled."""
    send(one, other, [Unsendable()])


def receive_from_nobody(one: Connection, other: Connection) -> None:
    """The other end is closed."""
    other.close()
    one.recv()


def receive_when_closed(one: Connection, _other: Connection) -> None:
    """This end is closed."""
    one.close()
    one.recv()


def receive_unreadable(one: Connection, other: Connection) -> None:
    """It can't be unpickled."""
    other.send([Unreadable()])
    one.recv()


def receive_much_unreadable(one: Connection, other: Connection) -> None:
    """It is no small message."""
    other.send([Unreadable(), b"x" * 2 * SMALL])
    one.recv()


ATTEMPTS = [
    send_to_nobody,
    send_much_to_nobody,
    send_when_closed,
    send_unsendable,
    receive_from_nobody,
    receive_when_closed,
    receive_unreadable,
    receive_much_unreadable,
]


@pytest.mark.parametrize("kind", [Asker, Answerer])
@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_errors_have_the_frames_that_they_have_unwatched(
    kind: type, attempt: Callable[[Connection, Connection], None]
) -> None:
    def told(watched: bool) -> list[str]:
        one, other = Pipe()
        if watched:
            one.__class__ = kind
        try:
            attempt(one, other)
        except (OSError, EOFError, LookupError) as error:
            return traceback.format_exception(error)
        finally:
            one.close()
            other.close()
        raise AssertionError("nothing failed")

    tried = Unsendable.tried
    assert told(True) == told(False)
    assert Unsendable.tried in (tried, tried + 2), "each of them tried it once"


@pytest.mark.parametrize("size", [1, 2 * SMALL])
def test_after_an_error_an_end_goes_on(ends: tuple[Connection, Connection], size: int) -> None:
    one, other = ends
    other.__class__ = Asker
    with pytest.raises(LookupError, match="not for others"):
        one.send([Unsendable(), b"x" * size])
    one.send([Unreadable(), b"x" * size])
    with pytest.raises(LookupError, match="not for you"):
        other.recv()
    for thing in (b"y" * size, b"z" * 2 * SMALL):
        one.send(thing)
        assert other.recv() == thing
    one.send_bytes(b"plain")
    assert other.recv_bytes() == b"plain"


def test_a_quick_pickler_knows_what_is_registered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Registered:
        """Pickled as a text."""

    monkeypatch.setattr(ForkingPickler, "__init__", ForkingPickler.__init__)
    monkeypatch.setattr(ForkingPickler, "dispatch_table", None, raising=False)
    monkeypatch.setattr(ForkingPickler, "_extra_reducers", dict(ForkingPickler._extra_reducers))  # type: ignore[attr-defined]
    wire.pickle_quickly()
    assert "__init__" not in vars(ForkingPickler)
    monkeypatch.setitem(copyreg.dispatch_table, Registered, lambda _made: (str, ("for all",)))  # type: ignore[arg-type]
    assert ForkingPickler.loads(ForkingPickler.dumps(Registered())) == "for all"
    ForkingPickler.register(Registered, lambda _made: (str, ("for processes",)))
    assert ForkingPickler.loads(ForkingPickler.dumps(Registered())) == "for processes"
    assert pickle.loads(pickle.dumps(Registered())) == "for all"
