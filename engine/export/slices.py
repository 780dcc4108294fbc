"""Slices of a trace, and the tracks they lie on: on one track, two slices lie apart or one inside the other."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False)
class Slice:
    """A stretch of time of one process.

    Attributes:
        pid, group: the process, and which of its groups of tracks.
        start_ns, end_ns: closed interval; the end is not before the start.
        name, args: what it is.
        lane: number of the track within the group, see `lanes_of`.
    """

    pid: int
    group: int
    start_ns: int
    end_ns: int
    name: str
    args: dict[str, Any]
    lane: int = 0


def lanes_of(slices: list[Slice]) -> None:
    """Give each slice, all of one group, the first lane where it nests; sorts the list."""
    slices.sort(key=lambda piece: (piece.start_ns, -piece.end_ns))
    lanes: list[list[int]] = []  # ends of the slices that are open, the innermost last
    for piece in slices:
        for piece.lane, ends_ns in enumerate(lanes):
            while ends_ns and ends_ns[-1] <= piece.start_ns:
                ends_ns.pop()
            if not ends_ns or piece.end_ns <= ends_ns[-1]:
                break
        else:
            piece.lane, ends_ns = len(lanes), []
            lanes.append(ends_ns)
        ends_ns.append(piece.end_ns)
