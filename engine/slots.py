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

from dictrace.engine.rows import OpRow


class Slot:
    """One key of one referent. A version's *ordinal* is its place among the commits, counted from 0.

    Attributes:
        object, key: the referent's number and the short text of the key (None: the referent as a whole).
        rows: by ordinal: row of the commit.
        events: array int64, by ordinal: number of the event that committed it, ascending.
        versions: by ordinal: its version number, ascending.
        parents: array int64, by ordinal: ordinal of the version that it was made from, -1 for none.
        alive: by ordinal: 1 while it is on the chain.
        first_loss: by ordinal, only of the dead: index of the first of its losses in the log of losses.
        written: by ordinal, of those that ever left the chain and were no blind writes: labels of the updates, indices
            of the cells.
        part_cells: label of a part -> index of its cell.
        value_cell: index of the cell of the key itself, -1 where it never held a value without parts.
        field: index of the field of its parts, -1 where it never had any.
    """

    __slots__ = (
        "_chain",
        "alive",
        "events",
        "field",
        "first_loss",
        "key",
        "object",
        "parents",
        "part_cells",
        "rows",
        "value_cell",
        "versions",
        "written",
    )

    def __init__(self, object: int, key: str | None) -> None:
        self.object = object
        self.key = key
        self.rows: list[OpRow] = []
        self.events = array("q")
        self.versions: list[int] = []
        self.parents = array("q")
        self.alive = bytearray()
        self.first_loss: dict[int, int] = {}
        self.written: dict[int, tuple[tuple[str | None, ...], tuple[int, ...]]] = {}
        self.part_cells: dict[str, int] = {}
        self.value_cell = -1
        self.field = -1
        self._chain: list[int] = []

    def commit(self, event: int, row: OpRow) -> tuple[list[int], list[int]]:
        """Add the version that `row` made and give the ordinals that died and that came back.

        Where the version that it was made from was never seen, the newest before that stands in. A step costs as many
        operations as versions die or come back.
        """
        base = row.base
        ordinal = len(self.versions)
        died: list[int] = []
        revived: list[int] = []
        parent = -1 if base is None else ordinal - 1
        if base is not None and ordinal and base != self.versions[-1]:
            parent = bisect_right(self.versions, base) - 1
        if parent != ordinal - 1:
            died, revived = self._lead_around(parent)
        self.rows.append(row)
        self.events.append(event)
        self.versions.append(row.version or 0)
        self.parents.append(parent)
        self.alive.append(1)
        self._chain.append(ordinal)
        return died, revived

    def version_at(self, event: int) -> int:
        """Version just after `event`; 0 before the first commit."""
        ordinal = self.ordinal_at(event)
        return self.versions[ordinal] if ordinal >= 0 else 0

    def ordinal_at(self, event: int) -> int:
        """Ordinal of the newest version just after `event`, -1 before the first commit."""
        return bisect_right(self.events, event) - 1

    def _lead_around(self, parent: int) -> tuple[list[int], list[int]]:
        revived = []
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
