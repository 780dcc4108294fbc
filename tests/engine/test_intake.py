"""What processes send is taken in whole, in their order, and all of it before the host acts on their end."""

import threading
from collections.abc import Iterator
from multiprocessing.connection import Client, Connection
from pathlib import Path
from struct import pack

import pytest

from dictrace.engine import intake
from dictrace.engine.intake import CHUNK, Intake

PATIENCE_S = 20


class Heard:
    """An intake, and what it heard."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "channel")
        self.told: list[tuple[int, bytes]] = []
        self.gone: list[int] = []
        self.intake = Intake(self.address, lambda *told: self.told.append(told), self.gone.append)

    def client(self) -> Connection:
        """A process's end of a connection."""
        made = Client(self.address)
        assert isinstance(made, Connection)
        return made

    def catch_up(self) -> None:
        """Wait until all that was sent was heard."""
        done = threading.Event()
        self.intake.catch_up(done.set)
        assert done.wait(PATIENCE_S)


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Heard]:
    made = Heard(tmp_path)
    yield made
    made.intake.close()


def test_messages_come_whole_and_in_order_each_with_its_number(heard: Heard) -> None:
    messages = [b"one", b"x" * 20_000, b"three"]
    with heard.client() as first, heard.client() as second:
        for message in messages:
            first.send_bytes(message)
        second.send_bytes(b"other")
        heard.catch_up()
        assert heard.told == [(1, messages[0]), (1, messages[1]), (1, messages[2]), (2, b"other")]
        assert heard.gone == []
        assert not heard.intake.alone.is_set()
    assert heard.intake.alone.wait(PATIENCE_S)
    assert sorted(heard.gone) == [1, 2]


def test_one_who_sent_and_ended_before_being_let_in_is_heard(heard: Heard) -> None:
    for number in range(50):
        with heard.client() as client:
            client.send_bytes(b"%d" % number)
    heard.catch_up()
    assert heard.told == [(number + 1, b"%d" % number) for number in range(50)]
    assert heard.gone == [*range(1, 51)]


def test_many_large_messages_come_though_no_buffer_holds_them(heard: Heard) -> None:
    large = [bytes([number]) * (5 * CHUNK + number) for number in range(20)]
    with heard.client() as client:
        for message in large:
            client.send_bytes(message)
        heard.catch_up()
    assert [message for _number, message in heard.told] == large


def test_a_message_that_stays_cut_short_is_none_and_holds_up_nobody(heard: Heard) -> None:
    with heard.client() as stuck, heard.client() as other:
        front = pack("!i", 100) + b"begun"
        for byte in front:
            stuck._send(bytes([byte]))  # type: ignore[attr-defined]
            heard.catch_up()
        other.send_bytes(b"whole")
        heard.catch_up()
        assert heard.told == [(2, b"whole")]
        stuck._send(b"." * 95)  # type: ignore[attr-defined]
        heard.catch_up()
        assert heard.told == [(2, b"whole"), (1, b"begun" + b"." * 95)]
        stuck._send(front)  # type: ignore[attr-defined]
    assert heard.intake.alone.wait(PATIENCE_S)
    assert len(heard.told) == 2


def test_the_front_of_a_message_beyond_2_gib_is_understood(heard: Heard) -> None:
    with heard.client() as client:
        client._send(pack("!iQ", -1, 3)[:8])  # type: ignore[attr-defined]
        heard.catch_up()
        client._send(pack("!iQ", -1, 3)[8:] + b"abc")  # type: ignore[attr-defined]
        heard.catch_up()
    assert heard.told == [(1, b"abc")]


def test_only_those_who_said_so_are_asked(heard: Heard) -> None:
    with heard.client() as server, heard.client() as client:
        server.send_bytes(b"")
        client.send_bytes(b"no server")
        heard.catch_up()
        heard.intake.ask_servers()
        assert server.poll(PATIENCE_S)
        assert server.recv_bytes() == b"send"
        assert not client.poll()
    assert heard.intake.alone.wait(PATIENCE_S)
    assert heard.intake.servers == set()
    heard.intake.ask_servers()


def test_what_tells_nothing_is_no_message_that_is_waited_for(heard: Heard) -> None:
    with heard.client() as client:
        client.send_bytes(b"n" * intake.IDLE_BYTES)
        heard.catch_up()
        assert heard.intake.messages == 0
        client.send_bytes(b"n" * (intake.IDLE_BYTES + 1))
        heard.catch_up()
        assert heard.intake.messages == 1
