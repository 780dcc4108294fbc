"""Makes the rows of a recording of the entries that watched processes send. Runs in the host."""

import linecache
import re
from collections.abc import Iterable
from typing import Any

from dictrace.engine.ledger import Commit, Ledger, Slot
from dictrace.engine.recorder.entries import Entry, Kind, Stamp, Step
from dictrace.engine.recorder.values import ABSENT, diff, from_description, text_of
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
        self._types: dict[int, str] = {}
        self._ledger = Ledger()
        self._serve = 0
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
        self._types[number] = typeid
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

    def _diverged(self, _serve: int, reason: str) -> None:
        self._rows.append(GateRow(self._serve + 1, reason))

    def _asked(self, stamp: Stamp) -> dict[str, Any]:
        """The part of a row that the client's stamp gives; a reply that it tells of becomes a row of its own."""
        pid, seq, task, site, request_ns, reply_ns, _base_seq, _notes = stamp
        if reply_ns:
            self._reply(pid, seq - 1, reply_ns)
        file, line = self._sites.get((pid, site), (None, None))
        request = self._ns(request_ns) if request_ns else None
        return {"pid": pid, "seq": seq, "task": task, "file": file, "line": line, "request_ns": request}

    def _op(self, _serve: int, ns: int, stamp: Stamp, number: int, method: str, kind: str) -> None:
        self._append_op(ns, self._asked(stamp), number, method, OpKind(kind))

    def _call(self, _serve: int, ns: int, stamp: Stamp, number: int, method: str, arguments: Any) -> None:
        text = ", ".join(map(text_of, arguments)) if type(arguments) is tuple else text_of(arguments)
        self._append_op(ns, self._asked(stamp), number, method, OpKind.CALL, arguments=text)

    def _append_op(self, ns: int, asked: dict[str, Any], number: int, method: str, kind: OpKind, **more: Any) -> None:
        self._serve += 1
        row = OpRow(serve=self._serve, serve_ns=self._ns(ns), object=number, method=method, kind=kind, **more, **asked)
        self._rows.append(row)

    def _wait(self, _serve: int, ns: int, stamp: Stamp, number: int) -> None:
        self._serve += 1
        self._rows.append(WaitRow(serve=self._serve, serve_ns=self._ns(ns), object=number, **self._asked(stamp)))

    def _fetch(self, _serve: int, ns: int, stamp: Stamp, number: int, method: str, key: Any) -> None:
        self._take_fetch(ns, stamp, self._asked(stamp), (number, key), method)

    def _commit(self, _serve: int, ns: int, stamp: Stamp, number: int, method: str, key: Any, value: Any) -> None:
        slot = number, key
        self._take_commit(ns, self._asked(stamp), slot, method, self._ledger.commit(stamp, slot, value))

    def _steps(self, _serve: int, ns: int, stamp: Stamp, number: int, method: str, *flat: Any) -> None:
        asked = self._asked(stamp)
        steps = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        for step, key, value in steps:
            slot = number, key
            if step == Step.FETCH:
                self._take_fetch(ns, stamp, asked, slot, method)
            elif step == Step.FETCH_ALL:
                self._ledger.fetch_all(stamp, number)
            else:
                decide = self._ledger.make if step in (Step.MAKE, Step.TAKE) else self._ledger.commit
                made = decide(stamp, slot, ABSENT if step in (Step.REMOVE, Step.TAKE) else value)
                self._take_commit(ns, asked, slot, method, made)
        if not steps or steps[0][0] == Step.FETCH_ALL:
            self._append_op(ns, asked, number, method, OpKind.READ)

    def _take_fetch(self, ns: int, stamp: Stamp, asked: dict[str, Any], slot: Slot, method: str) -> None:
        version = self._ledger.fetch(stamp, slot)
        self._append_op(ns, asked, slot[0], method, OpKind.FETCH, key=self._label(slot), version=version)

    def _take_commit(self, ns: int, asked: dict[str, Any], slot: Slot, method: str, commit: Commit) -> None:
        self._append_op(
            ns,
            asked,
            slot[0],
            method,
            OpKind.COMMIT,
            key=self._label(slot),
            version=commit.version,
            base=commit.base,
            change=Change(*commit.change),
            own=Change(*commit.own) if commit.own is not None else None,
        )

    def _label(self, slot: Slot) -> str | None:
        """Short text of a key: a `Value` has none, an attribute is written without quotes."""
        typeid = self._types.get(slot[0])
        if typeid == "Value":
            return None
        return str(slot[1]) if typeid == "Namespace" else self._ledger.label(slot)

    def _unsent(self, _serve: int, ns: int, pid: int, task: int, ident: str, key: Any, *rest: Any) -> None:
        seq, site, own = rest
        file, line = self._sites.get((pid, site), (None, None))
        slot = self._objects.get(ident, 0), key
        base = self._ledger.base_of(pid, slot, seq)
        if base is None:
            return  # it was no copy of a key: an item of a queue, say
        self._serve += 1
        label = self._label(slot)
        row = UnsentRow(self._serve, self._ns(ns), pid, seq, task, slot[0], label, base, Change(*own), line, file)
        self._rows.append(row)

    def _raised(self, _serve: int, ns: int, pid: int, task: int, text: str, file: str | None, line: int | None) -> None:
        self._serve += 1
        self._rows.append(RaisedRow(self._serve, self._ns(ns), pid, task, text, line, file))

    def _finals(self, number: int, *flat: Any) -> None:
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            made = Change(*diff(ABSENT, value))
            self._rows.append(FinalRow(number, self._label((number, key)), made.added, made.value))

    def _described(self, entry: Entry, places: Iterable[int]) -> None:
        kind, *rest = entry
        for place in places:
            rest[place - 1] = from_description(rest[place - 1])
        _MAKERS[kind](self, *rest)


_MAKERS: dict[int, Any] = {
    number: getattr(Transcript, f"_{name.lower()}") for name, number in vars(Kind).items() if isinstance(number, int)
}
