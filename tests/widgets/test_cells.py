"""The field of cells: laid out in any room, coloured by writer, hatched where lost, alike on every device."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtWidgets import QApplication

from dictrace.engine.frame import Cells, CellState
from dictrace.widgets.cell_grid import COUNTABLE_PX, CellGrid, fit_cells
from dictrace.widgets.cells import paint_cells, paint_labels, tiles_of
from dictrace.widgets.theme import DARK, LIGHT, PROCESS_COLOURS, Theme, process_colour
from dictrace.widgets.tiles import EMPTY_TILE, LOST_TILE, process_tile
from tests.widgets.frames import picture, share_of

STATES = np.array(
    [CellState.PRESENT.value, CellState.LOST.value, CellState.EMPTY.value, CellState.PRESENT.value], np.uint8
)
CELLS = Cells(STATES, np.array([0, 1, -1, 3], np.int16), np.array([0, 0, 0, 1], np.int16), ("46", "47", "48", "'n'"))


def field(tiles: list[int], side: float = 20.0, theme: Theme = LIGHT) -> QImage:
    """A picture of a row of tiles."""
    grid = CellGrid(len(tiles), len(tiles), 1, side, 1)
    numbers = np.array(tiles, np.uint8)

    def paint(painter: QPainter, _rect: QRectF) -> None:
        paint_cells(painter, QPointF(0, 0), grid, numbers, theme)

    return picture(paint, round(side * len(tiles)), round(side), theme.panel)


@given(
    count=st.integers(1, 200_000),
    width=st.floats(1, 2000),
    height=st.floats(1, 1500),
    scale=st.sampled_from([1.0, 1.5, 2.0]),
)
def test_grid_has_a_cell_for_every_key_and_stays_in_its_room(
    count: int, width: float, height: float, scale: float
) -> None:
    grid = fit_cells(count, width, height, scale=scale)
    assert grid.columns * grid.rows * grid.group >= count
    assert grid.width <= max(width, 1 / scale) + 1e-6
    assert grid.height <= max(height, 1 / scale) + 1e-6
    assert (grid.side * scale) == pytest.approx(round(grid.side * scale)), "whole device pixels"
    last = grid.cell(QPointF(0, 0), count - 1)
    assert last.right() <= grid.width + 1e-6
    assert last.bottom() <= grid.height + 1e-6


def test_a_hundred_keys_are_laid_out_in_round_rows() -> None:
    assert (fit_cells(100, 560, 130).columns, fit_cells(100, 560, 130).rows) == (20, 5)


@pytest.mark.parametrize(("width", "height"), [(700, 60), (700, 180), (500, 30)])
def test_more_keys_than_can_be_counted_fill_the_width(width: float, height: float) -> None:
    grid = fit_cells(10_000, width, height)
    assert grid.side <= COUNTABLE_PX
    assert grid.width > width - grid.side


def test_tiles_of_a_field_are_its_keys_in_order_then_empty_ones() -> None:
    assert tiles_of(CELLS, 0, 5).tolist() == [process_tile(0), LOST_TILE, EMPTY_TILE, EMPTY_TILE, EMPTY_TILE]
    assert tiles_of(CELLS, 1, 1).tolist() == [process_tile(3)]
    assert tiles_of(CELLS, 0, 3, lost=False).tolist() == [process_tile(0), EMPTY_TILE, EMPTY_TILE]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("side", [4.0, 9.0, 30.0])
def test_lost_cell_has_the_lost_colour_and_no_other_has(qapp: QApplication, theme: Theme, side: float) -> None:
    assert share_of(field([LOST_TILE], side, theme), theme.lost) > 0.08
    for tile in (EMPTY_TILE, *(process_tile(process) for process in range(-1, 7))):
        assert share_of(field([tile], side, theme), theme.lost) == 0


@pytest.mark.parametrize("process", range(-1, 7))
def test_present_cell_has_the_colour_of_its_writer(qapp: QApplication, process: int) -> None:
    assert field([process_tile(process)]).pixelColor(10, 10) == process_colour(process)


def test_processes_with_the_same_colour_have_different_shapes(qapp: QApplication) -> None:
    images = [field([process_tile(process)], 16.0) for process in range(1, 64, len(PROCESS_COLOURS))]
    assert len(images) == 9
    assert all(one != other for n, one in enumerate(images) for other in images[:n])


def test_many_keys_in_one_pixel_show_the_lost_one(qapp: QApplication) -> None:
    tiles = np.full(1000, process_tile(0), np.uint8)
    tiles[503] = LOST_TILE
    grid = fit_cells(1000, 10, 10)
    assert grid.group == 10
    image = picture(lambda p, _r: paint_cells(p, QPointF(0, 0), grid, tiles, LIGHT), 10, 10, LIGHT.panel)
    assert image.pixelColor(grid.cell(QPointF(0, 0), 503).topLeft().toPoint()) == LIGHT.lost
    assert share_of(image, LIGHT.lost) == pytest.approx(0.01)


def test_vector_device_gets_the_same_picture(qapp: QApplication) -> None:
    tiles = np.array([process_tile(0), LOST_TILE, process_tile(9), EMPTY_TILE], np.uint8)
    grid = CellGrid(4, 4, 1, 20.0, 1)
    vector = QPicture()
    painter = QPainter(vector)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_cells(painter, QPointF(0, 0), grid, tiles, LIGHT)
    painter.end()
    drawn = picture(lambda p, _r: p.drawPicture(0, 0, vector), 80, 20, LIGHT.panel)
    assembled = field(tiles.tolist())
    differing = sum(
        drawn.pixelColor(x, y) != assembled.pixelColor(x, y)
        for x in range(drawn.width())
        for y in range(drawn.height())
    )
    assert differing <= 0.05 * 80 * 20


def test_labels_are_written_only_where_they_fit(qapp: QApplication) -> None:
    tiles = tiles_of(CELLS, 0, 3)

    def inked(side: float, labels: list[str]) -> bool:
        grid = CellGrid(3, 3, 1, side, 1)

        def paint(painter: QPainter, _rect: QRectF) -> None:
            paint_labels(painter, QPointF(0, 0), grid, tiles, labels, LIGHT)

        return share_of(picture(paint, 200, 60, LIGHT.panel), LIGHT.panel) < 1

    assert inked(24.0, ["46", "47", "48"])
    assert not inked(10.0, ["46", "47", "48"])
    assert not inked(24.0, ["a long key", "another one", ""])
