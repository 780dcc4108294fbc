"""Writes what a wish asks for, whole or not at all, in a process of its own: as the command line does it.

The window answers meanwhile. The process reads an `Order` and the recording from its input, and tells on its output how
far it is.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import msgspec

from dictrace.app.exporting.plan import Source, motion_of, picture_of, position_of, stills_of
from dictrace.app.exporting.wish import ANIMATIONS, PICTURES, Kind, Wish
from dictrace.app.pictures.subject import Subject
from dictrace.engine.export.kinds import Format, Table, exported
from dictrace.engine.files import Reader, written_whole
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _, choose_language, chosen_language

Progress = Callable[[int, int], None]

_COMMAND = (sys.executable, "-m", "dictrace.app.exporting.writing")
_FORMATS = {
    Kind.TRACE: (Format.JSON, Table.OPERATIONS),
    Kind.OPERATIONS: (Format.CSV, Table.OPERATIONS),
    Kind.COMMITS: (Format.CSV, Table.COMMITS),
    Kind.PAGE: (Format.HTML, Table.OPERATIONS),
}


class Stopped(Exception):
    """The person wants the file no more."""


class Order(msgspec.Struct, frozen=True):
    """What to write where, in which language; `position` is that of the window."""

    wish: Wish
    position: float
    path: str
    language: str = msgspec.field(default_factory=chosen_language)


class _Told(msgspec.Struct, frozen=True):
    """Steps done and all of them (0: not known), or why there is no file."""

    done: int = 0
    count: int = 0
    problem: str = ""


class Writer:
    """Has one file, or the folder of a storyboard, written."""

    def __init__(self, wish: Wish, position: float, path: str | os.PathLike[str]) -> None:
        self._wish, self._position, self._target = wish, position, Path(path)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._lock = Lock()

    def write(self, lines: bytes, progress: Progress) -> None:
        """Write it; the recording is given as the lines of its file.

        Raises:
            RecordingError: it can't be made, or not be written; one sentence.
            Stopped: `stop` was called meanwhile; there is no file.
        """
        target = self._target
        try:
            with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
                made = Path(folder, target.name)
                self._follow(Order(self._wish, self._position, str(made)), lines, progress)
                os.replace(made, target)
        except OSError as error:
            if self._stopped:
                raise Stopped from None
            text = _("“{name}” can't be written: {reason}.")
            raise RecordingError(text.format(name=target.name, reason=error.strerror)) from None

    def stop(self) -> None:
        """End it, from another thread."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _follow(self, order: Order, lines: bytes, progress: Progress) -> None:
        """Start the process, and hand on what it tells until it ends."""
        with self._lock:
            if self._stopped:
                raise Stopped
            self._process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        told = _Told()
        with self._process as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(msgspec.json.encode(order) + b"\n" + lines)
            process.stdin.close()
            for line in process.stdout:
                told = msgspec.json.decode(line, type=_Told)
                progress(told.done, told.count)
        if self._stopped:
            raise Stopped
        if told.problem:
            raise RecordingError(told.problem)
        if process.returncode:
            raise RecordingError(_("The process that writes the file ended unexpectedly."))


def write_wish(wish: Wish, source: Source, subject: Subject, path: str | os.PathLike[str], progress: Progress) -> None:
    """Write the file, or the folder of a storyboard; `progress` is called with the steps done and all of them.

    Raises:
        RecordingError: it can't be made, or not be written; one sentence.
    """
    if wish.kind in ANIMATIONS:
        from dictrace.app.pictures.animation import write_animation

        write_animation(subject, motion_of(wish, source), picture_of(wish), path, progress=progress)
    elif wish.kind is Kind.STORYBOARD:
        from dictrace.app.pictures.storyboard import moments, write_storyboard

        write_storyboard(
            subject, moments(subject, stills_of(wish)), picture_of(wish), path, embed=wish.embed, progress=progress
        )
    elif wish.kind in PICTURES:
        from dictrace.app.pictures.output import write

        write(subject, position_of(wish, source), picture_of(wish), path, wish.embed)
    else:
        with written_whole(path) as file:
            file.write(exported(subject.recording, *_FORMATS[wish.kind]))


def _serve() -> None:
    """Be the process: write one file."""
    from dictrace.app.pictures.command import offscreen_application

    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    choose_language(order.language)
    try:
        with Reader("", lines := sys.stdin.buffer.read()) as reader:
            while reader.read_some():
                pass
        _application = offscreen_application()
        source = Source(reader.recording, order.position)
        write_wish(order.wish, source, Subject(reader.recording, lines), order.path, _tell_progress)
    except RecordingError as error:
        _tell(_Told(problem=str(error)))


def _tell_progress(done: int, count: int) -> None:
    _tell(_Told(done, count))


def _tell(told: _Told) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all of a terminal; the window ends this
    _serve()
