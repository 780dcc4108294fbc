"""Makes pictures and files, one after the other, in other processes; a thread waits for them, not the window's."""

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack

from PySide6.QtCore import QObject, Signal

from dictrace.app.exporting.plan import Source
from dictrace.app.exporting.wish import Wish
from dictrace.app.exporting.writing import Stopped, Writer
from dictrace.app.pictures.painters import Job, Painters
from dictrace.app.pictures.subject import Subject
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _


class Maker(QObject):
    """Works for one window; to be closed. Signals arrive in the window's thread.

    Signals:
        painted: what `paint` returned, and the contents of the files, a tuple of bytes in the same order.
        progressed: steps done, and all of them; 0: not known.
        written: path of the file that is there now.
        cancelled: the file that was being written will not be there.
        failed: why something could not be made, one sentence.
    """

    painted = Signal(object, object)
    progressed = Signal(int, int)
    written = Signal(str)
    cancelled = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._writer: Writer | None = None
        self._resources = ExitStack()
        self._painters = self._resources.enter_context(Painters(1))
        self._threads = ThreadPoolExecutor(1, "export")
        self._subject: Future[Subject] = Future()

    def set_subject(self, subject: Callable[[], Subject]) -> None:
        """What is exported from now on; looked up in the other thread, as it may have to be read again."""
        self._subject = self._threads.submit(subject)

    def paint(self, *jobs: Job) -> tuple[Job, ...]:
        """Paint these, and return them."""
        self._threads.submit(self._paint, self._subject, jobs)
        return jobs

    def write(self, wish: Wish, source: Source, path: str | os.PathLike[str]) -> None:
        """Write a file."""
        self._writer = Writer(wish, source.position, path)
        self._threads.submit(self._write, self._subject, self._writer, os.fspath(path))

    def cancel(self) -> None:
        """Write no further: the file will not be there."""
        if self._writer is not None:
            self._writer.stop()

    def close(self) -> None:
        """End the processes and the thread."""
        self.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._resources.close()
        self._threads.shutdown()

    def _paint(self, subject: Future[Subject], jobs: tuple[Job, ...]) -> None:
        try:
            lines = _with_lines(subject.result()).lines
            contents = tuple([future.result() for future in [self._painters.paint(lines, job) for job in jobs]])
        except (RecordingError, OSError, MemoryError) as error:
            self.failed.emit(_sentence(error))
        except CancelledError:
            return  # it is being closed
        else:
            self.painted.emit(jobs, contents)

    def _write(self, subject: Future[Subject], writer: Writer, path: str) -> None:
        try:
            writer.write(_with_lines(subject.result()).lines, self.progressed.emit)
        except (Stopped, CancelledError):
            self.cancelled.emit()
        except (RecordingError, OSError, MemoryError) as error:
            self.failed.emit(_sentence(error))
        else:
            self.written.emit(path)


def _sentence(error: Exception) -> str:
    """What went wrong, for the person who asked."""
    if isinstance(error, RecordingError):
        return str(error)
    reason = getattr(error, "strerror", None) or type(error).__name__
    return _("It can't be exported: {reason}.").format(reason=reason)


def _with_lines(subject: Subject) -> Subject:
    """The subject, where the whole recording is at hand.

    Raises:
        RecordingError: it is not.
    """
    if not subject.lines:
        raise RecordingError(_("The file that this run was read from is not there any more."))
    return subject
