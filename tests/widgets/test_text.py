"""One line of text never leaves its room."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from dictrace.widgets import text
from dictrace.widgets.text import draw_paragraph, draw_pill, draw_text, elided, first_that_fits, pill_width, text_width
from dictrace.widgets.theme import LIGHT, TextSize, metrics
from tests.widgets.frames import picture, share_of

LONG = "P4 wrote back a copy of v46 when the dict was already at v47"


def test_long_text_is_elided_to_its_room(qtbot: QtBot) -> None:
    shown = elided(LONG, 100.0, TextSize.BODY)
    assert shown.endswith("…")
    assert text_width(shown, TextSize.BODY) <= 100
    assert elided("P4", 100.0, TextSize.BODY) == "P4"


@pytest.mark.parametrize(
    "align", [Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight]
)
def test_text_stays_inside_its_room(qtbot: QtBot, align: Qt.AlignmentFlag) -> None:
    room = QRectF(40, 10, 120, 20)

    def paint(painter: QPainter, _rect: QRectF) -> None:
        end = draw_text(painter, room, LONG, LIGHT.text, align=align)
        assert room.left() < end <= room.right() + 0.5

    image = picture(paint, 200, 40, LIGHT.panel)
    assert share_of(image, LIGHT.panel, room) < 1
    for outside in (QRectF(0, 0, 39, 40), QRectF(161, 0, 39, 40)):
        assert share_of(image, LIGHT.panel, outside) == 1


@pytest.mark.parametrize("mono", [False, True])
@pytest.mark.parametrize("alike", [False, True])
def test_width_is_that_of_the_font(monkeypatch: pytest.MonkeyPatch, mono: bool, alike: bool) -> None:
    if not alike:  # as with a font of old-style figures
        monkeypatch.setattr(text, "_digits_are_alike", lambda *_font: False)
    for said in (LONG, "1,047 behind", "v2 P13 +90 from v1", "٣ ೧"):
        measured = metrics(TextSize.BODY, mono=mono).horizontalAdvance(said)
        assert text_width(said, TextSize.BODY, mono=mono) == measured


def test_first_text_that_fits_is_taken(qtbot: QtBot) -> None:
    texts = ("private copy of v46", "copy of v46", "v46")
    assert first_that_fits(texts, 1000) == texts[0]
    assert first_that_fits(texts, text_width("copy of v46", TextSize.SMALL)) == texts[1]
    assert first_that_fits(texts, 1) == texts[2]


def test_pill_is_wide_enough_for_its_text(qtbot: QtBot) -> None:
    def paint(painter: QPainter, rect: QRectF) -> None:
        draw_pill(
            painter, QRectF(0, 0, pill_width("2 behind", bold=True), 18), "2 behind", LIGHT.panel, LIGHT.text, bold=True
        )
        draw_paragraph(painter, rect.adjusted(0, 20, 0, 0), LONG, LIGHT.text)

    image = picture(paint, 200, 100, LIGHT.panel)
    assert elided("2 behind", pill_width("2 behind", bold=True) - 8, TextSize.SMALL, bold=True) == "2 behind"
    assert share_of(image, LIGHT.text, QRectF(0, 0, 40, 18)) > 0.3
    assert share_of(image, LIGHT.panel, QRectF(0, 40, 200, 18)) < 1, "the paragraph has a second line"
