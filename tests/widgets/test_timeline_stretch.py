"""The stretch that the timeline shows never leaves the run, and follows the position only where it must."""

import numpy as np
import pytest

from dictrace.widgets.timeline_geometry import LEAST_SPAN_NS
from dictrace.widgets.timeline_stretch import Stretch, close_up_ns

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
    stretch.follow(1_510_000)
    assert stretch.now == pytest.approx((1_490_000, 1_590_000)), "it turns the page"
    stretch.follow(1_700_000)
    assert stretch.now == pytest.approx((1_630_000, 1_730_000)), "what led there is in view"
    stretch.follow(1_600_000)
    assert stretch.now == pytest.approx((1_530_000, 1_630_000))


def test_a_run_that_grows_keeps_the_part_that_is_looked_at(stretch: Stretch) -> None:
    stretch.show(1_400_000, 100_000)
    stretch.set_bounds(FIRST, 2 * LAST)
    assert stretch.now == (1_400_000, 1_500_000)
    stretch.fit()
    assert stretch.now == stretch.whole


EVENTS = np.linspace(FIRST, LAST, 251).astype(np.int64)
CLOSE_NS = close_up_ns(EVENTS)


def test_a_long_run_is_shown_close_up_until_another_wish(stretch: Stretch) -> None:
    stretch.begin()
    stretch.set_bounds(FIRST, LAST, EVENTS)
    first_page = pytest.approx((FIRST - 10_000, FIRST - 10_000 + CLOSE_NS))
    assert stretch.now == first_page
    stretch.set_bounds(FIRST, 2 * LAST, 2 * EVENTS)
    assert stretch.now == first_page, "it stays as it is while the run grows"
    many = np.linspace(FIRST, LAST, 5_000).astype(np.int64)
    stretch.set_bounds(FIRST, LAST, many)
    assert stretch.now == stretch.whole, "too many to be told apart"
    stretch.set_bounds(FIRST, LAST, EVENTS)
    stretch.toggle(LAST)
    assert stretch.now == stretch.whole
    stretch.begin()
    stretch.set_bounds(FIRST, LAST, EVENTS)
    assert stretch.now == stretch.whole, "as it was wanted last"
    stretch.toggle(1_500_000)
    assert stretch.now == pytest.approx((1_500_000 - 0.7 * CLOSE_NS, 1_500_000 + 0.3 * CLOSE_NS))
    stretch.zoom(2.0, 1_500_000)
    stretch.begin()
    stretch.set_bounds(FIRST, LAST, EVENTS)
    assert stretch.now == first_page, "a part of one run is none of another"


def test_a_leap_to_where_nothing_happens_shows_what_happened_last(stretch: Stretch) -> None:
    end = 2 * LAST
    stretch.begin()
    stretch.set_bounds(FIRST, end, np.append(EVENTS, end))
    stretch.follow(end)
    left, right = stretch.now
    assert left <= EVENTS[-7]
    assert right >= end


@pytest.mark.parametrize(("count", "shown"), [(50, 0), (100, 50), (1_000, 200), (2_000, 400), (3_000, 0)])
def test_close_up_shows_a_number_of_events_that_can_be_told_apart(count: int, shown: int) -> None:
    event_ns = np.arange(count, dtype=np.int64) * 1_000_000
    event_ns[-1] *= 100  # an end that takes long
    assert close_up_ns(event_ns) == pytest.approx(shown * 1_000_000, rel=0.03)
