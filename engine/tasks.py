"""The tasks of a run, out of what workers and those who ordered the tasks tell. Runs in the host."""

from collections import defaultdict
from collections.abc import Iterable

from dictrace.engine.recorder.numbers import OWN
from dictrace.engine.rows import AnyRow, TaskRow, TaskStep


class Tasks:
    """See the module. Times count from `origin_ns`; rows are appended to `rows`.

    A task that the main program gave out keeps its number; one of another process gets a number that is free.
    """

    def __init__(self, origin_ns: int, rows: list[AnyRow]) -> None:
        self._origin_ns = origin_ns
        self._rows = rows
        self._numbers: dict[int, int] = {}
        self._used: set[int] = set()
        self._highest = -1
        self._begun: set[int] = set()
        self._ended: set[int] = set()
        self._returned: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)

    def number(self, told: int) -> int:
        """Number in the recording of the task that its process calls `told`."""
        number = self._numbers.get(told)
        if number is None:
            number = told if told < 1 << OWN and told not in self._used else self._highest + 1
            self._numbers[told] = number
            self._used.add(number)
            self._highest = max(self._highest, number)
        return number

    def began(self, task: int, pid: int, ns: int) -> None:
        """It began in process `pid`."""
        if task not in self._begun:
            self._begun.add(task)
            self._append(task, TaskStep.BEGIN, ns, pid)

    def ended(self, task: int, pid: int, ns: int) -> None:
        """It ended there."""
        if task not in self._ended:
            self._ended.add(task)
            self._append(task, TaskStep.END, ns, pid)

    def returned(self, task: int, pid: int, began_ns: int, ended_ns: int) -> None:
        """Its result came back; a worker that is ended afterwards may never have told the rest."""
        self._returned[pid].append((task, began_ns, ended_ns))

    def unreturned(self, tasks: Iterable[int], ns: int) -> None:
        """Their results never came back."""
        for task in tasks:
            self._append(task, TaskStep.UNRETURNED, ns)

    def died(self, pid: int) -> None:
        """This process tells nothing more, or only what is on its way: it was in none of the tasks that returned."""
        for task, began_ns, ended_ns in self._returned.pop(pid, ()):
            self.began(task, pid, began_ns)
            self.ended(task, pid, ended_ns)

    def finish(self) -> None:
        """Nothing will come any more."""
        for pid in list(self._returned):
            self.died(pid)

    def _append(self, task: int, step: TaskStep, ns: int, pid: int | None = None) -> None:
        self._rows.append(TaskRow(self.number(task), step, ns - self._origin_ns, pid))
