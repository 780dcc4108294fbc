"""The story of a loss in a picture."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from dictrace.engine.story import Step, Story
from dictrace.widgets.story_painter import paint_story
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import picture, share_of
from tests.widgets.texts import texts_of

pytestmark = pytest.mark.usefixtures("qapp")
STEPS = (Step(3, "P1 fetched it."), Step(9, "P2 wrote over it.", lost=True))
STORY = Story("d['n']: overwritten", STEPS, "Hold a lock.")


def test_everything_is_told_in_order() -> None:
    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_story(painter, rect, STORY, 5, LIGHT)

    told = ["d['n']: overwritten", "1", "P1 fetched it.", "2", "P2 wrote over it.", "Cure", "Hold a lock."]
    assert texts_of(paint, 500, 300) == told


def test_a_step_is_filled_once_it_is_reached() -> None:
    def share(position: float) -> float:
        lost = Story("Lost", STEPS)
        image = picture(lambda painter, rect: paint_story(painter, rect, lost, position, LIGHT), 300, 120, LIGHT.panel)
        return share_of(image, LIGHT.lost, QRectF(0, 0, 30, 120))

    assert share(8.5) == 0
    assert share(9) > 0.02


def test_where_there_is_little_room_it_is_smaller_and_ends_within_it() -> None:
    tail = Story(STORY.title, (*STEPS, Step(10, "d['n'] was gone.", lost=True)))

    def image(height: int) -> QImage:
        return picture(lambda painter, rect: paint_story(painter, rect, tail, 99, LIGHT), 300, height, LIGHT.panel)

    roomy, low = image(400), image(70)
    assert share_of(low, LIGHT.lost, QRectF(0, 0, 300, 66)) > 0  # both discs are seen,
    assert share_of(low, LIGHT.panel, QRectF(0, 66, 300, 4)) == 1  # and nothing is cut
    assert share_of(roomy, LIGHT.lost, QRectF(0, 70, 300, 330)) > 0
