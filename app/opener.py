"""Opens a recording, or a picture that carries one, slice by slice, so that the window stays awake."""

import os

from PySide6.QtCore import QObject, QTimer, Signal

from dictrace.app.pictures.embedding import Shown, embedded_in
from dictrace.engine.files import Reader
from dictrace.engine.recording import RecordingError


class Opener(QObject):
    """Reads one file at a time.

    Attributes:
        shown: what the picture that was opened last shows, None where it was no picture.

    Signals:
        progressed: share of the file that was read, 0 to 1.
        opened: the `Recording`.
        failed: why it can't be read, one sentence.
    """

    progressed = Signal(float)
    opened = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Shown | None = None
        self._reader: Reader | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Start to read a file; another one that is being read is left."""
        self.close()
        try:
            found = embedded_in(path)
            self._reader = Reader(path, found.lines if found is not None else None)
        except RecordingError as error:
            self.failed.emit(str(error))
            return
        self.shown = found.shown if found is not None else None
        self._timer.start()

    def close(self) -> None:
        """Read no further."""
        self._timer.stop()
        if self._reader is not None:
            self._reader.__exit__(None, None, None)
            self._reader = None

    def _on_timer_timeout(self) -> None:
        assert self._reader is not None
        if self._reader.read_some():
            self._reader.recording.history  # noqa: B018  taken in slice by slice, too
            self.progressed.emit(self._reader.fraction)
            return
        recording = self._reader.recording
        self.close()
        self.opened.emit(recording)
