"""Stamps look as if painted each time, and are painted once."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from dictrace.widgets import stamps
from dictrace.widgets.stamps import Kept, stamp
from tests.widgets.texts import texts_of

SIDE = 64
ROUNDING = 3
"""Of 255: colours are blended twice."""


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "kept", Kept(2))


def image_of(paint: Callable[[QPainter], object], scale: float) -> QImage:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint(painter)
    painter.end()
    return image


def pixels_of(image: QImage) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    return np.frombuffer(image.constBits(), np.uint8).astype(np.int16)


class Disc:
    """Something to stamp, which counts how often it is painted."""

    def __init__(self, room: QRectF, colour: str = "red") -> None:
        self.room, self.colour, self.times = room, QColor(colour), 0

    def paint(self, painter: QPainter) -> None:
        self.times += 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.colour)
        painter.drawEllipse(self.room.adjusted(1, 1, -1, -1))

    def stamp(self, painter: QPainter) -> None:
        stamp(painter, self.room, self.colour.name(), self.paint)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("corner", [(3.0, 5.0), (3.125, 5.375), (3.5, 5.75)])
def test_a_stamp_has_the_pixels_of_what_it_stands_for(qtbot: QtBot, scale: float, corner: tuple[float, float]) -> None:
    disc = Disc(QRectF(corner[0] / scale, corner[1] / scale, 20, 14))
    first, second, plain = (pixels_of(image_of(paint, scale)) for paint in (disc.stamp, disc.stamp, disc.paint))
    assert np.array_equal(first, second)
    assert np.abs(first - plain).max() <= ROUNDING
    assert disc.times == 2, "once for the stamp, once without it"


def test_another_look_or_size_is_painted_anew(qtbot: QtBot) -> None:
    first, other, larger = Disc(QRectF(2, 2, 20, 20)), Disc(QRectF(2, 2, 20, 20), "blue"), Disc(QRectF(2, 2, 30, 20))
    for disc in (first, other, larger):
        stamped, plain = (pixels_of(image_of(paint, 1.0)) for paint in (disc.stamp, disc.paint))
        assert np.abs(stamped - plain).max() <= ROUNDING


def test_those_used_last_are_kept(qtbot: QtBot) -> None:
    discs = [Disc(QRectF(2, 2, 20, 20), colour) for colour in ("red", "green", "blue")]
    for place in (0, 1, 0, 2, 0, 1):
        image_of(discs[place].stamp, 1.0)
    assert [disc.times for disc in discs] == [1, 2, 1]


def test_vectors_stay_vectors(qtbot: QtBot) -> None:
    room = QRectF(0, 0, SIDE, SIDE)

    def stamped(painter: QPainter, _rect: QRectF) -> None:
        stamp(painter, room, "text", lambda onto: onto.drawText(room, "P1"))

    assert texts_of(stamped, SIDE, SIDE) == texts_of(stamped, SIDE, SIDE) == ["P1"]
