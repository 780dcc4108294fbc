"""What takes part in a run, as a recording knows it: its workers and its referents."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Worker:
    """A pool worker. Columns are append-only, but for the steps: its last ones come on another way and may come early.

    Attributes:
        label: ``P1``, ``P2`` …
        pid, name: process id and name (empty while unknown).
        up_ns: when it ran (its own clock), or else when the main program had started it; 0 while unknown.
        events: array int64, numbers of the events of this process (ops, waits, raised, unsent, died), ascending.
        step_ns, step_tasks, step_began: per TaskRow of this process (BEGIN or END), by time: the time, the task, 1 for
            BEGIN and 0 for END.
        private_ns, private_acquired: per PrivateLockRow of this process: time, 1 acquired or 0 released.
        died_event: number of the event of its death, or 0.
        parent: process id of who started it, or None.
        gone_ns: when it died, or ended in good order while the run went on (its host's clock); 0 while it lives.
        first_events: server (index in `Recording.managers`) -> its first event there.
    """

    label: str
    pid: int
    name: str = ""
    up_ns: int = 0
    events: "array[int]" = field(default_factory=lambda: array("q"))
    step_ns: "array[int]" = field(default_factory=lambda: array("q"))
    step_tasks: "array[int]" = field(default_factory=lambda: array("q"))
    step_began: "array[int]" = field(default_factory=lambda: array("b"))
    private_ns: "array[int]" = field(default_factory=lambda: array("q"))
    private_acquired: "array[int]" = field(default_factory=lambda: array("b"))
    died_event: int = 0
    parent: int | None = None
    gone_ns: int = 0
    first_events: dict[int, int] = field(default_factory=dict)

    def take_step(self, ns: int, task: int, began: bool) -> None:
        """Put the beginning or the end of a task where it belongs by its time."""
        place = len(self.step_ns)
        if place and ns < self.step_ns[-1]:
            place = bisect_right(self.step_ns, ns)
        self.step_ns.insert(place, ns)
        self.step_tasks.insert(place, task)
        self.step_began.insert(place, began)


@dataclass(slots=True, eq=False)
class SharedObject:
    """A referent.

    Attributes:
        typeid: empty while unknown.
        name: the variable that its first proxy was assigned to, or empty.
        server: index in `Recording.managers` of the one that has it.
        calls: events of the methods called on it that are neither a fetch nor a commit, nor of a lock.
    """

    number: int
    typeid: str = ""
    name: str = ""
    server: int = 0
    calls: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def label(self) -> str:
        """``d``, or ``dict 1`` where no name is known."""
        return self.name or f"{self.typeid or 'object'} {self.number}"
