"""A recording in memory: rows go in one at a time, live or from a file, and everything else is read off it."""

from array import array
from collections.abc import Callable, Iterable
from typing import Any

from dictrace.engine.events import EventRow, Events
from dictrace.engine.history import History
from dictrace.engine.parties import SharedObject, Worker
from dictrace.engine.places import Place, Places
from dictrace.engine.rows import (
    AnyRow,
    DiedRow,
    EndRow,
    ExaminedRow,
    FinalRow,
    GateRow,
    GhostRow,
    HeaderRow,
    LeftRow,
    LockRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    OutputRow,
    PrivateLockRow,
    ProcessRow,
    RaisedRow,
    ReplyRow,
    Role,
    Source,
    SourceRow,
    StartRow,
    StartStep,
    TaskRow,
    TaskStep,
    UnsentRow,
    WaitRow,
)
from dictrace.engine.words import _

MAX_WORKERS = 32_767


class RecordingError(ValueError):
    """A recording that can't be read, written or continued; the text is one sentence for the person who asked."""


class Recording:
    """The rows of one run.

    Event number k (counted from 1, as a Frame's `event`) is ``events[k - 1]``; all columns of events have index k - 1.
    Rows about a process or an object may come before the row that introduces it.

    Attributes:
        header: first row.
        rows: number of rows so far, the header included; while a row is being appended, its number.
        events: rows of the events, in row order.
        event_ns: array int64, time of each event; never decreases (a time before the last one is raised to it).
        event_worker: array int16, index of the worker that did it (UNRETURNED: that the task began in), -1 for none.
        reply_ns: array int64, reply time of each op, -1 while (or where) there is none.
        failed_tasks: event number -> task that failed there: it raised, its process died in it, or it never returned.
        processes: rows of this kind.
        workers: the pool workers, by index.
        worker_of: pid -> index in `workers`, or -1 for the main program and the manager server.
        task_worker: task -> index of the worker it began in, -1 where none was seen.
        main_pid, manager_pid: process ids of the main program and of its (first) manager server, or None before they
            are known.
        managers: process ids of all manager servers.
        main_ns: when the main program was started.
        manager_ns: when the manager server ran, or None before that is known.
        starts_ns: when the main program took a step to start the server, see `StartRow`.
        objects: object number -> SharedObject, for those that were introduced.
        outputs, gates, finals, ghosts, mutex_steps: rows of these kinds.
        examined: tasks whose exception somebody looked at.
        sources: the texts of the program, as far as they were told.
        end: the last row, or None before it.
        damage: what is wrong with the file it came from, one sentence, or empty.
    """

    def __init__(self, header: HeaderRow) -> None:
        self.header = header
        self.rows = 1
        self.events = Events()
        self.event_ns = array("q")
        self.event_worker = array("h")
        self.reply_ns = array("q")
        self.failed_tasks: dict[int, int] = {}
        self.processes: list[ProcessRow] = []
        self.workers: list[Worker] = []
        self.worker_of: dict[int, int] = {}
        self.task_worker: dict[int, int] = {}
        self.main_pid: int | None = None
        self.main_ns = 0
        self.manager_pid: int | None = None
        self.manager_ns: int | None = None
        self.managers: list[int] = []
        self.starts_ns: dict[StartStep, int] = {}
        self.objects: dict[int, SharedObject] = {}
        self.outputs: list[OutputRow] = []
        self.gates: list[GateRow] = []
        self.finals: list[FinalRow] = []
        self.ghosts: list[GhostRow] = []
        self.mutex_steps: list[LockRow] = []
        self.examined: set[int] = set()
        self.sources: list[Source] = list(header.source)
        self.end: EndRow | None = None
        self.damage = ""
        self._history = History(self)
        self._places = Places()
        self._gone = 0
        self._asked: dict[tuple[int, int], int] = {}
        self._last_row: EventRow | None = None
        self._last_ns = -(1 << 63)
        # Of a request of several rows: number of the last one so far -> that of the first.
        self._first_of: dict[int, int] = {}
        self._early_replies: dict[tuple[int, int], int] = {}
        self._begun: dict[int, int | None] = {}
        # No set: the garbage collector would look through it, which takes long where there are very many tasks.
        self._ended: dict[int, None] = {}
        self._takers: dict[type, Callable[[Any], None]] = {
            HeaderRow: self._take_header,
            ProcessRow: self._take_process,
            StartRow: self._take_start,
            ObjectRow: self._take_object,
            NameRow: self._take_name,
            OpRow: self._take_op,
            ReplyRow: self._take_reply,
            WaitRow: self._take_served,
            TaskRow: self._take_task,
            RaisedRow: self._take_raised,
            UnsentRow: self._take_served,
            PrivateLockRow: self._take_private_lock,
            DiedRow: self._take_died,
            GateRow: self.gates.append,
            OutputRow: self.outputs.append,
            FinalRow: self.finals.append,
            LeftRow: self._take_left,
            GhostRow: self.ghosts.append,
            LockRow: self.mutex_steps.append,
            ExaminedRow: self._take_examined,
            SourceRow: self._take_source,
            EndRow: self._take_end,
        }

    def append(self, row: AnyRow) -> None:
        """Add a row; see `extend`."""
        self.extend((row,))

    def extend(self, rows: Iterable[AnyRow]) -> None:
        """Add rows, in order.

        Raises:
            RecordingError, OverflowError: row number `rows` is a second header or has a number out of range.
        """
        takers = self._takers
        for self.rows, row in enumerate(rows, self.rows + 1):  # noqa: B020
            takers[type(row)](row)

    @property
    def history(self) -> History:
        """The version graph and the fate of every update, of all events so far."""
        self._history.advance()
        return self._history

    @property
    def complete(self) -> bool:
        """Whether it holds the run to its last row, undamaged, and every manager server had told everything."""
        return self.end is not None and not self.end.unheard and not self.damage

    @property
    def duration_ns(self) -> int:
        """Time of the last event."""
        return self.event_ns[-1] if self.event_ns else 0

    @property
    def workers_seen(self) -> int:
        """Number of workers with at least one op of a task."""
        return sum(any(getattr(self.events[k - 1], "task", None) is not None for k in w.events) for w in self.workers)

    def places_at(self, ns: float) -> tuple[int, ...]:
        """Indices of the workers that have a place on the stage at a time, see `places`."""
        return self._places.at(self.workers, self._gone, ns)

    @property
    def places(self) -> tuple[Place, ...]:
        """All places that workers have one after the other."""
        return self._places.all(self.workers, self._gone)

    @property
    def script(self) -> str | None:
        """Name of the script that ran, None for the built-in program."""
        name = self.header.parameters.get("script")
        return name if isinstance(name, str) else None

    def file_of(self, row: object) -> str | None:
        """Name of the file that the line of a row is in; None where the program has one file, or it is not known."""
        if self.script is None or len({source.file for source in self.sources}) < 2:
            return None
        file: str | None = getattr(row, "file", None)
        return file

    def label_of(self, pid: int | None) -> str | None:
        """Label of the worker with this process id, None where it is none."""
        return self.worker_label(self.worker_of.get(pid or 0, -1))

    def server_of(self, object: int) -> int:
        """Index in `managers` of the server that has this referent."""
        known = self.objects.get(object)
        return known.server if known is not None else 0

    def connect_ns(self, worker: int) -> int | None:
        """When the worker with this index made its first request, which connects it; None where that is not known."""
        if not self.workers[worker].events:
            return None
        asked_ns: int | None = getattr(self.events[self.workers[worker].events[0] - 1], "request_ns", None)
        return asked_ns

    @property
    def start_methods(self) -> str:
        """How the workers were started, as far as that is known; empty before there are any."""
        usual = self.header.start_method
        return ", ".join(sorted({row.start_method or usual for row in self.processes if row.role is Role.WORKER}))

    def object_label(self, number: int) -> str:
        """Label of a referent, also of one that was not introduced."""
        known = self.objects.get(number)
        return (known or SharedObject(number)).label

    def slot_label(self, number: int, key: str | None) -> str:
        """A key as written in the program: ``d['test']``, ``l[3]``, ``ns.count``; for None the referent itself."""
        label = self.object_label(number)
        return label if key is None else f"{label}{key}" if key.startswith(".") else f"{label}[{key}]"

    def worker_label(self, worker: int) -> str | None:
        """Label of the worker with this index, None for -1."""
        return self.workers[worker].label if worker >= 0 else None

    def _doer(self, pid: int, task: int | None) -> int:
        """Index of the worker that did something, -1 for none; a process that is in a task is a worker."""
        worker = self.worker_of.get(pid)
        if worker is None:
            return -1 if task is None else self._worker(pid)
        return worker

    def _worker(self, pid: int) -> int:
        """Index of a worker, made where it is new."""
        worker = self.worker_of.get(pid)
        if worker is None:
            worker = len(self.workers)
            if worker == MAX_WORKERS:
                raise RecordingError(_("There are more than {n} processes.").format(n=f"{MAX_WORKERS:,}"))
            self.worker_of[pid] = worker
            self.workers.append(Worker(f"P{worker + 1}", pid))
        return worker

    def _add_event(self, row: EventRow, ns: int, worker: int) -> int:
        """The number of the new event."""
        if ns < self._last_ns:
            ns = self._last_ns
        self._last_ns = ns
        self.event_ns.append(ns)
        self.event_worker.append(worker)
        self.reply_ns.append(-1)
        self.events.append(row)
        self._last_row = row
        event = len(self.event_ns)
        if worker >= 0:
            self.workers[worker].events.append(event)
        return event

    def _take_op(self, row: OpRow) -> None:
        before = self._last_row
        worker = self._doer(row.pid, row.task)
        event = self._add_event(row, row.serve_ns, worker)
        if row.kind is OpKind.CALL:
            self.objects.setdefault(row.object, SharedObject(row.object)).calls.append(event)
        if len(self.managers) > 1 and worker >= 0 and row.object in self.objects:
            self.workers[worker].first_events.setdefault(self.objects[row.object].server, event)
        # One request may be several rows on end.
        if type(before) is OpRow and before.seq == row.seq and before.pid == row.pid:
            self._first_of[event] = self._first_of.pop(event - 1, event - 1)
            if self.reply_ns[-2] >= 0:
                self.reply_ns[-1] = self.reply_ns[-2]
                return
        request = row.pid, row.seq
        self._asked[request] = event
        if self._early_replies:
            reply_ns = self._early_replies.pop(request, -1)
            if reply_ns >= 0:
                self._take_reply(ReplyRow(row.pid, row.seq, reply_ns))

    def _take_served(self, row: OpRow | WaitRow | UnsentRow | RaisedRow) -> None:
        self._add_event(row, row.serve_ns, self._doer(row.pid, row.task))

    def _take_reply(self, row: ReplyRow) -> None:
        request = row.pid, row.seq
        event = self._asked.pop(request, None)
        if event is None:
            self._early_replies[request] = row.reply_ns
            return
        self.reply_ns[event - 1] = row.reply_ns
        for number in range(self._first_of.get(event, event), event):
            self.reply_ns[number - 1] = row.reply_ns

    def _take_raised(self, row: RaisedRow) -> None:
        self._take_served(row)
        self.failed_tasks[len(self.events)] = row.task

    def _take_died(self, row: DiedRow) -> None:
        worker = self._worker(row.pid)
        task = self._task_in(row.pid, worker)
        self._add_event(row, row.ns, worker)
        if worker >= 0:
            self.workers[worker].died_event = len(self.events)
            self.workers[worker].gone_ns = row.ns
            self._gone += 1
        if task is not None:
            self.failed_tasks[len(self.events)] = task

    def _task_in(self, pid: int, worker: int) -> int | None:
        """The task that a process is in: begun and not ended, or that of its last op where its end is not known."""
        task = self._begun.get(pid)
        if task is None and worker >= 0:
            tasks = (getattr(self.events[k - 1], "task", None) for k in reversed(self.workers[worker].events))
            task = next((task for task in tasks if task is not None), None)
        return None if task in self._ended else task

    def _take_left(self, row: LeftRow) -> None:
        worker = self.worker_of.get(row.pid, -1)
        if worker >= 0:
            self.workers[worker].gone_ns = row.ns
            self._gone += 1

    def _take_task(self, row: TaskRow) -> None:
        if row.step is TaskStep.UNRETURNED:
            self._add_event(row, row.ns, -1)
            self.event_worker[-1] = self.task_worker.setdefault(row.task, -1)
            if row.task not in self._ended:
                self.failed_tasks[len(self.events)] = row.task
        elif row.pid is not None:
            began = row.step is TaskStep.BEGIN
            index = self._worker(row.pid)
            if began:
                self.task_worker[row.task] = index
                self._begun[row.pid] = row.task
            else:
                self._ended[row.task] = None
                self._begun[row.pid] = None
            if index >= 0:
                self.workers[index].take_step(row.ns, row.task, began)

    def _take_private_lock(self, row: PrivateLockRow) -> None:
        worker = self._doer(row.pid, row.task)
        if worker >= 0:
            self.workers[worker].private_ns.append(row.ns)
            self.workers[worker].private_acquired.append(row.acquired)

    def _take_process(self, row: ProcessRow) -> None:
        self.processes.append(row)
        if row.role is Role.WORKER:
            worker = self._worker(row.pid)
            if worker >= 0:
                self.workers[worker].name, self.workers[worker].parent = row.name, row.parent
                self.workers[worker].up_ns = self.workers[worker].up_ns or row.ns
            return
        self.worker_of.setdefault(row.pid, -1)
        if row.role is Role.MANAGER:
            self.managers.append(row.pid)
            if self.manager_pid is None:
                self.manager_pid, self.manager_ns = row.pid, row.ns
        else:
            self.main_pid, self.main_ns = row.pid, row.ns

    def _take_start(self, row: StartRow) -> None:
        if row.step is not StartStep.UP:
            self.worker_of.setdefault(row.pid, -1)
            self.main_pid, self.starts_ns[row.step] = row.pid, row.ns
            return
        worker = self._worker(row.pid)
        if worker >= 0:
            self.workers[worker].up_ns = row.ns

    def _take_object(self, row: ObjectRow) -> None:
        known = self.objects.setdefault(row.object, SharedObject(row.object))
        known.typeid = row.typeid
        if row.server in self.managers:
            known.server = self.managers.index(row.server)

    def _take_name(self, row: NameRow) -> None:
        self.objects.setdefault(row.object, SharedObject(row.object)).name = row.name

    def _take_examined(self, row: ExaminedRow) -> None:
        self.examined.add(row.task)

    def _take_source(self, row: SourceRow) -> None:
        self.sources.append(row.source)

    def _take_end(self, row: EndRow) -> None:
        self._add_event(row, row.duration_ns, -1)
        self.end = row

    def _take_header(self, _row: HeaderRow) -> None:
        raise RecordingError(_("There is a second first row."))
