"""The way to the host: what is told comes, and a host that is gone is never noticed."""

import marshal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Listener
from pathlib import Path

import pytest

from dictrace.engine.recorder.channel import ADDRESS, SETTINGS, Channel, Settings, settings
from dictrace.engine.recorder.entries import Kind


@pytest.fixture
def listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    """The host's end."""
    with Listener(str(tmp_path / "channel")) as made:
        monkeypatch.setenv(ADDRESS, str(made.address))
        yield made


def test_what_is_told_comes_and_what_the_host_wants_is_heard(listener: Listener) -> None:
    channel = Channel()
    channel.send([(Kind.NOW, 1)])
    wanted = threading.Event()
    channel.listen(wanted.set)
    with listener.accept() as host:
        assert marshal.loads(host.recv_bytes()) == [(Kind.NOW, 1)]
        assert host.recv_bytes() == b"", "it can be asked"
        host.send_bytes(b"send")
        assert wanted.wait(10)
    channel.forget()


def test_the_settings_lie_beside_the_channel(listener: Listener) -> None:
    assert vars(settings()) == vars(Settings()), "no host"
    told = Settings("scripted", order=(1, 0))
    Path(listener.address).with_name(SETTINGS).write_bytes(marshal.dumps(vars(told)))
    assert vars(settings()) == vars(told)


def test_without_a_host_nothing_is_noticed(listener: Listener) -> None:
    channel = Channel()
    listener.accept().close()
    channel.listen(lambda: None)
    channel.send([(Kind.NOW, 1)])
    channel.forget()
    listener.close()
    late = Channel()
    late.listen(lambda: None)
    late.send([(Kind.NOW, 1)])
