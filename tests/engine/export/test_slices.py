"""Slices on tracks: on each track any two lie apart or one inside the other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.export.slices import Slice, lanes_of

spans = st.tuples(st.integers(0, 12), st.integers(0, 6))


def made(*spans_ns: tuple[int, int]) -> list[Slice]:
    return [Slice(1, 0, start_ns, end_ns, "", {}) for start_ns, end_ns in spans_ns]


@given(st.lists(spans, max_size=12))
def test_slices_on_one_lane_nest_or_lie_apart(stretches: list[tuple[int, int]]) -> None:
    slices = made(*((start, start + length) for start, length in stretches))
    lanes_of(slices)
    for one, other in combinations(slices, 2):
        if one.lane == other.lane:
            apart = other.start_ns >= one.end_ns
            assert apart or (one.start_ns <= other.start_ns and other.end_ns <= one.end_ns)


def test_a_second_lane_is_taken_only_where_slices_cross() -> None:
    slices = made((0, 10), (2, 4), (4, 10), (10, 12), (11, 13))
    lanes_of(slices)
    assert [piece.lane for piece in slices] == [0, 0, 0, 0, 1]
