"""A manager server's log reaches the host whole, however the server is ended and however slowly the host reads."""

import marshal
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection, Listener
from pathlib import Path

import pytest

from dictrace.engine.host import SITE
from dictrace.engine.recorder.channel import ADDRESS
from dictrace.engine.recorder.entries import Entry, Kind
from tests.engine.runs import PROGRAMS, wait_until

COMMITS = 3000
SLOW_S = 2.5  # longer than the time after which a manager kills its server


class SlowHost:
    """Listens to the servers of a program, but takes nothing in between the first object and `release`."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "channel")
        self.entries: list[Entry] = []
        self.released = threading.Event()
        self._listener = Listener(self.address, backlog=8)
        self._reading: list[threading.Thread] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                thread = threading.Thread(target=self._read, args=(self._listener.accept(),), daemon=True)
                self._reading.append(thread)
                thread.start()

    def _read(self, connection: Connection) -> None:
        with suppress(EOFError, OSError):
            while message := connection.recv_bytes():
                self.entries += marshal.loads(message)
            self.released.wait()
            while True:
                self.entries += marshal.loads(connection.recv_bytes())

    def close(self) -> None:
        """Wait for the end of all that was told."""
        for thread in self._reading:
            thread.join(20)
        self._listener.close()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlowHost]:
    with tempfile.TemporaryDirectory(prefix="d") as folder:
        host = SlowHost(Path(folder))
        monkeypatch.setenv(ADDRESS, host.address)
        monkeypatch.setenv("PYTHONPATH", str(SITE))
        yield host


def commits(host: SlowHost) -> int:
    return sum(entry[0] == Kind.COMMIT for entry in host.entries)


def test_a_server_ends_when_everything_is_told_and_its_manager_waits_for_it(host: SlowHost) -> None:
    program = subprocess.Popen([sys.executable, PROGRAMS / "commits.py", str(COMMITS)])
    wait_until(lambda: any(Path(host.address).parent.glob("closing-*")))
    time.sleep(SLOW_S)
    host.released.set()
    assert program.wait(20) == 0
    host.close()
    assert commits(host) == COMMITS
    assert Kind.CLOSED in {entry[0] for entry in host.entries}


def test_a_server_that_is_terminated_tells_everything_first(host: SlowHost) -> None:
    program = subprocess.Popen(
        [sys.executable, PROGRAMS / "commits.py", str(COMMITS), "wait"],
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"done\n"
    os.killpg(program.pid, signal.SIGTERM)
    host.released.set()
    program.communicate(timeout=20)
    host.close()
    assert commits(host) == COMMITS
    assert Kind.CLOSED in {entry[0] for entry in host.entries}
