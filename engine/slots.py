"""The version graph of one key: an edge leads from each version to the version its copy was fetched at.

The *chain* is the path from the newest version to its oldest ancestor. A commit made from the newest version makes the
chain longer. A commit made from an older one leads around what came between, which leaves the chain, *dies*; and where
that older version was dead itself, it comes back with its own ancestors. For example, with an edge ``4 -> 2`` for
"version 4 was made from version 2":

    1, 2 -> 1        chain 1 2
    3 -> 1           chain 1 3      2 died
    4 -> 2           chain 1 2 4    3 died, 2 came back
    5 -> 4           chain 1 2 4 5
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence

NO_CELL_YET = -2


class Slot:
    """One key of one referent. A version's *ordinal* is its place among the commits, counted from 0.

    Attributes:
        object, key: the referent's number and the short text of the key (None: the referent as a whole).
        events: array int64, by ordinal: number of the event that committed it, ascending.
        versions: array int64, by ordinal: its version number, ascending.
        parents: array int64, by ordinal: ordinal of the version that it was made from, -1 for none.
        alive: by ordinal: 1 while it is on the chain.
        odd: by ordinal: 1 where it is a blind write or of the main program, and may have written more cells than its
            updates have.
        starts: array int64, by ordinal, and one more: index of the first update of a version.
        written: array int64, by index of an update: its cell; -1 where it has none, `NO_CELL_YET` where it will have
            that of the key itself.
        served: array int64, by index of an update: event of its version.
        lost: array int64, by index of an update: index of its loss, -1 while it is not lost.
        part_cells: label of a part -> index of its cell.
        value_cell: index of the cell of the key itself, -1 where it never held a value without parts.
        field: index of the field of its parts, -1 where it never had any.
    """

    __slots__ = (
        "_chain",
        "alive",
        "events",
        "field",
        "key",
        "lost",
        "object",
        "odd",
        "parents",
        "part_cells",
        "served",
        "starts",
        "value_cell",
        "versions",
        "written",
    )

    def __init__(self, object: int, key: str | None) -> None:
        self.object = object
        self.key = key
        self.events = array("q")
        self.versions = array("q")
        self.parents = array("q")
        self.alive = bytearray()
        self.odd = bytearray()
        self.starts = array("q", [0])
        self.written = array("q")
        self.served = array("q")
        self.lost = array("q")
        self.part_cells: dict[str, int] = {}
        self.value_cell = -1
        self.field = -1
        self._chain: list[int] = []

    def commit(self, event: int, version: int, base: int | None) -> tuple[list[int], list[int]]:
        """Add the version that was made from `base`, and give the ordinals that died and that came back.

        Where the version that it was made from was never seen, the newest before that stands in.
        """
        parent = -1 if base is None else len(self.versions) - 1
        if base is not None and parent >= 0 and base != self.versions[-1]:
            parent = bisect_right(self.versions, base) - 1
        return self.add(event, version, parent)

    def add(self, event: int, version: int, parent: int) -> tuple[list[int], list[int]]:
        """The same where the ordinal of what it was made from is known.

        A step costs as many operations as versions die or come back.
        """
        ordinal = len(self.versions)
        died, revived = self._lead_around(parent) if parent != ordinal - 1 else ([], [])
        self.events.append(event)
        self.versions.append(version)
        self.parents.append(parent)
        self.alive.append(1)
        self._chain.append(ordinal)
        return died, revived

    def wrote(self, cells: Sequence[int], odd: bool) -> None:
        """Note the cells of the newest version's updates, see `written`."""
        self.odd.append(odd)
        self.written.extend(cells)
        self.served.extend([self.events[-1]] * len(cells))
        self.lost.extend([-1] * len(cells))
        self.starts.append(len(self.written))

    def updates_of(self, ordinals: Iterable[int]) -> list[int]:
        """Indices of the updates of these versions."""
        starts = self.starts
        return [update for ordinal in ordinals for update in range(starts[ordinal], starts[ordinal + 1])]

    def version_at(self, event: int) -> int:
        """Version just after `event`; 0 before the first commit."""
        ordinal = self.ordinal_at(event)
        return self.versions[ordinal] if ordinal >= 0 else 0

    def ordinal_at(self, event: int) -> int:
        """Ordinal of the newest version just after `event`, -1 before the first commit."""
        return bisect_right(self.events, event) - 1

    def _lead_around(self, parent: int) -> tuple[list[int], list[int]]:
        revived: list[int] = []
        ancestor = parent
        while ancestor >= 0 and not self.alive[ancestor]:
            revived.append(ancestor)
            ancestor = self.parents[ancestor]
        revived.reverse()
        cut = bisect_right(self._chain, ancestor)
        died = self._chain[cut:]
        self._chain[cut:] = revived
        for ordinal in died:
            self.alive[ordinal] = 0
        for ordinal in revived:
            self.alive[ordinal] = 1
        return died, revived
