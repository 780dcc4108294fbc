"""The stage before the first run explains a lost update in whatever room there is, and no word is hidden."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication

from dictrace.widgets import empty_stage_painter
from dictrace.widgets.empty_stage_painter import BUTTON_HEIGHT, button_centre, paint_empty_stage
from dictrace.widgets.text import paragraph_height
from dictrace.widgets.theme import LIGHT, TextSize
from tests.widgets.frames import picture, share_of

SIZES = [(616, 350), (660, 320), (800, 400), (935, 330), (1580, 565)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_words_and_cells_have_room_of_their_own(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    words: list[tuple[QRectF, TextSize]] = []
    cells: list[QRectF] = []
    draw, paint = empty_stage_painter.draw_paragraph, empty_stage_painter.paint_tile

    def drawn(painter: QPainter, rect: QRectF, text: str, colour: object, size: TextSize) -> None:
        words.append((QRectF(rect), size))
        words[-1][0].setHeight(paragraph_height(text, rect.width(), size))
        draw(painter, rect, text, colour, size)  # type: ignore[arg-type]

    def painted(painter: QPainter, rect: QRectF, *more: object) -> None:
        cells.append(rect)
        paint(painter, rect, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(empty_stage_painter, "draw_paragraph", drawn)
    monkeypatch.setattr(empty_stage_painter, "paint_tile", painted)
    image = picture(lambda painter, rect: paint_empty_stage(painter, rect, LIGHT), width, height, LIGHT.panel)
    assert len(words) == 5
    assert len(cells) == 5 + 3 + 3 + 3 + 4
    assert share_of(image, LIGHT.lost) > 0
    assert len({size for _room, size in words[1:]}) == len({cell.width() for cell in cells[5:]}) == 1, "alike in all"
    whole = QRectF(0, 0, width, height)
    button = QRectF(0, 0, 90, BUTTON_HEIGHT)
    button.moveCenter(button_centre(whole))
    rooms = [room for room, _size in words] + cells + [button]
    assert all(whole.contains(room) for room in rooms)
    assert not any(one.intersects(other) for number, one in enumerate(rooms) for other in rooms[:number])


def test_where_nothing_fits_there_is_only_the_button(qapp: QApplication) -> None:
    image = picture(lambda painter, rect: paint_empty_stage(painter, rect, LIGHT), 300, 150, LIGHT.panel)
    assert share_of(image, LIGHT.panel) == 1
    assert button_centre(QRectF(0, 0, 300, 150)) == QRectF(0, 0, 300, 150).center()
