"""Opens a recording, or a picture that carries one, slice by slice, so that the window stays awake."""

import os
from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from dictrace.app.pictures.embedding import Shown, embedded_in
from dictrace.engine.files import Reader
from dictrace.engine.recording import RecordingError
from dictrace.widgets.slices import Slices


class Opener(QObject):
    """Reads one file at a time.

    Attributes:
        shown: what the picture that was opened last shows, None where it was no picture.

    Signals:
        reading: a file is being read, or no longer is.
        progressed: share of the file that was read, 0 to 1, each time it is another percent.
        opened: the `Recording`.
        failed: why it can't be read, one sentence.
    """

    reading = Signal(bool)
    progressed = Signal(float)
    opened = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shown: Shown | None = None
        self._reader: Reader | None = None
        self._slices = Slices(self)
        self._slices.sliced.connect(self._on_sliced)

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
        self._slices.start(self._read(self._reader))
        self.reading.emit(True)

    def close(self) -> None:
        """Read no further."""
        self._slices.stop()
        if self._reader is not None:
            self._reader.__exit__(None, None, None)
            self._reader = None
            self.reading.emit(False)

    def _read(self, reader: Reader) -> Iterator[None]:
        percent = 0
        while reader.read_some():
            reader.recording.history  # noqa: B018  taken in slice by slice, too
            if int(100 * reader.fraction) > percent:
                percent = int(100 * reader.fraction)
                self.progressed.emit(reader.fraction)
            yield

    def _on_sliced(self) -> None:
        if self._reader is not None and not self._slices.is_working:
            recording = self._reader.recording
            self.close()
            self.opened.emit(recording)
