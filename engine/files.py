"""Recordings as files: JSON lines, one row each, plain or compressed (``.dictrace``, ``.dictrace.gz``).

Reading never runs anything that is in the file. A file that was cut short, or is damaged from some line on, gives the
rows before that; only a file without a readable first line gives none. How much a file may ask for is limited: by the
number of its rows, the length of a line, the size of a number, and what a compressed one may unpack to.
"""

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EISDIR
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO

import msgspec

from dictrace.engine.harmless import harmless_json, harmless_line
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.rows import FORMAT, VERSION, AnyRow, HeaderRow
from dictrace.engine.words import _

SLICE_BYTES = 1 << 15  # two milliseconds' work
UNZIP_BYTES = 1 << 12  # what is lost before a damaged place
MAX_LINE_BYTES = 1 << 26
MAX_HEADER_BYTES = 1 << 24
MAX_ROWS = 10_000_000
LEAST_UNPACKED, MOST_RATIO = 1 << 26, 50
"""A compressed file is unpacked to so many bytes, or so many times its own size where that is more."""
GZIP_MAGIC = b"\x1f\x8b"
GZIP_WBITS = 31

_BAD_ROW = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_rows = msgspec.json.Decoder(AnyRow)
_headers = msgspec.json.Decoder(HeaderRow)
_encoder = msgspec.json.Encoder()


class _Mark(msgspec.Struct):
    """What the first line of a recording has in every version of the format."""

    format: str
    version: int


_marks = msgspec.json.Decoder(_Mark)


class Reader:
    """Reads a file slice by slice, so that a window can show its progress and stay awake. Use as a context manager.

    Attributes:
        recording: what was read so far.
        fraction: share of the file that was read, 0 to 1.
    """

    def __init__(self, path: str | os.PathLike[str], content: bytes | None = None) -> None:
        """Open the file and read its first line. With `content` that is read, and `path` only names where it is from.

        Raises:
            RecordingError: there is no such file, it can't be read, or it is no recording that this version can read.
        """
        self._name = shown_name(path)
        if os.path.isdir(path):
            raise RecordingError(_("“{name}” is a folder, not a recording.").format(name=self._name))
        if content is None and os.path.exists(path) and not os.path.isfile(path):
            raise RecordingError(_("“{name}” is no file.").format(name=self._name))
        try:
            self._file: IO[bytes] = BytesIO(content) if content is not None else open(path, "rb")  # noqa: SIM115
        except FileNotFoundError:
            raise RecordingError(_("There is no file “{path}”.").format(path=harmless_line(os.fspath(path)))) from None
        except (OSError, ValueError) as error:
            raise self._unreadable(error) from None
        try:
            self._open()
        except OSError as error:
            self._file.close()
            raise self._unreadable(error) from None
        except RecordingError:
            self._file.close()
            raise

    def _open(self) -> None:
        self._rest = bytearray()
        self._searched = 0
        self._failure: Exception | None = None
        self._limit = ""
        self._size = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        zipped = self._file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        self._unzip = zlib.decompressobj(GZIP_WBITS) if zipped else None
        self._room = unpacked_room(self._size)
        self._file.seek(0)
        while b"\n" not in self._rest and len(self._rest) < MAX_HEADER_BYTES and self._read_slice():
            pass
        line, end_of_line, _others = self._rest.partition(b"\n")
        if self._failure is not None and not end_of_line:
            raise self._unreadable(self._failure)
        self.recording = Recording(self._header_of(bytes(line[: MAX_HEADER_BYTES + 1])))
        del self._rest[: len(line) + 1]

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _place: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def fraction(self) -> float:
        return self._file.tell() / self._size if self._size else 1.0

    def read_some(self) -> bool:
        """Read the next slice; False once all has been read."""
        more = self._failure is None and not self._limit and self._read_slice()
        # Only in what is new, because a line may be as long as a hundred slices.
        cut = self._rest.rfind(b"\n", self._searched) + 1
        self._take(bytes(self._rest[:cut]))
        del self._rest[:cut]
        self._searched = len(self._rest)
        if self.recording.damage:
            return False
        if self._limit:
            self.recording.damage = self._limit
        elif self._failure is not None or len(self._rest) > MAX_LINE_BYTES:
            self._damaged(self.recording.rows + 1)
        elif not more and _decoded(bytes(self._rest))[1]:
            self._take(bytes(self._rest))
        return more and not self.recording.damage

    def _read_slice(self) -> bool:
        """Add a slice to what has been read; False at the end of the file, or where it can't be read further."""
        wanted = len(self._rest) + SLICE_BYTES
        try:
            if self._unzip is None:
                self._rest += self._file.read(SLICE_BYTES)
                return len(self._rest) == wanted
            while len(self._rest) < wanted:
                data = self._file.read(UNZIP_BYTES)
                if not data:
                    return False
                self._unpack(self._unzip.decompress(data, self._room + 1))
        except (OSError, zlib.error) as error:
            self._failure = error
        return self._failure is None and not self._limit

    def _unpack(self, data: bytes) -> None:
        """Add what was unpacked, as far as there is room for it."""
        if len(data) > self._room:
            self._limit = _("“{name}” unpacks to more than {n} MB; what follows is missing.").format(
                name=self._name, n=f"{unpacked_room(self._size) >> 20:,}"
            )
        self._rest += data[: self._room]
        self._room -= min(len(data), self._room)

    def _header_of(self, line: bytes) -> HeaderRow:
        line = harmless_json(line)
        try:
            mark = _marks.decode(line)
        except _BAD_ROW:
            mark = _Mark("", 0)
        if mark.format != FORMAT or mark.version < 1:
            raise RecordingError(_("“{name}” is not a dictrace recording.").format(name=self._name))
        if mark.version > VERSION:
            raise RecordingError(
                _("“{name}” was made by a newer dictrace (format {theirs}); this one reads format {ours}.").format(
                    name=self._name, theirs=mark.version, ours=VERSION
                )
            )
        try:
            return _headers.decode(line)
        except _BAD_ROW:
            raise RecordingError(_("The first line of “{name}” is damaged.").format(name=self._name)) from None

    def _take(self, lines: bytes) -> None:
        """Take in lines up to the first damaged one."""
        rows, whole = _decoded(lines)
        room = MAX_ROWS - self.recording.rows
        try:
            self.recording.extend(rows[:room])
        except (OverflowError, RecordingError):
            self._damaged(self.recording.rows)
        else:
            if len(rows) > room:
                self.recording.damage = _("“{name}” has more than {n} rows; what follows is missing.").format(
                    name=self._name, n=f"{MAX_ROWS:,}"
                )
            elif not whole:
                self._damaged(self.recording.rows + 1)

    def _damaged(self, line: int) -> None:
        self.recording.damage = _("“{name}” is damaged in line {n}; what follows is missing.").format(
            name=self._name, n=f"{line:,}"
        )

    def _unreadable(self, error: Exception) -> RecordingError:
        return RecordingError(_("“{name}” can't be read: {reason}.").format(name=self._name, reason=_reason(error)))


def read_recording(path: str | os.PathLike[str]) -> Recording:
    """All of the recording in a file.

    Raises:
        RecordingError: see `Reader`.
    """
    with Reader(path) as reader:
        while reader.read_some():
            pass
        return reader.recording


def recording_lines(path: str | os.PathLike[str]) -> bytes:
    """The lines of a recording as they are in its file, uncompressed, up to where they can be.

    Raises:
        RecordingError: the file can't be read.
    """
    try:
        content = Path(path).read_bytes()
        if not content.startswith(GZIP_MAGIC):
            return content
        return zlib.decompressobj(GZIP_WBITS).decompress(content, unpacked_room(len(content)))
    except (OSError, ValueError, zlib.error) as error:
        text = _("“{name}” can't be read: {reason}.")
        raise RecordingError(text.format(name=shown_name(path), reason=_reason(error))) from None


def whole_lines(path: str | os.PathLike[str]) -> bytes:
    """The same, without a last line that has no end.

    Raises:
        RecordingError: the file can't be read.
    """
    lines = recording_lines(path)
    return lines[: lines.rfind(b"\n") + 1]


def shown_name(path: str | os.PathLike[str]) -> str:
    """The name of a file as it is told to a person."""
    return harmless_line(Path(path).name or os.fspath(path))


def unpacked_room(packed_bytes: int) -> int:
    """Bytes that a compressed file of this size is unpacked to at most."""
    return max(LEAST_UNPACKED, MOST_RATIO * packed_bytes)


@contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write to. It appears, whole, when the ``with`` block ends; if the block fails, not at all.

    Raises:
        RecordingError: the file can't be written.
    """
    target = Path(path)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if os.path.isdir(target):
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        with open(unfinished, "wb") as file:
            yield file
        os.replace(unfinished, target)
    except RecordingError:
        raise
    except (OSError, ValueError) as error:
        text = _("“{name}” can't be written: {reason}.")
        raise RecordingError(text.format(name=shown_name(target), reason=_reason(error))) from None
    finally:
        with suppress(OSError, ValueError):
            unfinished.unlink(missing_ok=True)


class RecordingWriter:
    """Writes a file of rows. It appears, whole, when the ``with`` block ends; if the block fails, not at all.

    Raises:
        RecordingError: the file can't be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        self._unfinished = self._path.with_name(f".{self._path.name}.{os.getpid()}")

    def __enter__(self) -> "RecordingWriter":
        with self._explained():
            if os.path.isdir(self._path):
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            self._raw = open(self._unfinished, "wb")
        # Without name and time the same rows give the same bytes.
        zipped = self._path.suffix == ".gz"
        self._file = gzip.GzipFile("", "wb", fileobj=self._raw, mtime=0) if zipped else self._raw
        return self

    def __exit__(
        self, failure: type[BaseException] | None, _error: BaseException | None, _place: TracebackType | None
    ) -> None:
        try:
            if failure is None:
                with self._explained():
                    self._file.close()
                    self._raw.close()
                    os.replace(self._unfinished, self._path)
        finally:
            with suppress(OSError):
                self._raw.close()
            self._unfinished.unlink(missing_ok=True)

    def write(self, lines: bytes) -> None:
        """Add encoded rows, each with its end of line; the first is the header."""
        with self._explained():
            self._file.write(lines)

    def write_rows(self, rows: Iterable[AnyRow]) -> None:
        """Add rows."""
        self.write(_encoder.encode_lines(rows))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            text = _("“{name}” can't be written: {reason}.")
            raise RecordingError(text.format(name=shown_name(self._path), reason=_reason(error))) from None


def _decoded(lines: bytes) -> tuple[list[AnyRow], bool]:
    """Rows of the lines up to the first that is none, and whether that is all of them."""
    lines = harmless_json(lines)
    try:
        return _rows.decode_lines(lines), True
    except _BAD_ROW:
        pass
    rows: list[AnyRow] = []
    with suppress(*_BAD_ROW):
        for line in lines.split(b"\n"):
            rows.append(_rows.decode(line))
    return rows, False


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
