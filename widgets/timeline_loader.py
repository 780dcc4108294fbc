"""Takes in and lays out a recording for the timeline, by and by where it is a large one."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from dictrace.engine.lanes import Lanes
from dictrace.engine.recording import Recording
from dictrace.widgets.slices import Slices

SLICE_EVENTS = 1_000
"""Events taken in at a time, so that the window stays awake."""

SHORT_EVENTS = 10_000
"""Events of a recording that is taken in and laid out at once."""


class LaneLoader(QObject):
    """Lays out only what is asked for: a timeline that nobody sees costs next to nothing.

    Attributes:
        recording: what it takes in, or None.

    Signals:
        taken_in: there is more to lay out.
        laid_out: `LaneData` of all that was taken in.
    """

    taken_in = Signal()
    laid_out = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: Lanes | None = None
        self._rows = 0
        self._stale = False
        self._slices = Slices(self)

    @property
    def recording(self) -> Recording | None:
        return self._lanes.recording if self._lanes is not None else None

    def set_recording(self, recording: Recording | None) -> None:
        """Take in a recording, or what it has got since."""
        if recording is not self.recording:
            self._slices.stop()
            self._lanes = Lanes(recording) if recording is not None else None
            self._stale = False
        elif recording is None or recording.rows == self._rows:
            return
        if self._lanes is not None:
            self._rows = self._lanes.recording.rows
            if not self._slices.is_working:
                self._work(self._take_in(self._lanes))

    def lay_out(self) -> None:
        """Lay out what has been taken in since the last time."""
        if self._stale and self._lanes is not None and not self._slices.is_working:
            self._work(self._lay_out(self._lanes))

    def _work(self, steps: Iterator[None]) -> None:
        """At once where it is short."""
        self._slices.start(steps)
        if self._lanes is not None and len(self._lanes.recording.events) <= SHORT_EVENTS:
            self._slices.finish()

    def _take_in(self, lanes: Lanes) -> Iterator[None]:
        while not lanes.advance(SLICE_EVENTS):
            yield
        self._stale = True
        self.taken_in.emit()

    def _lay_out(self, lanes: Lanes) -> Iterator[None]:
        """What still grows is laid out in one step: its columns must be of one moment."""
        self._stale = False
        recording = lanes.recording
        grows = recording.end is None and not recording.damage
        self.laid_out.emit(lanes.data() if grows else (yield from lanes.laying_out()))
