"""Long work in short slices, so that the window answers in between."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

SLICE_S = 0.006


class Slices(QObject):
    """Goes on with an iterator, a slice at each turn of the event loop.

    Signals:
        sliced: a slice is done; after the last, `is_working` is False.
    """

    sliced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[object] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_working(self) -> bool:
        """There is work left."""
        return self._work is not None

    def start(self, work: Iterator[object]) -> None:
        """Do this work, instead of what is left of another; each of its steps must be short."""
        self._work = work
        self._timer.start()

    def finish(self) -> None:
        """Do all that is left, at once."""
        if self._work is not None:
            for _step in self._work:
                pass
            self.stop()
            self.sliced.emit()

    def stop(self) -> None:
        """Leave what is left undone."""
        self._work = None
        self._timer.stop()

    def _go_on(self) -> None:
        until = perf_counter() + SLICE_S
        while self._work is not None and perf_counter() < until:
            if next(self._work, self) is self:
                self.stop()
        self.sliced.emit()
