"""The gate that each request of a task passes before it is served: who may go next.

One mechanism for free races, seeded jitter, and a given order of tasks. An order may be known from the start (a
recording served again) or grow while the run goes on (`ScriptedGate.extend`: a person who picks the next task).
"""

from __future__ import annotations

import random
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Protocol

    from dictrace.engine.recorder.channel import Settings

    class Gate(Protocol):
        """What requests of tasks pass before they are served. A free race has none."""

        def enter(self, task: int) -> None:
            """Wait until a request of `task` may be served."""

        def leave(self) -> None:
            """The request was served."""


JITTER_S = 0.003


class JitteredGate:
    """Delays the n-th request of each task by a time that depends on the seed, the task and n only."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._served: dict[int, int] = {}

    def enter(self, task: int) -> None:
        """Wait for the time drawn."""
        self._served[task] = self._served.get(task, 0) + 1
        time.sleep(random.Random(f"{self._seed} {task} {self._served[task]}").random() * JITTER_S)

    def leave(self) -> None:
        """Nothing waits for it."""


class ScriptedGate:
    """Serves requests in a given order of tasks; a task appears once for each of its requests.

    With a patience the order is the whole order: where the task whose turn it is sends nothing for `patience_s`, or a
    request comes after the order's end, it can't be kept; `on_divergence` is called with the reason, once, and the gate
    stays open. Without one (None) the gate waits for more of the order as long as it takes.
    """

    def __init__(self, order: Iterable[int], patience_s: float | None, on_divergence: Callable[[str], None]) -> None:
        self._order = list(order)
        self._next = 0
        self._open = False
        self._patience_s = patience_s
        self._on_divergence = on_divergence
        self._turn = threading.Condition()

    def extend(self, tasks: Iterable[int]) -> None:
        """Append to the order."""
        with self._turn:
            self._order.extend(tasks)
            self._turn.notify_all()

    def enter(self, task: int) -> None:
        """Wait for the turn of `task`."""
        with self._turn:
            while not self._open and not self._is_turn_of(task):
                before = self._next
                if self._patience_s is not None and before == len(self._order):
                    self._give_up("the recorded order ended before the run did")
                elif not self._turn.wait(self._patience_s) and self._next == before:
                    self._give_up(f"task {self._order[before]} did not ask when it was its turn")

    def leave(self) -> None:
        """Let the next one in."""
        with self._turn:
            self._next += 1
            self._turn.notify_all()

    def _is_turn_of(self, task: int) -> bool:
        return self._next < len(self._order) and self._order[self._next] == task

    def _give_up(self, reason: str) -> None:
        self._open = True
        self._turn.notify_all()
        self._on_divergence(reason)


def gate_of(settings: Settings, on_divergence: Callable[[str], None]) -> Gate | None:
    """The gate that `settings` ask for; None for a free race."""
    if settings.gate == "jittered":
        return JitteredGate(settings.seed)
    if settings.gate == "scripted":
        return ScriptedGate(settings.order, settings.patience_s, on_divergence)
    if settings.gate == "by hand":
        return ScriptedGate(settings.order, None, on_divergence)
    return None
