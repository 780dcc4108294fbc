"""The way to the host: what a process asks for comes when it is needed, and a host that is gone is never noticed."""

import marshal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Listener
from pathlib import Path

import pytest

from dictrace.engine.recorder.channel import ADDRESS, Channel, Settings
from dictrace.engine.recorder.entries import Kind


@pytest.fixture
def listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """The host's end."""
    with Listener(str(tmp_path / "channel")) as made:
        monkeypatch.setenv(ADDRESS, str(made.address))
        yield made


def test_settings_are_asked_for_early_and_waited_for_late(listener: Listener) -> None:
    channel = Channel()
    channel.ask()  # returns though nobody has answered
    channel.send([(Kind.NOW, 1)])
    with listener.accept() as host:
        assert host.recv_bytes() == b""
        assert marshal.loads(host.recv_bytes()) == [(Kind.NOW, 1)]
        host.send_bytes(marshal.dumps(vars(Settings("scripted", order=(1, 0)))))
        assert vars(channel.settings()) == vars(Settings("scripted", order=(1, 0)))
        wanted = threading.Event()
        channel.listen(wanted.set)
        host.send_bytes(b"send")
        assert wanted.wait(10)
    channel.forget()


def test_without_a_host_the_settings_are_the_usual_ones(listener: Listener) -> None:
    channel = Channel()
    listener.accept().close()
    channel.ask()
    assert vars(channel.settings()) == vars(Settings())
    channel.send([(Kind.NOW, 1)])
    channel.forget()
    listener.close()
    late = Channel()
    late.ask()
    assert vars(late.settings()) == vars(Settings())
    late.send([(Kind.NOW, 1)])
