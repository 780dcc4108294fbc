"""The ends of connections: whatever comes, in whatever pieces, it is what was sent; errors are those of plain ends."""

import os
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection, Pipe
from multiprocessing.reduction import ForkingPickler
from pathlib import Path

import pytest

from dictrace.engine.recorder import wire
from dictrace.engine.recorder.wire import SMALL, Quick, hide_frames

pytestmark = pytest.mark.skipif(os.name != "posix", reason="other connections are left as they are")

MESSAGES = ["", "small", "x" * SMALL, "y" * 3 * SMALL, b"z" * 100_000, ["last"]]


class QuickConnection(Quick, Connection):
    """A quick end by itself."""


@pytest.fixture
def ends() -> Iterator[tuple[Connection, Connection]]:
    one, other = Pipe()
    for end in (one, other):
        end.__class__ = QuickConnection
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


@pytest.mark.parametrize("send", [True, False])
def test_errors_have_the_frames_that_they_have_unwatched(send: bool) -> None:
    def attempt(quick: bool) -> tuple[str, list[str]]:
        one, other = Pipe()
        if quick:
            one.__class__ = QuickConnection
        other.close()
        try:
            one.send("lost") if send else one.recv()
        except (OSError, EOFError) as error:
            hide_frames(error)
            return repr(error), [Path(frame.filename).name for frame in traceback.extract_tb(error.__traceback__)]
        finally:
            one.close()
        raise AssertionError("nothing failed")

    assert attempt(True) == attempt(False)
    assert Path(wire.__file__).name not in attempt(True)[1]


def test_a_quick_pickler_knows_what_is_registered_later(monkeypatch: pytest.MonkeyPatch) -> None:
    class Registered:
        """Pickled as a text."""

    monkeypatch.setattr(ForkingPickler, "__init__", ForkingPickler.__init__)
    monkeypatch.setattr(ForkingPickler, "dispatch_table", None, raising=False)
    wire.pickle_quickly()
    assert "__init__" not in vars(ForkingPickler)
    monkeypatch.setitem(ForkingPickler._extra_reducers, Registered, lambda _made: (str, ("registered",)))  # type: ignore[attr-defined]
    assert ForkingPickler.loads(ForkingPickler.dumps(Registered())) == "registered"
