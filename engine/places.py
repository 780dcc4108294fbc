"""Which processes have a place on the stage: those that live, and, until somebody needs the room, those that ended.

A place is kept from the start of a process to its end, so nothing moves while it lives. A process that is new takes a
place of its own, or, once `LEAST` are taken, the one that has been free for longest.
"""

from bisect import bisect_right
from collections.abc import Sequence

from dictrace.engine.parties import Worker

LEAST = 8


class Places:
    """Follows the workers of a recording, also one that still grows."""

    def __init__(self) -> None:
        self._known: tuple[int, int] = (0, 0)
        self._starts: list[list[int]] = []
        self._members: list[list[int]] = []

    def at(self, workers: Sequence[Worker], gone: int, ns: float) -> tuple[int, ...]:
        """Indices of the workers that are shown at a time; `gone` is how many have ended so far in the recording.

        Of those that share a place it is the one that began last, before the first began the first.
        """
        if self._known != (len(workers), gone):
            self._known = len(workers), gone
            self._assign(workers)
        taken = (max(bisect_right(starts, ns) - 1, 0) for starts in self._starts)
        return tuple(members[place] for members, place in zip(self._members, taken, strict=True))

    def _assign(self, workers: Sequence[Worker]) -> None:
        self._starts, self._members = [], []
        free_ns: list[int] = []
        for index, worker in enumerate(workers):
            place = min(range(len(free_ns)), key=free_ns.__getitem__, default=0)
            if len(free_ns) < LEAST or not 0 < free_ns[place] <= worker.up_ns:
                place = len(free_ns)
                free_ns.append(0)
                self._starts.append([])
                self._members.append([])
            self._starts[place].append(max([worker.up_ns, *self._starts[place][-1:]]))
            self._members[place].append(index)
            free_ns[place] = worker.gone_ns or _NEVER


_NEVER = 1 << 62
