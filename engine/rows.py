"""The rows of a recording: what travels from the processes to the screen and into a file, one JSON line each.

All times end in ``_ns``: nanoseconds of `time.perf_counter_ns`, counted from the start of the run. Times named
``serve_ns`` were stamped inside the manager server, under one lock with the serve number, so their order is observed;
every other time is a clock reading of another process. Values appear as short texts only, never pickled.

Served steps (`OpRow`, `WaitRow`, `UnsentRow`, `RaisedRow`) carry ``serve``: 1, 2, 3 … in the order of that server.
"""

from enum import StrEnum
from typing import Annotated, Any

import msgspec

FORMAT = "dictrace"
VERSION = 1

MAX_NUMBER = 1 << 53
Whole = Annotated[int, msgspec.Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]
"""A number that a run can have: what is decoded has no other."""


class OpKind(StrEnum):
    """What a served request did to the referent."""

    FETCH = "fetch"
    COMMIT = "commit"
    READ = "read"
    ACQUIRE = "acquire"
    RELEASE = "release"
    CALL = "call"


class Role(StrEnum):
    """What a process is there for."""

    MAIN = "main"
    MANAGER = "manager"
    WORKER = "worker"


class GateMode(StrEnum):
    """Who decides the serve order: the race itself, seeded delays, a recorded order, or a person."""

    FREE = "free"
    JITTERED = "jittered"
    SCRIPTED = "scripted"
    BY_HAND = "by hand"


class Outcome(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class Change(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What differs between two values of a key.

    Attributes:
        added, changed: short text of each part (dict key, list index, set member, attribute) -> short text of its new
            value.
        removed: short text of each part that is gone.
        value: short text of the whole new value where it has no parts (a number, a string, a proxy); else None.
        gone: the key itself was removed, and all its parts with it.
    """

    added: dict[str, str] = {}
    changed: dict[str, str] = {}
    removed: tuple[str, ...] = ()
    value: str | None = None
    gone: bool = False


class Source(msgspec.Struct, frozen=True):
    """Source text that ran: `text` starts at line `first_line` of `file` (a name, no path of the machine)."""

    file: str
    first_line: Whole
    text: str


class Row(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="row", gc=False):
    """Base of all rows; ``row`` names the kind in JSON."""


class HeaderRow(Row, frozen=True, tag="header"):
    """First row: what was run, where and how.

    Attributes:
        format, version: always `FORMAT` and the format's version.
        program: version of dictrace.
        python, platform: version and ``sys.platform`` of the interpreter that ran it.
        start_method: fork, forkserver or spawn.
        what: a preset's name or a script's.
        parameters: the experiment's settings.
        gate: who decided the serve order.
        source: the functions that ran, as written.
        recorded: date and time, UTC, ISO 8601.
    """

    format: str
    version: Whole
    program: str
    python: str
    platform: str
    start_method: str
    what: str
    parameters: dict[str, Any]
    gate: GateMode
    source: tuple[Source, ...]
    recorded: str


class ProcessRow(Row, frozen=True, tag="process"):
    """A process that takes part. Workers are called P1, P2 … in the order of these rows.

    Attributes:
        parent: the process that started it, where it is known.
        start_method: how it was started: fork, forkserver or spawn; None for the main program.
    """

    pid: Whole
    role: Role
    name: str
    ns: Whole
    parent: Whole | None = None
    start_method: str | None = None


class StartStep(StrEnum):
    """A step in the start of a run's processes."""

    SPAWN = "spawn"
    ADDRESS = "address"
    UP = "up"


class StartRow(Row, frozen=True, tag="start"):
    """A clock reading of process `pid` while the processes are started.

    SPAWN: the main program began to start the manager server; ADDRESS: it had the server's address, which came back
    over a pipe; UP: a worker runs.
    """

    pid: Whole
    step: StartStep
    ns: Whole


class ObjectRow(Row, frozen=True, tag="object"):
    """A referent: `object` numbers it within the run, `typeid` is ``dict``, ``Lock`` …

    Attributes:
        server: process id of the manager server that has it, where that is known.
    """

    object: Whole
    typeid: str
    ns: Whole
    server: Whole | None = None


class NameRow(Row, frozen=True, tag="name"):
    """The variable that a referent's first proxy was assigned to, read off the source line that made it."""

    object: Whole
    name: str
    line: Whole


class OpRow(Row, frozen=True, tag="op"):
    """A request served by the manager.

    Attributes:
        serve, serve_ns: place in the serve order and time of serving.
        pid, seq: the process that asked, and the number of its request; together they name the request.
        task: number of the task that asked, or None outside tasks.
        object, method, kind: the referent, the method called on it, what that did.
        key: short text of the key (``'test'``), or None where the method has none.
        version: of that key: the one fetched, or the one this commit made.
        base: commits: version of the copy that this was made from; None for a blind write.
        change: commits: against the version before.
        own: commits whose base is not the version before, or that change nothing: against the base, that is, the
            update itself.
        arguments: calls: short text of what was passed.
        line: line of the caller in its file.
        file: name of the caller's file.
        request_ns: when the client sent it (its clock).

    A request that fetched or committed several keys is one row for each, with the same pid and seq.
    """

    serve: Whole
    serve_ns: Whole
    pid: Whole
    seq: Whole
    object: Whole
    method: str
    kind: OpKind
    task: Whole | None = None
    key: str | None = None
    version: Whole | None = None
    base: Whole | None = None
    change: Change | None = None
    own: Change | None = None
    arguments: str | None = None
    line: Whole | None = None
    file: str | None = None
    request_ns: Whole | None = None


class ReplyRow(Row, frozen=True, tag="reply"):
    """When process `pid` had the answer to its request `seq` (its clock). May come long after the op's own row."""

    pid: Whole
    seq: Whole
    reply_ns: Whole


class WaitRow(Row, frozen=True, tag="wait"):
    """A request for a lock found it held and waits in the server; its `OpRow` (same pid and seq) follows when granted.

    The attributes are as in `OpRow`.
    """

    serve: Whole
    serve_ns: Whole
    pid: Whole
    seq: Whole
    object: Whole
    task: Whole | None = None
    line: Whole | None = None
    file: str | None = None
    request_ns: Whole | None = None


class TaskStep(StrEnum):
    """A step in the life of a task."""

    BEGIN = "begin"
    END = "end"
    UNRETURNED = "unreturned"


class TaskRow(Row, frozen=True, tag="task"):
    """A task began or ended in process `pid` (its clock), or, as the main program saw it, never returned."""

    task: Whole
    step: TaskStep
    ns: Whole
    pid: Whole | None = None


class RaisedRow(Row, frozen=True, tag="raised"):
    """A task left its function by an exception, `text`, at `line` of `file`; told to the server at once.

    `traceback` is the whole of it, as Python prints it, with no path of the machine in it.
    """

    serve: Whole
    serve_ns: Whole
    pid: Whole
    task: Whole
    text: str
    line: Whole | None = None
    file: str | None = None
    traceback: str = ""


class ExaminedRow(Row, frozen=True, tag="examined"):
    """Who had ordered a task that raised looked at its exception, by `get` or in a callback (clock of that process)."""

    task: Whole
    ns: Whole


class UnsentRow(Row, frozen=True, tag="unsent"):
    """At the end of its task a fetched private copy had changes that were never committed.

    Attributes:
        base: version of `key` that was fetched, by request `seq`, at `line` of `file`.
        own: what the task changed in its copy.
    """

    serve: Whole
    serve_ns: Whole
    pid: Whole
    seq: Whole
    task: Whole
    object: Whole
    key: str | None
    base: Whole
    own: Change
    line: Whole | None = None
    file: str | None = None


class PrivateLockRow(Row, frozen=True, tag="private_lock"):
    """Process `pid` acquired or released a lock that no other process can have; nobody else takes part in it."""

    pid: Whole
    acquired: bool
    ns: Whole
    task: Whole | None = None
    line: Whole | None = None


class DiedRow(Row, frozen=True, tag="died"):
    """A process ended without being asked to; negative `exit_code` is the signal, None: nobody knows it."""

    pid: Whole
    exit_code: Whole | None
    ns: Whole


class LeftRow(Row, frozen=True, tag="left"):
    """A process ended in good order, while the run went on."""

    pid: Whole
    ns: Whole


class GhostRow(Row, frozen=True, tag="ghost"):
    """Process `pid` started something that can't be followed: a program called `text`, or a manager elsewhere."""

    pid: Whole
    text: str
    ns: Whole


class LockRow(Row, frozen=True, tag="mutex"):
    """A `multiprocessing.Lock` or ``RLock`` that several processes may have: made, acquired or released by `pid`.

    Attributes:
        maker, lock: the process that made it and its number there; together they name the lock.
    """

    maker: Whole
    lock: Whole
    pid: Whole
    step: str
    ns: Whole
    task: Whole | None = None
    line: Whole | None = None
    file: str | None = None


class SourceRow(Row, frozen=True, tag="source"):
    """The text of one more file of the program, told when a line of it is first seen."""

    source: Source


class GateRow(Row, frozen=True, tag="gate"):
    """From `serve` on, the wanted order could not be kept: `text` says why; later requests were served as they came."""

    serve: Whole
    text: str


class OutputRow(Row, frozen=True, tag="output"):
    """What the program printed on `stream` (stdout or stderr)."""

    stream: str
    text: str
    ns: Whole


class FinalRow(Row, frozen=True, tag="final"):
    """What a key of a referent really held when its server ended, read off the referent itself.

    `parts` as in `Change.added`; `value` as in `Change.value`.
    """

    object: Whole
    key: str | None
    parts: dict[str, str] = {}
    value: str | None = None


class EndRow(Row, frozen=True, tag="end"):
    """Last row: how the run ended.

    Attributes:
        dropped: rows left out because a limit was reached.
        dropped_bytes: output of the program left out because a limit was reached.
        status: exit status of the program; negative: the signal that ended it.
        unheard: manager servers that ended before they had told everything; their last rows are missing.
    """

    outcome: Outcome
    duration_ns: Whole
    dropped: Whole
    text: str = ""
    dropped_bytes: Whole = 0
    status: Whole | None = None
    unheard: Whole = 0


AnyRow = (
    HeaderRow
    | ProcessRow
    | StartRow
    | ObjectRow
    | NameRow
    | OpRow
    | ReplyRow
    | WaitRow
    | TaskRow
    | RaisedRow
    | ExaminedRow
    | UnsentRow
    | PrivateLockRow
    | LockRow
    | DiedRow
    | LeftRow
    | GhostRow
    | SourceRow
    | GateRow
    | OutputRow
    | FinalRow
    | EndRow
)
