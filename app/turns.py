"""Shows a frame in one view after the other, so that the next frame need not wait until all of them are painted."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QRegion

from dictrace.engine.frame import Frame


class FrameView(Protocol):
    """A view that shows frames."""

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame, or none."""

    def visibleRegion(self) -> QRegion:
        """What of it is seen, and so costs time to paint: nothing behind another tab, though it is called visible."""


class Turns(QObject):
    """Hands the newest frame on: at each turn of the event loop to one view that is seen.

    Where frames come faster than all views can be painted, each leaves some out, and all are served alike.
    """

    def __init__(self, views: Sequence[FrameView], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views = deque(views)
        self._frame: Frame | None = None
        self._behind = 0
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_working(self) -> bool:
        """Some views don't show the newest frame yet."""
        return self._behind > 0

    def start(self, frame: Frame | None) -> None:
        """Have all views show this frame."""
        self._frame = frame
        self._behind = len(self._views)
        self._timer.start()

    def finish(self) -> None:
        """Have all views show the newest frame at once."""
        while self._behind:
            self._serve()
        self._timer.stop()

    def _go_on(self) -> None:
        while self._behind and self._serve().visibleRegion().isEmpty():
            pass
        if not self._behind:
            self._timer.stop()

    def _serve(self) -> FrameView:
        """The view that has waited longest shows the frame."""
        view = self._views[0]
        self._views.rotate(-1)
        self._behind -= 1
        view.set_frame(self._frame)
        return view
