"""The story of a loss in a picture."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.story import Step
from dictrace.widgets.story_painter import paint_story
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import picture, share_of
from tests.widgets.texts import texts_of

pytestmark = pytest.mark.usefixtures("qapp")
STEPS = (Step(3, "P1 fetched it."), Step(9, "P2 wrote over it.", lost=True))


def test_everything_is_told_in_order() -> None:
    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_story(painter, rect, "d['n']: overwritten", STEPS, "Hold a lock.", 5, LIGHT)

    told = ["d['n']: overwritten", "1", "P1 fetched it.", "2", "P2 wrote over it.", "Cure", "Hold a lock."]
    assert texts_of(paint, 500, 300) == told


def test_a_step_is_filled_once_it_is_reached() -> None:
    def share(position: float) -> float:
        image = picture(
            lambda painter, rect: paint_story(painter, rect, "Lost", STEPS, "", position, LIGHT), 300, 120, LIGHT.panel
        )
        return share_of(image, LIGHT.lost, QRectF(0, 0, 30, 120))

    assert share(8.5) == 0
    assert share(9) > 0.02
