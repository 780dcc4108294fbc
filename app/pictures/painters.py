"""Painting in other processes, several at a time: PySide holds the interpreter's lock, so threads would take turns.

The processes are started anew, never forked. Each reads what to paint from its input and ends with it, so that none is
left when the one that asks is gone. This module loads no Qt before it is one of them.
"""

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import IO, TYPE_CHECKING

import msgspec

from dictrace.app.pictures.picture import Picture
from dictrace.engine.files import Reader
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _, choose_language, chosen_language

if TYPE_CHECKING:
    from dictrace.app.pictures.subject import Subject

RAW = ".raw"
"""Instead of a file's suffix: only the pixels, row by row, four bytes each: red, green, blue and one of no meaning."""

_COMMAND = (sys.executable, "-m", "dictrace.app.pictures.painters")
_LENGTH = 8


class Stills(msgspec.Struct, frozen=True):
    """Several moments on one contact sheet.

    Attributes:
        count: so many, evenly spaced; None: all at which updates are lost.
        width_px, height_px: the room that the sheet has.
    """

    count: int | None
    width_px: float
    height_px: float


class Job(msgspec.Struct, frozen=True):
    """A picture to paint: the recording's moment, how, and as which kind of file; see `output.bytes_of`.

    `stills`: instead of the moment a contact sheet, as a PNG.
    """

    position: float
    picture: Picture
    suffix: str = RAW
    embed: bool = True
    language: str = msgspec.field(default_factory=chosen_language)
    stills: Stills | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The picture, or why there is none."""

    data: bytes = b""
    problem: str = ""


class _Painter:
    """A process that paints."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._has: bytes | None = None

    def painted(self, lines: bytes, job: Job) -> bytes:
        """The picture; the recording's `lines` are sent only where it does not have them."""
        to, back = self.process.stdin, self.process.stdout
        assert to is not None
        assert back is not None
        try:
            _send(to, msgspec.json.encode(job))
            _send(to, b"" if lines is self._has else lines)
            to.flush()
            self._has = lines
            answer = msgspec.msgpack.decode(_received(back), type=_Answer)
        except (OSError, EOFError, ValueError):
            raise RecordingError(_("A process that paints ended unexpectedly.")) from None
        if answer.problem:
            raise RecordingError(answer.problem)
        return answer.data


class Painters:
    """Processes that paint, no more than `most` and than this machine has processors. Use as a context manager."""

    def __init__(self, most: int) -> None:
        self._most = max(1, min(most, os.cpu_count() or 1))
        self._all: list[_Painter] = []
        self._free: SimpleQueue[_Painter] = SimpleQueue()
        self._threads = ThreadPoolExecutor(self._most)

    def __enter__(self) -> "Painters":
        try:
            for _number in range(self._most):
                self._all.append(_Painter())
                self._free.put(self._all[-1])
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._end()

    def paint(self, lines: bytes, job: Job) -> "Future[bytes]":
        """The picture of the recording with these `lines`, soon; its result may raise a `RecordingError`."""
        return self._threads.submit(self._painted, lines, job)

    def each(self, lines: bytes, jobs: Iterable[Job]) -> Iterator[bytes]:
        """The pictures in the order of the jobs, painted only a little ahead of the one that is asked for."""
        ahead: deque[Future[bytes]] = deque()
        for job in jobs:
            ahead.append(self.paint(lines, job))
            if len(ahead) > self._most + 1:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def _end(self) -> None:
        """End the processes at once; what was not painted yet never will be."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for painter in self._all:
            painter.process.kill()
        self._threads.shutdown()
        for painter in self._all:
            painter.process.communicate()

    def _painted(self, lines: bytes, job: Job) -> bytes:
        painter = self._free.get()
        try:
            return painter.painted(lines, job)
        finally:
            self._free.put(painter)


def _send(to: IO[bytes], data: bytes) -> None:
    to.write(len(data).to_bytes(_LENGTH))
    to.write(data)


def _received(back: IO[bytes]) -> bytes:
    length = int.from_bytes(_exactly(back, _LENGTH))
    return _exactly(back, length)


def _exactly(back: IO[bytes], length: int) -> bytes:
    data = back.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _serve() -> None:
    """Be one of the processes, until the input ends."""
    from dictrace.app.pictures.command import offscreen_application

    _application = offscreen_application()
    decoder, encode = msgspec.json.Decoder(Job), msgspec.msgpack.encode
    subject: Subject | None = None
    with suppress(EOFError, BrokenPipeError):
        while True:
            job, lines = decoder.decode(_received(sys.stdin.buffer)), _received(sys.stdin.buffer)
            if lines:
                subject = _subject_of(lines)
            assert subject is not None
            choose_language(job.language)
            try:
                answer = _Answer(_bytes_of(subject, job))
            except RecordingError as error:
                answer = _Answer(problem=str(error))
            _send(sys.stdout.buffer, encode(answer))
            sys.stdout.flush()


def _subject_of(lines: bytes) -> "Subject":
    from dictrace.app.pictures.subject import Subject

    with Reader("", lines) as reader:
        while reader.read_some():
            pass
    return Subject(reader.recording, lines)


def _bytes_of(subject: "Subject", job: Job) -> bytes:
    from PySide6.QtGui import QImage

    from dictrace.app.pictures.output import bytes_of, image_of

    if job.stills is not None:
        return _sheet_of(subject, job.picture, job.stills)
    if job.suffix != RAW:
        return bytes_of(subject, job.position, job.picture, job.suffix, job.embed)
    image = image_of(subject, job.position, job.picture).convertToFormat(QImage.Format.Format_RGBX8888)
    return bytes(image.constBits())


def _sheet_of(subject: "Subject", picture: Picture, stills: Stills) -> bytes:
    from dictrace.app.pictures.sheet import Sheet
    from dictrace.app.pictures.storyboard import moments

    return Sheet(subject, moments(subject, stills.count), picture).png(stills.width_px, stills.height_px)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all of a terminal; who asked for pictures ends this
    _serve()
