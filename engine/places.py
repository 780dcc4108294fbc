"""Which processes have a place to be shown at: those that live, and, until somebody needs the room, those that ended.

A place is kept from the start of a process to its end, so nothing moves while it lives. A process that is new takes a
place of its own, or, once `LEAST` are taken, the one that has been free for longest.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from dictrace.engine.parties import Worker

LEAST = 8


@dataclass(frozen=True, slots=True)
class Place:
    """One place: indices of the workers that have it one after the other, at least one, and when each of them began."""

    members: tuple[int, ...]
    starts_ns: tuple[int, ...]

    def at(self, ns: float) -> int:
        """Who has it at a time: the one that began last, before the first began the first."""
        return self.members[max(bisect_right(self.starts_ns, ns) - 1, 0)]


class Places:
    """Follows the workers of a recording, also one that still grows."""

    def __init__(self) -> None:
        self._known: tuple[int, int] = (0, 0)
        self._all: tuple[Place, ...] = ()

    def all(self, workers: Sequence[Worker], gone: int) -> tuple[Place, ...]:
        """Every place; `gone` is how many workers have ended so far in the recording."""
        if self._known != (len(workers), gone):
            self._known = len(workers), gone
            self._all = _assigned(workers)
        return self._all

    def at(self, workers: Sequence[Worker], gone: int, ns: float) -> tuple[int, ...]:
        """Indices of the workers that are shown at a time."""
        return tuple(place.at(ns) for place in self.all(workers, gone))


def _assigned(workers: Sequence[Worker]) -> tuple[Place, ...]:
    starts: list[list[int]] = []
    members: list[list[int]] = []
    free_ns: list[int] = []
    for index, worker in enumerate(workers):
        place = min(range(len(free_ns)), key=free_ns.__getitem__, default=0)
        if len(free_ns) < LEAST or not 0 < free_ns[place] <= worker.up_ns:
            place = len(free_ns)
            free_ns.append(0)
            starts.append([])
            members.append([])
        starts[place].append(max([worker.up_ns, *starts[place][-1:]]))
        members[place].append(index)
        free_ns[place] = worker.gone_ns or _NEVER
    return tuple(Place(tuple(own), tuple(own_ns)) for own, own_ns in zip(members, starts, strict=True))


_NEVER = 1 << 62
