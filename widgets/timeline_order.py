"""Which lanes the timeline shows, and in which order: the person's own, kept from run to run."""

from collections.abc import Iterable

from dictrace.engine.lanes import MAIN


class LaneOrder:
    """Lanes by index of worker, and `MAIN`. New ones come last; before anybody moves it, the main program is first."""

    def __init__(self) -> None:
        self._order = [MAIN]
        self._hidden: set[int] = set()
        self._there: frozenset[int] = frozenset()

    def set_there(self, lanes: Iterable[int]) -> None:
        """Set which lanes the recording has."""
        self._there = frozenset(lanes)
        self._order += sorted(self._there.difference(self._order))

    @property
    def there(self) -> tuple[int, ...]:
        """All lanes that the recording has, from the top."""
        return tuple(lane for lane in self._order if lane in self._there)

    @property
    def shown(self) -> tuple[int, ...]:
        """Those of them that are not hidden."""
        return tuple(lane for lane in self.there if lane not in self._hidden)

    def set_shown(self, lane: int, shown: bool) -> None:
        (self._hidden.discard if shown else self._hidden.add)(lane)

    def show_all(self) -> None:
        self._hidden.clear()

    def place(self, lane: int, row: int) -> None:
        """Put a lane before the one that is shown at this place from the top."""
        shown = self.shown
        before = shown[row] if row < len(shown) else None
        if before != lane:
            self._order.remove(lane)
            self._order.insert(self._order.index(before) if before is not None else len(self._order), lane)
