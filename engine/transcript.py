"""Makes the rows of a recording of the entries that watched processes send. Runs in the host."""

import linecache
import re
from collections.abc import Iterable
from typing import Any

from dictrace.engine.ledger import Ledger
from dictrace.engine.recorder.entries import Entry, Kind, Stamp
from dictrace.engine.recorder.values import ABSENT, diff, from_description
from dictrace.engine.rows import (
    AnyRow,
    Change,
    DiedRow,
    FinalRow,
    GateRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    PrivateLockRow,
    ProcessRow,
    RaisedRow,
    ReplyRow,
    Role,
    StartRow,
    StartStep,
    TaskRow,
    TaskStep,
    UnsentRow,
    WaitRow,
)


class Transcript:
    """The rows of one run; times count from `origin_ns`. Entries of one process must come in order."""

    def __init__(self, origin_ns: int) -> None:
        self._origin_ns = origin_ns
        self._known: set[int] = set()
        self._sites: dict[tuple[int, int], tuple[str, int]] = {}
        self._objects: dict[str, int] = {}
        self._ledger = Ledger()
        self._rows: list[AnyRow] = []

    def rows(self, entries: Iterable[Entry]) -> list[AnyRow]:
        """The rows that `entries` make."""
        for kind, *rest in entries:
            _MAKERS[kind](self, *rest)
        rows, self._rows = self._rows, []
        return rows

    def _ns(self, stamp_ns: int) -> int:
        return stamp_ns - self._origin_ns

    def _process(self, pid: int, name: str, ns: int, role: Role | None = None) -> None:
        if pid not in self._known:
            self._known.add(pid)
            role = role or (Role.MAIN if name == "MainProcess" else Role.WORKER)
            self._rows.append(ProcessRow(pid, role, name, self._ns(ns)))

    def _manager(self, pid: int, name: str, ns: int) -> None:
        self._process(pid, name, ns, Role.MANAGER)

    def _workers(self, workers: Iterable[tuple[int, str]], ns: int) -> None:
        for pid, name in workers:
            self._process(pid, name, ns, Role.WORKER)

    def _start(self, pid: int, step: str, ns: int) -> None:
        self._rows.append(StartRow(pid, StartStep(step), self._ns(ns)))

    def _site(self, pid: int, site: int, file: str, line: int) -> None:
        self._sites[pid, site] = file, line

    def _object(self, ident: str, number: int, typeid: str, ns: int) -> None:
        self._objects[ident] = number
        self._rows.append(ObjectRow(number, typeid, self._ns(ns)))

    def _name(self, ident: str, file: str, line: int) -> None:
        """An object has the name of the variable it was first put in, where the line says so."""
        name = re.match(r"\s*(\w+)\s*=[^=]", linecache.getline(file, line))
        if name:
            self._rows.append(NameRow(self._objects[ident], name[1], line))

    def _begin(self, task: int, ns: int, pid: int) -> None:
        self._rows.append(TaskRow(task, TaskStep.BEGIN, self._ns(ns), pid))

    def _end(self, task: int, ns: int, pid: int) -> None:
        self._rows.append(TaskRow(task, TaskStep.END, self._ns(ns), pid))

    def _unreturned(self, tasks: Iterable[int], ns: int) -> None:
        self._rows.extend(TaskRow(task, TaskStep.UNRETURNED, self._ns(ns)) for task in tasks)

    def _reply(self, pid: int, seq: int, ns: int) -> None:
        self._rows.append(ReplyRow(pid, seq, self._ns(ns)))

    def _private_lock(self, pid: int, acquired: bool, ns: int, task: int | None, line: int) -> None:
        self._rows.append(PrivateLockRow(pid, acquired, self._ns(ns), task, line))

    def _died(self, pid: int, exit_code: int, ns: int) -> None:
        self._rows.append(DiedRow(pid, exit_code, self._ns(ns)))

    def _diverged(self, serve: int, reason: str) -> None:
        self._rows.append(GateRow(serve, reason))

    def _asked(self, stamp: Stamp) -> dict[str, Any]:
        """The part of a row that the client's stamp gives; a reply that it tells of becomes a row of its own."""
        pid, seq, task, site, request_ns, reply_ns, _base_seq, _notes = stamp
        if reply_ns:
            self._reply(pid, seq - 1, reply_ns)
        file, line = self._sites.get((pid, site), (None, None))
        request = self._ns(request_ns) if request_ns else None
        return {"pid": pid, "seq": seq, "task": task, "file": file, "line": line, "request_ns": request}

    def _op(self, serve: int, ns: int, stamp: Stamp, number: int, method: str, kind: str) -> None:
        asked = self._asked(stamp)
        row = OpRow(serve=serve, serve_ns=self._ns(ns), object=number, method=method, kind=OpKind(kind), **asked)
        self._rows.append(row)

    def _wait(self, serve: int, ns: int, stamp: Stamp, number: int) -> None:
        self._rows.append(WaitRow(serve=serve, serve_ns=self._ns(ns), object=number, **self._asked(stamp)))

    def _fetch(self, serve: int, ns: int, stamp: Stamp, number: int, method: str, key: Any) -> None:
        slot = number, key
        row = OpRow(
            serve=serve,
            serve_ns=self._ns(ns),
            object=number,
            method=method,
            kind=OpKind.FETCH,
            key=self._ledger.label(slot),
            version=self._ledger.fetch(stamp, slot),
            **self._asked(stamp),
        )
        self._rows.append(row)

    def _commit(self, serve: int, ns: int, stamp: Stamp, number: int, method: str, key: Any, value: Any) -> None:
        slot = number, key
        commit = self._ledger.commit(stamp, slot, value)
        row = OpRow(
            serve=serve,
            serve_ns=self._ns(ns),
            object=number,
            method=method,
            kind=OpKind.COMMIT,
            key=self._ledger.label(slot),
            version=commit.version,
            base=commit.base,
            change=Change(*commit.change),
            own=Change(*commit.own) if commit.own is not None else None,
            **self._asked(stamp),
        )
        self._rows.append(row)

    def _unsent(self, serve: int, ns: int, pid: int, task: int, ident: str, key: Any, *rest: Any) -> None:
        seq, site, own = rest
        file, line = self._sites.get((pid, site), (None, None))
        slot = self._objects[ident], key
        base, label = self._ledger.base_of(pid, slot, seq), self._ledger.label(slot)
        row = UnsentRow(serve, self._ns(ns), pid, seq, task, slot[0], label, base, Change(*own), line, file)
        self._rows.append(row)

    def _raised(self, serve: int, ns: int, pid: int, task: int, text: str, file: str | None, line: int | None) -> None:
        self._rows.append(RaisedRow(serve, self._ns(ns), pid, task, text, line, file))

    def _final(self, number: int, key: Any, value: Any) -> None:
        made = Change(*diff(ABSENT, value))
        self._rows.append(FinalRow(number, self._ledger.label((number, key)), made.added, made.value))

    def _finals(self, number: int, contents: dict[Any, Any]) -> None:
        for key, value in contents.items():
            self._final(number, key, value)

    def _described(self, entry: Entry, places: Iterable[int]) -> None:
        kind, *rest = entry
        for place in places:
            rest[place - 1] = from_description(rest[place - 1])
        _MAKERS[kind](self, *rest)


_MAKERS: dict[int, Any] = {
    number: getattr(Transcript, f"_{name.lower()}") for name, number in vars(Kind).items() if isinstance(number, int)
}
