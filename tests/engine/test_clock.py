"""The maps between positions and times: exact at events, monotone, invertible, and honest about equal stamps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.clock import LEAST_GAP, Clock, drawn_clock

STAMPS = st.lists(st.integers(0, 10**12), max_size=40).map(sorted)
FRACTION = st.floats(0, 1)


def clock_of(stamps: list[int]) -> Clock:
    return Clock(np.array(stamps, np.int64))


def test_exact_at_events_and_linear_between() -> None:
    clock = clock_of([100, 200, 600])
    assert [clock.time_at(p) for p in (0, 0.5, 1, 1.25, 2, 2.5, 3)] == [0, 50, 100, 125, 200, 400, 600]
    assert [clock.position_at(t) for t in (0, 50, 100, 125, 200, 400, 600)] == [0, 0.5, 1, 1.25, 2, 2.5, 3]
    assert clock.events == 3
    assert clock.duration_ns == 600


def test_outside_is_the_nearest_inside() -> None:
    clock = clock_of([100, 200])
    assert (clock.time_at(-1), clock.time_at(9)) == (0, 200)
    assert (clock.position_at(-1), clock.position_at(900)) == (0, 2)


def test_without_events_there_is_one_position() -> None:
    clock = clock_of([])
    assert (clock.events, clock.duration_ns, clock.time_at(3), clock.position_at(5)) == (0, 0, 0, 0)


def test_all_events_of_one_stamp_have_happened_at_it() -> None:
    clock = clock_of([0, 700, 700])
    assert clock.position_at(0) == 1
    assert clock.position_at(699) == pytest.approx(1 + 699 / 700)
    assert clock.position_at(700) == 3
    assert clock.time_at(2.5) == 700


@given(STAMPS, st.integers(0, 10**12))
def test_position_of_a_time_has_that_time(stamps: list[int], time_ns: int) -> None:
    clock = clock_of(stamps)
    time_ns = min(time_ns, clock.duration_ns)
    assert time_ns <= clock.time_at(clock.position_at(time_ns)) < time_ns + 1


def test_what_lies_at_a_time_has_happened_at_its_position() -> None:
    clock = clock_of([93_458_211])
    assert all(clock.time_at(clock.position_at(time_ns)) >= time_ns for time_ns in range(1, 1000))


@given(STAMPS, FRACTION, FRACTION)
def test_both_maps_are_monotone(stamps: list[int], low: float, high: float) -> None:
    clock, (low, high) = clock_of(stamps), sorted((low, high))
    assert clock.time_at(low * clock.events) <= clock.time_at(high * clock.events)
    assert clock.position_at(low * clock.duration_ns) <= clock.position_at(high * clock.duration_ns)


@given(STAMPS, FRACTION)
def test_a_drawn_clock_inverts_at_every_position(stamps: list[int], fraction: float) -> None:
    drawn = drawn_clock(clock_of(stamps))
    position = fraction * drawn.events
    assert drawn.position_at(drawn.time_at(position)) == pytest.approx(position, abs=1e-3)


@given(STAMPS)
def test_a_drawn_clock_stretches_only_gaps_below_its_share_of_the_mean_one(stamps: list[int]) -> None:
    true = clock_of(stamps)
    drawn = drawn_clock(true)
    assert drawn.events == len(stamps)
    least = max(1, true.duration_ns // (2 * len(stamps))) if stamps else 0
    gaps, true_gaps = (np.diff(clock.events_ns, prepend=0).tolist() for clock in (drawn, true))
    assert gaps == [max(gap, least) for gap in true_gaps]
    assert drawn.duration_ns <= (1 + LEAST_GAP) * true.duration_ns + len(stamps)


def test_crowded_instants_are_told_apart_and_long_waits_stay() -> None:
    true = clock_of([100, 100, 101, 400])
    assert list(drawn_clock(true).events_ns) == [100, 150, 200, 499]
    assert [true.time_at(position) for position in (1, 2, 3)] == [100, 100, 101], "the true time is kept"


def test_a_drawn_clock_can_not_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        drawn_clock(clock_of([1, 2])).events_ns[0] = 5
