"""The recording inside a picture: a private chunk of a PNG, the metadata of an SVG.

The payload is zlib-compressed: one JSON line on the picture, then the lines of the recording as in a file. Nothing in
it is ever run, and what it unpacks to is bounded.
"""

import base64
import binascii
import os
import re
import struct
import zlib

import msgspec

from dictrace.app.pictures.picture import Picture
from dictrace.engine.files import Reader, shown_name
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.words import _

MOST_BYTES = 1 << 26
"""Of a recording in a picture, unpacked; and of a picture that is opened."""

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
CHUNK = b"diCt"  # by its letters: not needed to show the picture, private, safe to copy

_SVG = re.compile(rb'<metadata id="dictrace">(.*?)</metadata>', re.DOTALL)
_SVG_START = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg", re.DOTALL
)


class Shown(msgspec.Struct, frozen=True):
    """What the picture shows, and the position, by event."""

    position: float
    picture: Picture


class Embedded(msgspec.Struct, frozen=True):
    """What was found in a picture."""

    shown: Shown
    lines: bytes


_LEVEL = 7
"""9 takes more than twice as long, and saves less than one byte in a hundred."""

_encode, _decoder = msgspec.json.encode, msgspec.json.Decoder(Shown)


def payload_of(lines: bytes, position: float, picture: Picture) -> bytes:
    """What is embedded: the recording's `lines` and what the picture shows of them.

    Raises:
        RecordingError: the recording is too large.
    """
    if len(lines) > MOST_BYTES:
        raise RecordingError(
            _("The recording is too large to be embedded in a picture ({n} MB); leave it out with --no-embed.").format(
                n=f"{len(lines) >> 20:,}"
            )
        )
    return zlib.compress(_encode(Shown(position, picture)) + b"\n" + lines, _LEVEL)


def into_png(png: bytes, payload: bytes) -> bytes:
    """The PNG with a chunk for the payload before its last one."""
    chunk = struct.pack(">I", len(payload)) + CHUNK + payload + struct.pack(">I", zlib.crc32(CHUNK + payload))
    return png[:-12] + chunk + png[-12:]


def into_svg(svg: bytes, payload: bytes) -> bytes:
    """The SVG with the payload as its metadata."""
    text = base64.b64encode(payload)
    lines = b"\n".join(text[start : start + 120] for start in range(0, len(text), 120))
    head, start, rest = svg.partition(b"<defs>")
    return head + b'<metadata id="dictrace">\n' + lines + b"\n</metadata>\n" + start + rest


def recording_in(path: str | os.PathLike[str]) -> tuple[Recording, Embedded | None]:
    """The recording in a file, or in a picture that carries one, and what was found in the picture.

    Raises:
        RecordingError: there is none, or it can't be read.
    """
    found = embedded_in(path)
    with Reader(path, found.lines if found is not None else None) as reader:
        while reader.read_some():
            pass
    return reader.recording, found


def embedded_in(path: str | os.PathLike[str]) -> Embedded | None:
    """The recording in a picture; None where the file is no PNG and no SVG, or can't be read at all.

    Raises:
        RecordingError: it is a picture without a recording, or with a damaged one.
    """
    name = shown_name(path)
    if not os.path.isfile(path):
        return None
    try:
        with open(path, "rb") as file:
            start = file.read(1024)
            is_png = start.startswith(PNG_MAGIC)
            if not (is_png or _SVG_START.match(start)):
                return None
            data = start + file.read(MOST_BYTES)
    except (OSError, ValueError):
        return None
    try:
        packed = _png_chunk(data) if is_png else _svg_metadata(data)
    except (struct.error, binascii.Error, ValueError):
        raise _damaged(name) from None
    if packed is None:
        raise RecordingError(_("“{name}” is a picture without a recording in it.").format(name=name))
    return _unpacked(packed, name)


def _png_chunk(png: bytes) -> bytes | None:
    """Contents of our chunk, None where there is none."""
    at = len(PNG_MAGIC)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        if kind == CHUNK:
            content = png[at + 8 : at + 8 + length]
            (check,) = struct.unpack_from(">I", png, at + 8 + length)
            if zlib.crc32(kind + content) != check:
                raise ValueError("checksum")
            return content
        if kind == b"IEND":
            return None
        at += 12 + length
    raise ValueError("cut short")


def _svg_metadata(svg: bytes) -> bytes | None:
    found = _SVG.search(svg)
    if found is not None:
        return base64.b64decode(b"".join(found[1].split()), validate=True)
    if b'<metadata id="dictrace">' in svg or not svg.rstrip().endswith((b"</svg>", b"/>")):
        raise ValueError("cut short")
    return None


def _unpacked(packed: bytes, name: str) -> Embedded:
    unzip = zlib.decompressobj()
    try:
        content = unzip.decompress(packed, MOST_BYTES + 4096)
    except zlib.error:
        raise _damaged(name) from None
    if unzip.unconsumed_tail:
        raise RecordingError(_("The recording in “{name}” is too large to be opened.").format(name=name))
    first, end_of_line, lines = content.partition(b"\n")
    try:
        shown = _decoder.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _damaged(name) from None
    if not (unzip.eof and end_of_line):
        raise _damaged(name)
    return Embedded(shown, lines)


def _damaged(name: str) -> RecordingError:
    return RecordingError(_("The recording in the picture “{name}” is damaged.").format(name=name))
