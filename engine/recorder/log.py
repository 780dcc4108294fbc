"""The manager server's log: one serve order for all its objects, sent to the host while the server goes on.

Serving appends a tuple under the log's lock and nothing more. The commonest requests call no function of the log for
it, which costs a process that has just woken up much more than it does in a loop. A thread sends the tuples every
`PERIOD_S`: what has gathered by then still has room in the socket, so that it seldom waits for the host. Values are
kept by reference until then: what lies in the server's dict is replaced, never changed in place.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from itertools import chain
from multiprocessing import current_process, util
from time import perf_counter_ns
from weakref import WeakValueDictionary

from dictrace.engine.recorder.channel import FLUSH_S, can_be_marshalled, channel, closing_mark, is_told_whole, settings
from dictrace.engine.recorder.entries import NONE, STAMP, VALUES, Kind, is_key
from dictrace.engine.recorder.gate import gate_of
from dictrace.engine.recorder.processes import MANAGER, role_of
from dictrace.engine.recorder.values import described, full_text
from dictrace.engine.recorder.wire import present

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from dictrace.engine.recorder.channel import Channel
    from dictrace.engine.recorder.entries import Entry
    from dictrace.engine.recorder.gate import Gate

    class Referent(Protocol):
        """What the log needs of a recorded object."""

        def contents(self) -> dict[Any, Any]:
            """Its keys and values."""


PERIOD_S = 0.05
MESSAGE_ENTRIES = 100  # each may hold a large value; the host sees by each message that more comes


class Turn:
    """Past the gate and under the log's lock: so each request of a task is served where there is a gate."""

    def __init__(self, gate: Gate, lock: threading.Lock) -> None:
        self._gate = gate
        self._lock = lock

    def __enter__(self) -> None:
        task = _asking_task()
        if task != NONE:
            self._gate.enter(task)
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        if _asking_task() != NONE:
            self._gate.leave()


class Log:
    """See the module.

    Attributes:
        turn: each request is served in it; the log's lock, and before it the gate where there is one.
        add: takes an entry in, within a turn.
    """

    def __init__(self, channel: Channel) -> None:
        self._is_ready = False
        self._lock = threading.Lock()
        self._telling = threading.Lock()
        self._entries: list[Entry] = [(Kind.MANAGER, os.getpid(), current_process().name, perf_counter_ns())]
        self.add = self._entries.append
        self.turn: threading.Lock | Turn = self._lock
        self._objects = 0
        self._holding: WeakValueDictionary[int, Referent] = WeakValueDictionary()
        self._wrappers: WeakValueDictionary[int, Any] = WeakValueDictionary()
        self._kept: list[Any] = []
        self._dropped: list[Entry] = []
        self._closed = False
        self._serves_only = role_of(current_process()) == MANAGER
        self._channel = channel
        self._ending = threading.Event()
        self._sending = threading.Thread(target=self._keep_sending, name="dictrace-log", daemon=True)
        self._sending.start()
        util.Finalize(None, self.close, exitpriority=20)

    def add_object(self, typeid: str, referent: object) -> int:
        """Number of a new shared object."""
        with self._lock:
            if not self._is_ready:
                self._get_ready()
            self._objects += 1
            address = current_process()._manager_server.address  # type: ignore[attr-defined]
            self.add((Kind.OBJECT, address, f"{id(referent):x}", self._objects, typeid, perf_counter_ns()))
            return self._objects

    def _get_ready(self) -> None:
        """For the first object, before which nothing is served that a gate would hold."""
        self._is_ready = True
        gate = gate_of(settings(), self._diverged)
        if gate is not None:
            self.turn = Turn(gate, self._lock)
        self._channel.listen(self._send)

    def keep_final(self, number: int, referent: Referent) -> None:
        """Have what `referent` holds at the end recorded."""
        self._holding[number] = referent

    def dropped(self, number: int, contents: dict[Any, Any]) -> None:
        """The last proxy of an object is gone, and the object with it."""
        if not self._closed:
            self._dropped.append((Kind.FINALS, number, *chain.from_iterable(contents.items())))

    def wrapper_of(self, plain: Any) -> Any:
        """What was made to stand for `plain`, or None."""
        return self._wrappers.get(id(plain))

    def wrapped(self, plain: Any, wrapper: Any, kept: bool) -> None:
        """`wrapper` stands for `plain`, and keeps it; where the program has `kept` it too, for good."""
        self._wrappers[id(plain)] = wrapper
        if kept:
            self._kept.append(wrapper)

    def admit(self) -> None:
        """Wait for the gate, to begin what may block."""
        if self.turn is not self._lock:
            with self.turn:
                pass

    def note(self, kind: int, *what: Any) -> None:
        """Stamp what was done past the gate, and not in a turn."""
        with self._lock:
            self.add((kind, perf_counter_ns(), present.stamp, *what))

    def told(self, notes: list[Entry]) -> None:
        """Hear the notes of a client."""
        with self._lock:
            for kind, *rest in notes:
                if kind in (Kind.UNSENT, Kind.RAISED):
                    self.add((kind, perf_counter_ns(), *rest))
                else:
                    self.add((kind, *rest))

    def _diverged(self, reason: str) -> None:
        self.add((Kind.DIVERGED, reason))

    def _keep_sending(self) -> None:
        while not self._ending.wait(PERIOD_S):
            self._send()

    def _send(self) -> None:
        with self._telling:
            with self._lock:
                entries = self._entries[:]
                self._entries.clear()
                now = Kind.NOW, perf_counter_ns()
            self._tell([*entries, *self._take_dropped(), now])

    def _take_dropped(self) -> list[Entry]:
        taken = []
        while self._dropped:
            taken.append(self._dropped.pop(0))
        return taken

    def _tell(self, entries: list[Entry]) -> None:
        entries = [
            e if e[0] not in VALUES or all(map(is_told_whole, e[VALUES[e[0]]])) else describe(e) for e in entries
        ]
        for first in range(0, len(entries), MESSAGE_ENTRIES):
            self._channel.send(entries[first : first + MESSAGE_ENTRIES], describe)

    def close(self) -> None:
        """Tell everything, and what the objects hold last. A process that only serves serves no more from here on."""
        if self._serves_only:
            self._outlive_a_signal()
        self._ending.set()
        self._sending.join()
        with self._telling:
            self._lock.acquire()
            for number, referent in list(self._holding.items()):
                self.dropped(number, referent.contents())
            self._closed = True
            self._tell([*self._entries, *self._take_dropped(), (Kind.CLOSED, perf_counter_ns())])
            self._entries.clear()
        if not self._serves_only:
            self._lock.release()

    @staticmethod
    def _outlive_a_signal() -> None:
        """A manager terminates its server where that takes a second to end; let what is to be told have its time."""
        with suppress(OSError), open(closing_mark(os.getpid()), "wb"):
            pass
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(FLUSH_S)


def describe(entry: Entry) -> Entry:
    """`entry` with descriptions in the places of what can't be marshalled."""
    items = list(entry)
    values = set(range(len(items))[VALUES[entry[0]]]) if entry[0] in VALUES else set()
    places = [
        place
        for place, item in enumerate(items)
        if not can_be_marshalled(item) or (place in values and not is_told_whole(item))
    ]
    for place in places:
        items[place] = full_text(items[place]) if is_key(entry[0], place) else described(items[place])
    return Kind.DESCRIBED, tuple(items), places


def _asking_task() -> int:
    return STAMP.unpack(present.stamp)[2]  # type: ignore[no-any-return]


_log: Log | None = None
_making = threading.Lock()


def log() -> Log:
    """This server's log, made when its first object is."""
    global _log
    if _log is None:
        with _making:
            if _log is None:
                _log = Log(channel())
    return _log


def _forget() -> None:
    global _log, _making
    _log = None
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
