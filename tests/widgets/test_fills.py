"""Fills look alike as pixels and as vectors."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer

from dictrace.widgets.fills import paint_hatch, paint_pixels

pytestmark = pytest.mark.usefixtures("qapp")
RED, HALF = 0xFFD55E00, 0x80402000
PIXELS = np.array([[0, RED, RED, 0], [0, RED, RED, 0], [HALF, HALF, 0, RED]], np.uint32)


def as_svg(paint: object) -> bytes:
    """What `paint` paints, as an SVG of 40 x 30."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(40, 30))
    generator.setViewBox(QRectF(0, 0, 40, 30))
    painter = QPainter(generator)
    assert callable(paint)
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())


def image_with(paint: object) -> QImage:
    image = QImage(40, 30, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    assert callable(paint)
    paint(painter)
    painter.end()
    return image


def test_pixels_are_the_same_as_vectors() -> None:
    def paint(painter: QPainter) -> None:
        paint_pixels(painter, QRectF(0, 0, 40, 30), PIXELS)

    svg = as_svg(paint)
    assert b"<image" not in svg
    assert len(re.findall(rb"<(?:rect|path)", svg)) == 3
    expected, seen = image_with(paint), image_with(QSvgRenderer(svg).render)
    for x in (5, 15, 25, 35):
        for y in (5, 15, 25):
            one, other = expected.pixelColor(x, y), seen.pixelColor(x, y)
            assert max(abs(a - b) for a, b in zip(one.getRgb(), other.getRgb(), strict=True)) <= 2  # type: ignore[call-overload]


def test_hatching_stays_inside() -> None:
    image = image_with(lambda painter: paint_hatch(painter, QRectF(10, 10, 20, 10), QColor("black")))
    inked = [(x, y) for x in range(40) for y in range(30) if image.pixelColor(x, y).alpha() > 128]
    assert len(inked) > 20
    assert {(x, y) for x, y in inked if not (9 <= x <= 30 and 9 <= y <= 20)} == set()
