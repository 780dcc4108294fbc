"""The way from a watched process to the host: entries go out, the run's settings and the host's end come in.

The host listens in a private folder; `ADDRESS` names the place in the environment of the program it starts. What
travels is `marshal` of plain tuples: both ends are the same interpreter and the same program.
"""

import marshal
import os
import shutil
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Client
from typing import Any, NamedTuple

from dictrace.engine.recorder.entries import Entry

ADDRESS = "DICTRACE_CHANNEL"


def can_be_marshalled(thing: Any) -> bool:
    """Whether `marshal` knows the types of all that is in it."""
    try:
        marshal.dumps(thing)
    except ValueError:
        return False
    return True


class Settings(NamedTuple):
    """What the host tells each process that connects.

    Attributes:
        gate: who decides the serve order, a value of `dictrace.engine.rows.GateMode`.
        seed: of the delays of a jittered gate.
        order: scripted gate: numbers of the tasks in the order in which their requests are served.
        patience_s: scripted gate: seconds to wait for the task whose turn it is.
    """

    gate: str = "free"
    seed: int = 0
    order: tuple[int, ...] = ()
    patience_s: float = 10.0


class Channel:
    """One connection to the host."""

    def __init__(self) -> None:
        self._connection = Client(os.environ[ADDRESS])

    def ask(self) -> Settings:
        """The run's settings."""
        self._connection.send_bytes(b"")
        return Settings(*marshal.loads(self._connection.recv_bytes()))

    def send(self, entries: list[Entry], describe: Callable[[Entry], Entry] | None = None) -> None:
        """Send entries, in order; those that can't be marshalled as `describe` gives them."""
        if not entries:
            return
        try:
            message = marshal.dumps(entries)
        except ValueError:
            assert describe is not None
            message = marshal.dumps([e if can_be_marshalled(e) else describe(e) for e in entries])
        self._connection.send_bytes(message)

    def end_with_host(self) -> None:
        """From now on, end the whole process group, and remove the host's folder, as soon as the host is gone."""
        threading.Thread(target=self._watch, name="dictrace-host-watch", daemon=True).start()

    def _watch(self) -> None:
        try:
            self._connection.recv_bytes()
        except (EOFError, OSError):
            shutil.rmtree(os.path.dirname(os.environ[ADDRESS]), ignore_errors=True)
            if hasattr(os, "killpg"):
                os.killpg(os.getpgrp(), signal.SIGKILL)
            os._exit(1)
