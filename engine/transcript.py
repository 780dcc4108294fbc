"""Makes the rows of a recording of the entries that watched processes send. Runs in the host."""

import linecache
from collections.abc import Iterable
from typing import Any

from dictrace.engine.ledger import Commit, Ledger, Slot
from dictrace.engine.merger import Merger
from dictrace.engine.naming import Names
from dictrace.engine.recorder.entries import STAMPED, Entry, Kind, Step
from dictrace.engine.recorder.values import ABSENT, diff, from_description
from dictrace.engine.roster import Roster
from dictrace.engine.rows import (
    AnyRow,
    Change,
    ExaminedRow,
    FinalRow,
    GateRow,
    GhostRow,
    LockRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    PrivateLockRow,
    RaisedRow,
    ReplyRow,
    Role,
    SourceRow,
    StartRow,
    StartStep,
    UnsentRow,
    WaitRow,
)
from dictrace.engine.sources import Sources
from dictrace.engine.stamp import Stamp
from dictrace.engine.tasks import Tasks


class Transcript:
    """The rows of one run; times count from `origin_ns`. Entries of one process must come in order.

    Each entry comes from a `source`, the number of a connection to the host. Files are named as `sources` names them.

    Attributes:
        roster: the processes.
        unclosed: process ids of the manager servers that have not said that they told everything.
    """

    def __init__(self, origin_ns: int, sources: Sources) -> None:
        self._origin_ns = origin_ns
        self._rows: list[AnyRow] = []
        self.roster = Roster(origin_ns, self._rows)
        self._sources = sources
        self._merger = Merger()
        self._source = 0
        self._tasks = Tasks(origin_ns, self._rows)
        self._sites: dict[tuple[int, int], tuple[str, int]] = {}
        self._objects: dict[Any, int] = {}
        self._names = Names()
        self._early_names: dict[Any, tuple[str, int]] = {}
        self._numbers: dict[tuple[int, int], int] = {}
        self._types: dict[int, str] = {}
        self._ledger = Ledger()
        self._serve = 0
        self._servers: dict[int, int] = {}
        self.unclosed: set[int] = set()

    def rows(self, entries: Iterable[Entry], source: int = 0) -> list[AnyRow]:
        """The rows that `entries` make, as far as their place among those of other servers is known."""
        return self._made(self._merger.pass_on(source, entries))

    def finish(self) -> list[AnyRow]:
        """The last rows: nothing will come any more."""
        rows = self._made(self._merger.finish())
        self._tasks.finish()
        self.roster.finish()
        return [*rows, *self._made(())]

    def _made(self, entries: Iterable[tuple[int, Entry]]) -> list[AnyRow]:
        for self._source, entry in entries:
            self._make(*entry)
        rows = self._rows[:]
        self._rows.clear()
        return rows

    def _make(self, kind: int, *items: Any) -> None:
        if kind in STAMPED:
            ns, stamp, *rest = items
            items = ns, Stamp.unpacked(stamp), *rest
        _MAKERS[kind](self, *items)

    def _ns(self, stamp_ns: int) -> int:
        return stamp_ns - self._origin_ns

    def _process(self, pid: int, name: str, ns: int, role: str, parent: int, method: str) -> None:
        self.roster.came(pid, name, ns, role, parent, method)

    def _hello(self, pid: int, name: str, ns: int, role: str, parent: int, method: str) -> None:
        self.roster.came(pid, name, ns, role, parent, method)
        self.roster.said_hello(self._source, pid)
        if role == Role.MANAGER:
            self.unclosed.add(pid)

    def _manager(self, pid: int, name: str, ns: int) -> None:
        self.roster.came(pid, name, ns, "manager", 0, "")
        self._servers[self._source] = pid
        self.unclosed.add(pid)

    def _closed(self, _ns: int) -> None:
        self.unclosed.discard(self._servers[self._source])

    def _asked(self, pid: int) -> None:
        self.roster.is_asked(pid)

    def _all_asked(self) -> None:
        self.roster.all_are_asked()

    def _goodbye(self, pid: int, _ns: int) -> None:
        self.roster.left(pid)

    def _exited(self, pid: int, exit_code: int, ns: int) -> None:
        if exit_code:
            self._tasks.died(pid)
        self.roster.exited(pid, exit_code, ns)

    def _gone(self, ns: int) -> None:
        self.roster.gone(self._source, ns)

    def _ghost(self, pid: int, text: str, ns: int) -> None:
        self._rows.append(GhostRow(pid, text, self._ns(ns)))

    def _start(self, pid: int, step: str, ns: int) -> None:
        self._rows.append(StartRow(pid, StartStep(step), self._ns(ns)))

    def _site(self, pid: int, site: int, file: str, line: int) -> None:
        self._sites[pid, site] = self._file(file), line

    def _file(self, path: str) -> str:
        """The name a file is shown by; its text is told when it is first named."""
        name, source = self._sources.look_up(path)
        if source is not None:
            self._rows.append(SourceRow(source))
        return name

    def _object(self, address: Any, ident: str, number: int, typeid: str, ns: int) -> None:
        number = self._number(number)
        self._objects[address, ident] = number
        self._types[number] = typeid
        self._rows.append(ObjectRow(number, typeid, self._ns(ns), self._servers.get(self._source)))
        if (address, ident) in self._early_names:
            self._name(address, ident, *self._early_names.pop((address, ident)))

    def _number(self, number: int) -> int:
        """The number in the recording of an object that its server calls `number`."""
        return self._numbers.setdefault((self._source, number), len(self._numbers) + 1)

    def _name(self, address: Any, ident: str, file: str, line: int) -> None:
        """An object has the name of the variable it was first put in, where the line says so."""
        number = self._objects.get((address, ident))
        if number is None:
            self._early_names[address, ident] = file, line  # its server has yet to tell of it
            return
        text = linecache.getline(self._sources.path(file), line)
        name = self._names.next(file, line, text, self._types[number])
        if name is not None:
            self._rows.append(NameRow(number, name, line))

    def _begin(self, task: int, ns: int, pid: int) -> None:
        self._tasks.began(task, pid, ns)

    def _end(self, task: int, ns: int, pid: int) -> None:
        self._tasks.ended(task, pid, ns)

    def _returned(self, task: int, pid: int, began_ns: int, ended_ns: int) -> None:
        self._tasks.returned(task, pid, began_ns, ended_ns)

    def _unreturned(self, tasks: Iterable[int], ns: int) -> None:
        self._tasks.unreturned(tasks, ns)

    def _examined(self, task: int, ns: int) -> None:
        self._rows.append(ExaminedRow(self._tasks.number(task), self._ns(ns)))

    def _reply(self, pid: int, seq: int, ns: int) -> None:
        self._rows.append(ReplyRow(pid, seq, self._ns(ns)))

    def _lock(self, pid: int, maker: int, lock: int, step: str, ns: int, *where: Any) -> None:
        task, file, line = where
        number = self._tasks.number(task) if task is not None else None
        if maker != pid or self.roster.is_main(pid):
            self._rows.append(LockRow(maker, lock, pid, step, self._ns(ns), number, line, self._file(file)))
        elif step != "made":
            self._rows.append(PrivateLockRow(pid, step == "acquired", self._ns(ns), number, line))

    def _diverged(self, reason: str) -> None:
        self._rows.append(GateRow(self._serve + 1, reason))

    def _who(self, stamp: Stamp) -> dict[str, Any]:
        """The part of a row that the client's stamp gives; a reply that it tells of becomes a row of its own."""
        if stamp.reply_ns:
            self._reply(stamp.pid, stamp.seq - 1, stamp.reply_ns)
        file, line = self._sites.get((stamp.pid, stamp.site), (None, None))
        request = self._ns(stamp.request_ns) if stamp.request_ns else None
        task = self._tasks.number(stamp.task) if stamp.task is not None else None
        return {"pid": stamp.pid, "seq": stamp.seq, "task": task, "file": file, "line": line, "request_ns": request}

    def _op(self, ns: int, stamp: Stamp, number: int, method: str, kind: str) -> None:
        number = self._number(number)
        self._append_op(ns, self._who(stamp), number, method, OpKind(kind))

    def _call(self, ns: int, stamp: Stamp, number: int, method: str, arguments: str) -> None:
        number = self._number(number)
        self._append_op(ns, self._who(stamp), number, method, OpKind.CALL, arguments=arguments)

    def _append_op(self, ns: int, asked: dict[str, Any], number: int, method: str, kind: OpKind, **more: Any) -> None:
        self._serve += 1
        row = OpRow(serve=self._serve, serve_ns=self._ns(ns), object=number, method=method, kind=kind, **more, **asked)
        self._rows.append(row)

    def _wait(self, ns: int, stamp: Stamp, number: int) -> None:
        number = self._number(number)
        self._serve += 1
        self._rows.append(WaitRow(serve=self._serve, serve_ns=self._ns(ns), object=number, **self._who(stamp)))

    def _fetch(self, ns: int, stamp: Stamp, number: int, method: str, key: Any) -> None:
        number = self._number(number)
        self._take_fetch(ns, stamp, self._who(stamp), (number, key), method)

    def _commit(self, ns: int, stamp: Stamp, number: int, method: str, key: Any, value: Any) -> None:
        number = self._number(number)
        slot = number, key
        self._take_commit(ns, self._who(stamp), slot, method, self._ledger.commit(stamp, slot, value))

    def _steps(self, ns: int, stamp: Stamp, number: int, method: str, *flat: Any) -> None:
        number = self._number(number)
        asked = self._who(stamp)
        steps = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        for step, key, value in steps:
            slot = number, key
            if step == Step.FETCH:
                self._take_fetch(ns, stamp, asked, slot, method)
            elif step == Step.FETCH_ALL:
                self._ledger.fetch_all(stamp, number)
            elif step == Step.MISS:
                version, label = self._ledger.fetch(stamp, slot), self._label(slot)
                self._append_op(ns, asked, number, method, OpKind.READ, key=label, version=version)
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

    def _label(self, slot: Slot) -> str:
        """Short text of a key, an attribute's with its dot."""
        typeid = self._types.get(slot[0])
        if typeid == "Value":
            return ".value"
        return f".{slot[1]}" if typeid == "Namespace" else self._ledger.label(slot)

    def _unsent(self, ns: int, pid: int, task: int, _ident: Any, _key: Any, *rest: Any) -> None:
        seq, site, own = rest
        file, line = self._sites.get((pid, site), (None, None))
        task = self._tasks.number(task)
        fetched = self._ledger.fetched(pid, seq)
        if fetched is None:
            return  # it was no copy of a key: what a method of another object gave, say
        slot, base = fetched
        self._serve += 1
        label = self._label(slot)
        row = UnsentRow(self._serve, self._ns(ns), pid, seq, task, slot[0], label, base, Change(*own), line, file)
        self._rows.append(row)

    def _raised(self, ns: int, pid: int, task: int, text: str, *where: Any) -> None:
        file, line, traceback = where
        self._serve += 1
        name = self._file(file) if file else None
        told = self._sources.without_paths(traceback)
        self._rows.append(RaisedRow(self._serve, self._ns(ns), pid, self._tasks.number(task), text, line, name, told))

    def _finals(self, number: int, *flat: Any) -> None:
        number = self._number(number)
        for key, value in zip(flat[::2], flat[1::2], strict=True):
            made = Change(*diff(ABSENT, value))
            self._rows.append(FinalRow(number, self._label((number, key)), made.added, made.value))

    def _described(self, entry: Entry, places: Iterable[int]) -> None:
        items = list(entry)
        for place in places:
            items[place] = from_description(items[place])
        self._make(*items)


_MAKERS: dict[int, Any] = {
    number: getattr(Transcript, f"_{name.lower()}")
    for name, number in vars(Kind).items()
    if not name.startswith("_") and number != Kind.NOW  # 3.13 gives each class a number of its own
}
