"""Makes pictures and files off the window's thread, one after the other; what is painted is painted by a process."""

import os
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

from PySide6.QtCore import QObject, Signal

from dictrace.app.exporting.plan import Source
from dictrace.app.exporting.wish import Wish
from dictrace.app.exporting.writing import write_wish
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
        self._stop = Event()
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
        self._stop = stop = Event()
        self._threads.submit(self._write, self._subject, wish, source, path, stop)

    def cancel(self) -> None:
        """Write no further: the file will not be there."""
        self._stop.set()

    def close(self) -> None:
        """End the process and the thread."""
        self._stop.set()
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

    def _write(
        self, subject: Future[Subject], wish: Wish, source: Source, path: str | os.PathLike[str], stop: Event
    ) -> None:
        def progress(done: int, count: int) -> None:
            if stop.is_set():
                raise _Stopped
            self.progressed.emit(done, count)

        try:
            write_wish(wish, source, _with_lines(subject.result()), self._painters, path, progress)
        except (_Stopped, CancelledError):
            self.cancelled.emit()
        except (RecordingError, OSError, MemoryError) as error:
            self.failed.emit(_sentence(error))
        else:
            self.written.emit(os.fspath(path))


class _Stopped(Exception):
    """The person wants the file no more."""


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
