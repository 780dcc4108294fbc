"""Pictures as images and files: PNG, and SVG and PDF as vectors. The same subject and picture give the same bytes."""

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter

from dictrace.app.pictures.embedding import into_png, into_svg, payload_of
from dictrace.app.pictures.painting import paint
from dictrace.app.pictures.picture import PX_PER_MM, Picture, WishError
from dictrace.app.pictures.subject import Subject
from dictrace.engine.files import written_whole
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _


def image_of(subject: Subject, position: float, picture: Picture) -> QImage:
    """The picture as an image, `picture.scale` pixels per logical pixel."""
    size, scale = picture.whole, picture.scale
    image = QImage(
        round(size.width_px * scale), round(size.height_px * scale), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDotsPerMeterX(round(PX_PER_MM * 1000 * scale))
    image.setDotsPerMeterY(round(PX_PER_MM * 1000 * scale))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(scale, scale)
    paint(painter, subject, position, picture)
    painter.end()
    return image if picture.transparent else image.convertToFormat(QImage.Format.Format_RGB32)


def bytes_of(subject: Subject, position: float, picture: Picture, suffix: str, embed: bool = True) -> bytes:
    """The picture as the contents of a file that ends in `suffix`: ``.png``, ``.svg`` or ``.pdf``.

    `embed`: the recording goes into a PNG and an SVG, so that the picture can be opened again.

    Raises:
        WishError: it is another suffix.
        RecordingError: the recording is too large to be embedded.
    """
    make = _MAKERS.get(suffix.lower())
    if make is None:
        raise WishError(_("A picture is a .png, .svg or .pdf file, not “{suffix}”.").format(suffix=suffix))
    return make(subject, position, picture, embed and bool(subject.lines))


def write(
    subject: Subject, position: float, picture: Picture, path: str | os.PathLike[str], embed: bool = True
) -> None:
    """Write the picture to a file, whole or not at all; its ending decides what it becomes. See `bytes_of`.

    Raises:
        RecordingError: as `bytes_of`, or the file can't be written.
    """
    data = bytes_of(subject, position, picture, Path(path).suffix, embed)
    with written_whole(path) as file:
        file.write(data)


def _png(subject: Subject, position: float, picture: Picture, embed: bool) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image_of(subject, position, picture).save(buffer, "PNG"):  # type: ignore[call-overload]
        raise RecordingError(_("There is not enough memory for a picture of this size."))
    png = bytes(buffer.data().data())
    return into_png(png, payload_of(subject.lines, position, picture)) if embed else png


def _svg(subject: Subject, position: float, picture: Picture, embed: bool) -> bytes:
    from dictrace.app.pictures.texts import alt_text
    from dictrace.app.pictures.vectors import svg_of

    svg = svg_of(
        lambda painter: paint(painter, subject, position, picture),
        picture.whole,
        alt_text(subject, position, picture.view),
    )
    return into_svg(svg, payload_of(subject.lines, position, picture)) if embed else svg


def _pdf(subject: Subject, position: float, picture: Picture, _embed: bool) -> bytes:
    from dictrace.app.pictures.texts import alt_text
    from dictrace.app.pictures.vectors import pdf_of

    return pdf_of(
        lambda painter: paint(painter, subject, position, picture),
        picture.whole,
        alt_text(subject, position, picture.view),
        subject.recording.header.recorded,
    )


_MAKERS: dict[str, Callable[[Subject, float, Picture, bool], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
