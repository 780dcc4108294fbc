"""Which private copy a process holds after each of its events, and what became of it."""

from array import array

from dictrace.engine.rows import OpKind, OpRow, UnsentRow


class CopyLog:
    """The private copies of one process. Columns have one entry per event of the process, as `Worker.events` has.

    Attributes:
        held: place, in these columns, of the fetch whose copy it holds once it has the reply to this event; -1: none.
            The end of its task ends a copy too, but is no event: whoever asks must look at the task.
        used: for a fetch, event of the commit made from it, or of the row that says it was never sent; else 0.
        left: for a fetch, event at which the process fetched the same key again or began another task, its copy still
            uncommitted; else 0.
    """

    def __init__(self) -> None:
        self.held = array("q")
        self.used = array("q")
        self.left = array("q")
        self._task: int | None = None
        self._open: dict[tuple[int, str | None], int] = {}
        self._versions: dict[tuple[int, str | None], int | None] = {}

    def append(self, event: int, row: object, copied: bool) -> None:
        """Take in the next event of the process; `copied`: it is a fetch that gave it a copy."""
        place = len(self.held)
        self.used.append(0)
        self.left.append(0)
        if isinstance(row, OpRow):
            slot = row.object, row.key
            if row.task != self._task:
                self._task = row.task
                for fetch in self._open.values():
                    self.left[fetch] = event
                self._open.clear()
            if copied:
                if slot in self._open:
                    self.left[self._open.pop(slot)] = event
                self._open[slot] = place
                self._versions[slot] = row.version
            elif row.kind is OpKind.COMMIT and self._use(slot, row.base, event):
                del self._open[slot]
        elif isinstance(row, UnsentRow):
            self._use((row.object, row.key), row.base, event)
        self.held.append(next(reversed(self._open.values()), -1))

    def _use(self, slot: tuple[int, str | None], base: int | None, event: int) -> bool:
        """Note that `event` came of the open copy of `slot`, where that is of version `base`."""
        fetch = self._open.get(slot)
        if fetch is None or self._versions[slot] != base:
            return False
        self.used[fetch] = event
        return True
