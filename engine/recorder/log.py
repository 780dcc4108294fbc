"""The manager server's log: one serve order for all its objects, versions held by whom, entries sent to the host.

Serving appends a tuple under the log's lock and nothing more; a thread finishes the tuples and sends them every
`PERIOD_S`. Values are kept by reference until then: what lies in the server's dict is replaced, never changed in place.
"""

import os
import threading
from multiprocessing import current_process, util
from time import perf_counter_ns
from types import TracebackType
from typing import Any, Protocol

from dictrace.engine.recorder.channel import Channel
from dictrace.engine.recorder.entries import Entry, Kind, Stamp
from dictrace.engine.recorder.gate import gate_of
from dictrace.engine.recorder.values import ABSENT, diff, text_of

PERIOD_S = 0.05

_STAMPED = frozenset({Kind.OP, Kind.FETCH, Kind.COMMIT, Kind.WAIT})

Slot = tuple[int, Any]
Copy = tuple[int, int, Any]


class Referent(Protocol):
    """What the log needs of a recorded object."""

    def final(self) -> dict[Any, Any]:
        """Its keys and values."""


class Held(dict[Slot, Copy]):
    """What one process has of each slot in its present task: number of the request, version, value.

    `older` has what it had before by number of the request: a task may commit the first of two copies.
    """

    __slots__ = ("older", "task")

    def __init__(self, task: int | None) -> None:
        super().__init__()
        self.task = task
        self.older: dict[int, Copy] = {}


class Log:
    """See the module. `lock` is held while anything is served; `gate`, where there is one, is passed before."""

    def __init__(self, channel: Channel) -> None:
        self.lock = threading.Lock()
        self.gate = gate_of(channel.settings, self._diverged)
        self._channel = channel
        self._serve = 0
        self._entries: list[Entry] = [(Kind.MANAGER, os.getpid(), current_process().name, perf_counter_ns())]
        self._objects: dict[str, int] = {}
        self._finals: list[tuple[int, Referent]] = []
        self._held: dict[int, Held] = {}
        self._labels: dict[Slot, str] = {}
        self._alike: dict[tuple[int, str], int] = {}
        self._ending = threading.Event()
        self._sending = threading.Thread(target=self._keep_sending, name="dictrace-log", daemon=True)
        self._sending.start()
        util.Finalize(None, self._close, exitpriority=20)
        channel.end_with_host()

    def add_object(self, typeid: str, referent: object) -> int:
        """Number of a new shared object."""
        with self.lock:
            number = len(self._objects) + 1
            ident = f"{id(referent):x}"
            self._objects[ident] = number
            self._entries.append((Kind.OBJECT, ident, number, typeid, perf_counter_ns()))
        return number

    def keep_final(self, number: int, referent: Referent) -> None:
        """Have what `referent` holds at the end recorded."""
        self._finals.append((number, referent))

    # What follows is called under `lock`.

    def hear(self, notes: list[Entry]) -> None:
        """Take the notes that came with a request."""
        for note in notes:
            if note[0] == Kind.UNSENT:
                self._entries.append((Kind.UNSENT, *self._tick(), *self._unsent(*note[1:])))
            elif note[0] == Kind.RAISED:
                self._entries.append((Kind.RAISED, *self._tick(), *note[1:]))
            else:
                self._entries.append(note)

    def replied(self, stamp: Stamp) -> None:
        """Log the reply that a request tells of which is not logged itself."""
        if stamp[5]:
            self._entries.append((Kind.REPLY, stamp[0], stamp[1] - 1, stamp[5]))

    def op(self, stamp: Stamp, number: int, method: str, kind: str) -> None:
        """Log a request without a key."""
        self._serve = serve = self._serve + 1
        self._entries.append((Kind.OP, serve, perf_counter_ns(), stamp, number, method, kind))

    def wait(self, stamp: Stamp, number: int) -> None:
        """Log a request for a lock that is held."""
        self._serve = serve = self._serve + 1
        self._entries.append((Kind.WAIT, serve, perf_counter_ns(), stamp, number))

    def fetch(self, stamp: Stamp, number: int, method: str, key: Any, version: int, value: Any) -> None:
        """Log a fetch of `key` at `version`."""
        self._serve = serve = self._serve + 1
        self._entries.append((Kind.FETCH, serve, perf_counter_ns(), stamp, number, method, key, version))
        self._hold(stamp, (number, key), version, value)

    def commit(self, stamp: Stamp, number: int, method: str, key: Any, version: int, old: Any, new: Any) -> None:
        """Log a commit that made `version` of `key`, and find the version that it was made from."""
        self._serve = serve = self._serve + 1
        now_ns = perf_counter_ns()
        before = self._hold(stamp, (number, key), version, new)
        base, base_value = (before[1], before[2]) if before is not None else (None, None)
        values = (base, old, new, base_value)
        self._entries.append((Kind.COMMIT, serve, now_ns, stamp, number, method, key, version, *values))

    def _hold(self, stamp: Stamp, slot: Slot, version: int, value: Any) -> Copy | None:
        """Note what the process has of `slot` now; return what the request is based on."""
        pid, seq, task, base_seq = stamp[0], stamp[1], stamp[2], stamp[6]
        held = self._held.get(pid)
        if held is None or held.task != task:
            held = self._held[pid] = Held(task)
        before = held.get(slot)
        held[slot] = (seq, version, value)
        if before is not None and task is not None:
            held.older[before[0]] = before
            if base_seq is not None and base_seq != before[0]:
                return held.older.get(base_seq, before)
        return before

    def _unsent(self, pid: int, task: int, ident: str, key: Any, seq: int, site: int, own: Any) -> Entry:
        number = self._objects[ident]
        held = self._held[pid]
        latest = held[number, key]
        base = latest if latest[0] == seq else held.older[seq]
        return pid, task, number, self._label(number, key), base[1], seq, site, own

    def _tick(self) -> tuple[int, int]:
        self._serve += 1
        return self._serve, perf_counter_ns()

    def _diverged(self, reason: str) -> None:
        self._entries.append((Kind.DIVERGED, self._serve + 1, reason))

    # What follows is the sending thread's.

    def _keep_sending(self) -> None:
        while not self._ending.wait(PERIOD_S):
            self._send()

    def _send(self) -> None:
        with self.lock:
            entries, self._entries = self._entries, []
        for i, entry in enumerate(entries):
            kind = entry[0]
            if kind in _STAMPED and entry[3][7] is not None:
                entries[i] = entry = (*entry[:3], (*entry[3][:7], None), *entry[4:])
            if kind == Kind.COMMIT:
                entries[i] = self._finished_commit(*entry)
            elif kind == Kind.FETCH and type(entry[6]) is not int:
                entries[i] = (*entry[:6], self._sent_key(entry[4], entry[6]), entry[7])
        self._channel.send(entries)

    def _finished_commit(self, kind: int, *rest: Any) -> Entry:
        serve, now_ns, stamp, number, method, key, version, base, old, new, base_value = rest
        key = self._sent_key(number, key)
        change = new if type(new) is int else diff(old, new)
        own = diff(base_value, new) if base is not None and base != version - 1 else None
        return kind, serve, now_ns, stamp, number, method, key, version, base, change, own

    def _close(self) -> None:
        self._ending.set()
        self._sending.join()
        self._send()
        self._channel.send(
            [
                (Kind.FINAL, number, self._sent_key(number, key), value if type(value) is int else diff(ABSENT, value))
                for number, referent in self._finals
                for key, value in referent.final().items()
            ]
        )

    def _sent_key(self, number: int, key: Any) -> Any:
        return key if type(key) is int else self._label(number, key)

    def _label(self, number: int, key: Any) -> str:
        """Short text of a key, told apart from other keys of the same object that look alike."""
        label = self._labels.get((number, key))
        if label is None:
            text = text_of(key)
            alike = self._alike[number, text] = self._alike.get((number, text), 0) + 1
            label = self._labels[number, key] = text if alike == 1 else f"{text} #{alike}"
        return label


class Serving:
    """One request being served: entered past the gate and under the log's lock, once the notes that came are heard."""

    __slots__ = ("_log", "_stamp")

    def __init__(self, log: Log, stamp: Stamp) -> None:
        self._log = log
        self._stamp = stamp

    def __enter__(self) -> None:
        log, stamp = self._log, self._stamp
        if log.gate is not None and stamp[2] is not None:
            log.gate.enter(stamp[2])
        log.lock.acquire()
        if stamp[7] is not None:
            log.hear(stamp[7])

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        log = self._log
        log.lock.release()
        if log.gate is not None and self._stamp[2] is not None:
            log.gate.leave()


_log: Log | None = None


def log() -> Log:
    """This server's log, made when its first object is."""
    global _log
    if _log is None:
        _log = Log(Channel())
    return _log


def _forget() -> None:
    global _log
    _log = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
