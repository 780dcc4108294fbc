"""One immutable picture of a run at one position: everything a view needs to paint, and nothing it must decide.

`frame_at` is pure: the same recording and position give an equal `Frame`. Indices (process, field, cell, lock) number
what the recording holds and mean the same in every frame of it.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class ProcessState(StrEnum):
    """What a process is doing."""

    ABSENT = "not started"
    IDLE = "idle"
    WORKING = "working"
    FETCHING = "fetching"
    HOLDS_COPY = "holds copy"
    COMMITTING = "committing"
    WAITING = "waits for lock"
    ENDED = "ended"
    DIED = "died"


class CellState(Enum):
    """Fate of a cell (one key) so far; the values are those of `Cells.states`."""

    EMPTY = 0
    PRESENT = 1
    LOST = 2


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The keys of all fields as columns, one entry per cell, in the order the keys were first seen.

    Attributes:
        states: shape (cells,), uint8, values of `CellState`. LOST: an update to this key was lost and it is absent now
            (for a value without parts: the newest update to it was lost).
        writers: shape (cells,), int16, index of the process that wrote (PRESENT) or lost (LOST) it; -1: not a worker.
        fields: shape (cells,), int32, index of the field the cell is in.
        labels: short text of each key; shared between frames, so it may be longer than `states`.
    """

    states: "npt.NDArray[np.uint8]"
    writers: "npt.NDArray[np.int16]"
    fields: "npt.NDArray[np.int32]"
    labels: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cells):
            return NotImplemented
        return self.labels == other.labels and all(
            len(mine) == len(theirs) and bool((mine == theirs).all())
            for mine, theirs in (
                (self.states, other.states),
                (self.writers, other.writers),
                (self.fields, other.fields),
            )
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Fate of all updates so far; attempted = survived + overwritten + never_sent + never_ran, always."""

    attempted: int = 0
    survived: int = 0
    overwritten: int = 0
    never_sent: int = 0
    never_ran: int = 0
    blind_writes: int = 0

    @property
    def lost(self) -> int:
        """Updates lost in any of the three ways."""
        return self.overwritten + self.never_sent + self.never_ran


@dataclass(frozen=True, slots=True)
class FieldView:
    """A container whose keys are cells: a shared dict itself (``d``), or a dict held in one key of it (``d['test']``).

    Attributes:
        label: as one would write it in the program.
        version: of the key for a nested one; commits served so far for the dict itself.
        size: keys present.
        value: short text of the value where it has no parts and the field one key (``37`` for a counter), else None.
        server: index in `Frame.servers`.
    """

    label: str
    version: int
    size: int
    value: str | None
    server: int = 0


@dataclass(frozen=True, slots=True)
class BoxView:
    """A referent without keys, as a queue or an event: the last call of one of its methods.

    Attributes:
        call: as one would write it, empty before the first.
        caller: index of the process that called, None for none or one that is no worker.
        server: index in `Frame.servers`.
    """

    label: str
    typeid: str
    call: str
    caller: int | None
    server: int


@dataclass(frozen=True, slots=True)
class PrivateCopy:
    """What a process fetched and has not yet committed or dropped.

    Attributes:
        field: index of the field it is a copy of.
        base_version: version that was fetched.
        behind: versions the key has moved on since; 0 means fresh.
        cells: all cells as they were when it was served, numbered as in the frame; those of `field` that are PRESENT
            are what was fetched (None for a value without parts).
        value: short text of it where it has no parts, else None.
        own: indices of the cells that the task changes in it, known from what it later commits or never sends.
    """

    field: int
    base_version: int
    behind: int
    cells: Cells | None
    value: str | None
    own: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """A request or a reply on its way between a process and the manager server.

    Attributes:
        process: index of the process.
        up: True for a request, False for a reply.
        text: what it carries: ``get 'test'``, ``copy of v46`` (or ``<DictProxy>``, which is no copy), ``set 'test'``,
            ``v48 done``, ``acquire``, ``granted``.
        progress: 0 where it left, 1 where it arrives.
        stale: a commit made from an old version, or the reply to one.
        server: index in `Frame.servers`.
    """

    process: int
    up: bool
    text: str
    progress: float
    stale: bool
    server: int = 0


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A pool worker.

    Attributes:
        label: ``P1``, ``P2`` …
        pid: process id.
        task: number of the task it is in, or None.
        state: what it is doing.
        line: line of the request it makes or made last in this task (its caller's file), or None.
        copy: private copy it holds, or None.
        holds: index of the shared lock it holds, or None.
        holds_private: it holds a lock of its own, which excludes nobody.
        tasks_done, lost: tasks ended so far; updates of its tasks lost so far.
        connected: it has made a request, for which it connects to the manager server.
        file: name of the file that `line` is in, or None.
        name: what the program or `multiprocessing` calls it, as ``Process-3``.
        parent: label of the worker that started it, or None.
        servers: indices in `Frame.servers` of those that it is connected to.
    """

    label: str
    pid: int
    task: int | None
    state: ProcessState
    line: int | None
    copy: PrivateCopy | None
    holds: int | None
    holds_private: bool
    tasks_done: int
    lost: int
    connected: bool
    file: str | None = None
    name: str = ""
    parent: str | None = None
    servers: tuple[int, ...] = (0,)


class ServerState(Enum):
    """What there is of the manager server while a run begins."""

    ABSENT = "not started"
    STARTING = "starting"
    UP = "up"


@dataclass(frozen=True, slots=True)
class Opening:
    """How the run begins, until the first request of a worker is served.

    Attributes:
        main_pid: process id of the main program, or None.
        server: what there is of the manager server.
        packet: what is on its way between the two, `process` is -1: the server's address, which comes back over a pipe,
            a request of the main program, or the reply to it; else None.
    """

    main_pid: int | None
    server: ServerState
    packet: Packet | None


@dataclass(frozen=True, slots=True)
class LockView:
    """A shared lock in the manager server: the process that holds it (index or None) and those that wait, in order.

    `server` is an index in `Frame.servers`.
    """

    label: str
    holder: int | None
    queue: tuple[int, ...]
    server: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole run at one position.

    Attributes:
        position: by event, 0 (nothing served yet) to `events`; a fraction is a moment between two events.
        event: whole part of `position`: events that have happened.
        events: events of the whole recording so far.
        time_ns: true time of the position, ns since the start of the run.
        duration_ns: true time of the last event.
        manager_pid: process id of the (first) manager server, or None before it is known.
        fields, cells, processes, packets, locks: see their classes. Main program's requests are no packets.
        counts: fate of the updates so far.
        losses: indices of the certificates whose loss happened at this very event.
        happened: one sentence on what happened last, empty at position 0.
        live: rows may still come.
        opening: how it all begins, None once it has begun, or where that was not recorded.
        servers: process ids of all manager servers.
        boxes: referents without keys.
        shown: indices of the processes that have a place on the stage.
        ghosts: what was started and can't be followed, each said once.
    """

    position: float
    event: int
    events: int
    time_ns: int
    duration_ns: int
    manager_pid: int | None
    fields: tuple[FieldView, ...]
    cells: Cells
    processes: tuple[ProcessView, ...]
    packets: tuple[Packet, ...]
    locks: tuple[LockView, ...]
    counts: Counts
    losses: tuple[int, ...]
    happened: str
    live: bool
    opening: Opening | None
    servers: tuple[int, ...] = ()
    boxes: tuple[BoxView, ...] = ()
    shown: tuple[int, ...] = ()
    ghosts: tuple[str, ...] = ()

    @property
    def server(self) -> ServerState:
        """What there is of the manager server; a run may fail before it has one."""
        if self.opening is not None:
            return self.opening.server
        return ServerState.UP if self.manager_pid is not None or self.fields else ServerState.ABSENT
