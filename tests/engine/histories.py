"""Rows for tests: a small simulated manager that writes them, and a hypothesis strategy of random runs.

The simulation keeps the real values of every version, so what its rows say of changes is true by construction.
"""

from random import Random
from typing import Any

import msgspec
from hypothesis import strategies as st

from dictrace.engine.recording import Recording
from dictrace.engine.rows import (
    FORMAT,
    VERSION,
    AnyRow,
    Change,
    DiedRow,
    EndRow,
    FinalRow,
    GateMode,
    HeaderRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    Outcome,
    ProcessRow,
    RaisedRow,
    ReplyRow,
    Role,
    TaskRow,
    TaskStep,
    UnsentRow,
    WaitRow,
)

Value = dict[str, str] | str
MAIN_PID, MANAGER_PID, FIRST_WORKER_PID = 1000, 1001, 2000
STEP_NS, WAY_NS = 1000, 250
FETCH_LINE, COMMIT_LINE = 2, 5


def header(**parameters: object) -> HeaderRow:
    """A first row."""
    return HeaderRow(
        FORMAT, VERSION, "0", "3.11.2", "linux", "fork", "test", parameters, GateMode.FREE, (), "2025-01-01T00:00:00Z"
    )


def difference(old: Value | None, new: Value | None) -> Change:
    """What makes `new` of `old` (None: absent)."""
    if isinstance(new, str):
        return Change(value=new)
    before = old if isinstance(old, dict) else {}
    if new is None:
        return Change(removed=tuple(before), gone=True)
    return Change(
        added={part: text for part, text in new.items() if part not in before},
        changed={part: text for part, text in new.items() if part in before and before[part] != text},
        removed=tuple(part for part in before if part not in new),
    )


class Simulation:
    """Writes the rows of a run as its methods are called; workers are numbered from 1, as their labels are.

    Attributes:
        rows: the rows so far, without the header.
        values: (object, key) -> value of each version; version 0 is None, absent.
    """

    def __init__(self, workers: int = 2, name: str = "d", **parameters: object) -> None:
        self.header = header(**parameters)
        self.values: dict[tuple[int, str], list[Value | None]] = {}
        self.rows: list[AnyRow] = [
            ProcessRow(MAIN_PID, Role.MAIN, "MainProcess", 0),
            ProcessRow(MANAGER_PID, Role.MANAGER, "SyncManager-1", 0),
            ObjectRow(1, "dict", 0),
            NameRow(1, name, 1),
        ]
        self.rows += [
            ProcessRow(FIRST_WORKER_PID + n, Role.WORKER, f"ForkPoolWorker-{n}", 0) for n in range(1, workers + 1)
        ]
        self._serve = 0
        self._seqs: dict[int, int] = {}

    @property
    def recording(self) -> Recording:
        """A recording of the rows so far."""
        recording = Recording(self.header)
        recording.extend(self.rows)
        return recording

    def fetch(self, worker: int, task: int | None, key: str = "'test'", object: int = 1) -> int:
        """A fetch is served and replied to; gives its version."""
        version = len(self._versions(object, key)) - 1
        self._op(worker, task, OpKind.FETCH, "__getitem__", object, line=FETCH_LINE, key=key, version=version)
        return version

    def commit(
        self, worker: int, task: int | None, value: Value | None, base: int | None, key: str = "'test'", object: int = 1
    ) -> int:
        """A commit of `value` (None: the key is removed), made from version `base` (None: blind); gives its version."""
        values = self._versions(object, key)
        version = len(values)
        change = difference(values[-1], value)
        own = difference(values[base], value) if base is not None and base != version - 1 else None
        values.append(value)
        made = {"key": key, "version": version, "base": base, "change": change, "own": own}
        method = "__setitem__" if value is not None else "__delitem__"
        self._op(worker, task, OpKind.COMMIT, method, object, line=COMMIT_LINE, **made)
        return version

    def update_all(self, worker: int, task: int | None, values: dict[str, Value | None]) -> None:
        """One request commits several keys, each made from its newest version."""
        first = len(self.rows)
        for key, value in values.items():
            self.commit(worker, task, value, len(self._versions(1, key)) - 1, key)
        *_replies, last = (row for row in self.rows[first:] if isinstance(row, ReplyRow))
        ops = [row for row in self.rows[first:] if isinstance(row, OpRow)]
        self.rows[first:] = [*(msgspec.structs.replace(op, seq=last.seq, method="update") for op in ops), last]

    def update(self, worker: int, task: int | None, base: int, key: str = "'test'", **parts: str) -> int:
        """A commit of version `base` with `parts` set."""
        copy = self._versions(1, key)[base]
        assert isinstance(copy, dict)
        return self.commit(worker, task, copy | parts, base, key)

    def unsent(self, worker: int, task: int, value: Value, base: int, key: str = "'test'") -> None:
        """At the end of the task its copy of version `base` has become `value` and was not committed."""
        pid = FIRST_WORKER_PID + worker
        own = difference(self._versions(1, key)[base], value)
        self.rows.append(UnsentRow(*self._tick(), pid, 1, task, 1, key, base, own, FETCH_LINE, "test.py"))

    def raised(self, worker: int, task: int, text: str = "ValueError: no") -> None:
        """The task raises."""
        self.rows.append(RaisedRow(*self._tick(), FIRST_WORKER_PID + worker, task, text, 3, "test.py"))

    def died(self, worker: int, exit_code: int = -9) -> None:
        """The worker dies."""
        self.rows.append(DiedRow(FIRST_WORKER_PID + worker, exit_code, self._now()))

    def begin(self, worker: int, task: int) -> None:
        """The task begins in the worker."""
        self.rows.append(TaskRow(task, TaskStep.BEGIN, self._now(), FIRST_WORKER_PID + worker))

    def end(self, worker: int, task: int) -> None:
        """The task ends in the worker."""
        self.rows.append(TaskRow(task, TaskStep.END, self._now(), FIRST_WORKER_PID + worker))

    def unreturned(self, task: int) -> None:
        """The main program has seen that the task never returned."""
        self.rows.append(TaskRow(task, TaskStep.UNRETURNED, self._now()))

    def acquire(self, worker: int, task: int | None = None, object: int = 2) -> None:
        """A lock is granted."""
        self._op(worker, task, OpKind.ACQUIRE, "acquire", object)

    def release(self, worker: int, task: int | None = None, object: int = 2) -> None:
        """A lock is released."""
        self._op(worker, task, OpKind.RELEASE, "release", object)

    def read(self, worker: int, task: int | None = None, object: int = 1, method: str = "keys") -> None:
        """A request that concerns no key."""
        self._op(worker, task, OpKind.READ, method, object)

    def wait(self, worker: int, task: int | None = None, object: int = 2) -> None:
        """A lock is found held; the next op of the worker is the grant."""
        pid = FIRST_WORKER_PID + worker
        self.rows.append(WaitRow(*self._tick(), pid, self._seqs.get(pid, 0) + 1, object, task, 4, "test.py"))

    def finals(self) -> None:
        """What every key holds in the end."""
        for (object, key), values in self.values.items():
            value = values[-1]
            if isinstance(value, str):
                self.rows.append(FinalRow(object, key, value=value))
            elif value is not None:
                self.rows.append(FinalRow(object, key, value))

    def finish(self, outcome: Outcome = Outcome.FINISHED, dropped: int = 0) -> Recording:
        """The run ends; gives the recording."""
        self.rows.append(EndRow(outcome, self._now(), dropped))
        return self.recording

    def _op(
        self, worker: int, task: int | None, kind: OpKind, method: str, object: int, line: int = 4, **made: Any
    ) -> None:
        """A request of a worker (0: the main program) is served and replied to."""
        pid = FIRST_WORKER_PID + worker if worker else MAIN_PID
        seq = self._seqs[pid] = self._seqs.get(pid, 0) + 1
        serve, ns = self._tick()
        made |= {"line": line, "file": "test.py", "request_ns": ns - WAY_NS}
        row = OpRow(serve, ns, pid, seq, object, method, kind, task, **made)
        self.rows += [row, ReplyRow(pid, seq, ns + WAY_NS)]

    def _versions(self, object: int, key: str) -> list[Value | None]:
        return self.values.setdefault((object, key), [None])

    def _tick(self) -> tuple[int, int]:
        self._serve += 1
        return self._serve, self._now()

    def _now(self) -> int:
        return self._serve * STEP_NS


STEPS = ("commit",) * 10 + ("fetch", "next") * 2 + ("rewrite", "blind", "main", "outside", "unsent", "raised", "died")
STEPS += (
    "unreturned",
    "begin",
    "end",
    "read",
    "swap",
    "unsent",
    "remove",
    "remove",
    "clear",
    "make",
    "take",
    "several",
)


def changed(chance: Random, copy: Value | None) -> Value:
    """Another value, made from `copy` in small ways more often than not."""
    way = chance.randrange(8)
    if way == 0:
        return chance.choice(("5", "6"))
    parts = dict(copy) if isinstance(copy, dict) and way > 1 else {}
    for _ in range(chance.choice((1, 1, 0, 2))):
        part, text = chance.choice("0123"), chance.choice(("a", "b", ""))
        if text:
            parts[part] = text
        else:
            parts.pop(part, None)
    return parts


def _step(chance: Random, run: Simulation, tasks: list[int]) -> None:
    """One random step of a worker, in its present task."""
    worker, key = chance.randrange(1, len(tasks)), chance.choice(("'test'", "'test'", "3"))
    task = tasks[worker]
    versions = run.values.get((1, key), [None])
    base = max(0, len(versions) - 1 - chance.choice((0, 0, 0, 1, 1, 2, 3, 9)))
    copy = versions[base]
    match chance.choice(STEPS):
        case "commit":
            run.commit(worker, task, changed(chance, copy), base, key)
        case "rewrite":
            run.commit(worker, task, copy or {}, base, key)
        case "blind":
            run.commit(worker, task, changed(chance, copy), None, key)
        case "remove" if copy is not None:
            run.commit(worker, task, None, base, key)
        case "clear" if versions[-1] is not None:
            run.commit(worker, task, None, None, key)
        case "make":
            run.commit(worker, task, changed(chance, None), len(versions) - 1, key)
        case "take" if versions[-1] is not None:
            run.commit(worker, task, None, len(versions) - 1, key)
        case "several":
            run.update_all(worker, task, {"'test'": changed(chance, copy), "3": changed(chance, copy)})
        case "main":
            run.commit(0, None, changed(chance, copy), chance.choice((None, base)), key)
        case "outside":
            run.commit(worker, None, changed(chance, copy), base, key)
        case "fetch":
            run.fetch(worker, task, key)
        case "unsent":
            run.unsent(worker, task, changed(chance, copy), base, key)
        case "raised":
            run.raised(worker, task)
        case "died":
            run.died(worker)
        case "unreturned":
            run.unreturned(task)
        case "begin":
            run.begin(worker, task)
        case "end":
            run.end(worker, task)
        case "read":
            run.read(worker, task)
        case "next":
            tasks[worker] = max(tasks) + 1
        case "swap":
            tasks[worker] = chance.choice(tasks)


def simulation_of(steps: int, seed: int) -> Simulation:
    """A random run of three workers: old copies, blind writes, removals, failures of every kind.

    The same seed with fewer steps is the beginning of the same run, so a failing example shrinks to its last step.
    """
    run = Simulation(workers=3)
    tasks = [0, 1, 2, 3]
    chance = Random(seed)
    for _ in range(steps):
        _step(chance, run, tasks)
    return run


simulations = st.builds(simulation_of, st.integers(0, 60), st.integers(0, 2**32))
