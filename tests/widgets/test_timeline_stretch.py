"""The stretch that the timeline shows never leaves the run, and follows the position only where it must."""

import pytest

from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS
from dictrace.widgets.timeline_stretch import Stretch

FIRST, LAST = 1_000_000, 2_000_000


@pytest.fixture
def stretch() -> Stretch:
    made = Stretch()
    made.set_bounds(FIRST, LAST)
    return made


def test_the_whole_run_has_a_little_room_around_it(stretch: Stretch) -> None:
    assert stretch.now == stretch.whole == (FIRST - 10_000, LAST + 10_000)


def test_zoom_keeps_its_time_in_place_and_has_limits(stretch: Stretch) -> None:
    stretch.zoom(0.5, FIRST)
    left, right = stretch.now
    assert (FIRST - left) / (right - left) == pytest.approx(10_000 / 1_020_000)
    stretch.zoom(1e-9, FIRST)
    left, right = stretch.now
    assert right - left == pytest.approx(LEAST_SPAN_NS)
    stretch.zoom(1e9, FIRST)
    assert stretch.now == stretch.whole


@pytest.mark.parametrize("by_ns", [-1e9, 1e9])
def test_it_moves_to_the_ends_and_not_beyond(stretch: Stretch, by_ns: float) -> None:
    stretch.show(1_400_000, 100_000)
    stretch.move(by_ns)
    left, right = stretch.now
    assert right - left == pytest.approx(100_000)
    assert (left if by_ns < 0 else right) == pytest.approx(stretch.whole[by_ns > 0])


def test_it_follows_only_what_leaves_it(stretch: Stretch) -> None:
    stretch.follow(LAST)
    assert stretch.now == stretch.whole
    stretch.show(1_400_000, 100_000)
    stretch.follow(1_450_000)
    assert stretch.now == (1_400_000, 1_500_000)
    stretch.follow(1_700_000)
    assert stretch.now == pytest.approx((1_680_000, 1_780_000))


def test_a_run_that_grows_keeps_the_part_that_is_looked_at(stretch: Stretch) -> None:
    stretch.show(1_400_000, 100_000)
    stretch.set_bounds(FIRST, 2 * LAST)
    assert stretch.now == (1_400_000, 1_500_000)
    stretch.fit()
    assert stretch.now == stretch.whole
