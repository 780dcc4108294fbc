"""The order of the lanes: new ones come last, what a person hid or moved stays so from run to run."""

import pytest

from dictrace.engine.lanes import MAIN
from dictrace.widgets.timeline_order import LaneOrder


@pytest.fixture
def order() -> LaneOrder:
    made = LaneOrder()
    made.set_there((MAIN, 0, 1, 2))
    return made


def test_the_main_program_is_first_even_if_its_lane_comes_late() -> None:
    order = LaneOrder()
    order.set_there((0, 1))
    assert order.there == (0, 1)
    order.set_there((MAIN, 0, 1, 2))
    assert order.there == (MAIN, 0, 1, 2)


def test_hidden_lanes_stay_hidden_in_another_run(order: LaneOrder) -> None:
    order.set_shown(1, False)
    order.set_there((0, 1))
    assert (order.there, order.shown) == ((0, 1), (0,))
    order.show_all()
    assert order.shown == (0, 1)


@pytest.mark.parametrize(
    ("lane", "row", "expected"),
    [(2, 0, (2, MAIN, 0, 1)), (MAIN, 4, (0, 1, 2, MAIN)), (0, 1, (MAIN, 0, 1, 2)), (0, 2, (MAIN, 0, 1, 2))],
)
def test_a_lane_goes_before_the_one_at_its_place(
    order: LaneOrder, lane: int, row: int, expected: tuple[int, ...]
) -> None:
    order.place(lane, row)
    assert order.there == expected


def test_places_count_only_what_is_shown(order: LaneOrder) -> None:
    order.set_shown(0, False)
    order.place(2, 1)
    assert order.shown == (MAIN, 2, 1)
