"""Spans: any stretch of time at the same cost, and what is open at a position."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.spans import Spans


def spans_of(*ends: tuple[int, int]) -> Spans:
    starts_ns, ends_ns = np.array(sorted(ends), np.int64).T
    return Spans(starts_ns, ends_ns, np.zeros(len(ends), np.int64), np.zeros(len(ends), np.int64))


def times(spans: Spans) -> list[tuple[int, int]]:
    return list(zip(spans.starts_ns.tolist(), spans.ends_ns.tolist(), strict=True))


intervals = st.tuples(st.integers(0, 50), st.integers(0, 20)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(intervals, min_size=1, max_size=12), st.integers(0, 60), st.integers(1, 30))
def test_queries_agree_with_a_look_at_every_span(ends: list[tuple[int, int]], left: int, width: int) -> None:
    spans = spans_of(*ends)
    right = left + width
    touching = [n for n, (start, end) in enumerate(times(spans)) if start <= right and end >= left]
    assert set(touching) <= set(spans.between(left, right))
    held = sum(max(0, min(end, right) - max(start, left)) for start, end in ends)
    assert spans.covered(np.array((left, right), np.int64))[0] == pytest.approx(min(held / width, 1.0))
    away = [max(start - left, left - end, 0) for start, end in times(spans)]
    nearest = spans.nearest(left, 5)
    assert (nearest is None) == (min(away) > 5)
    assert nearest is None or away[nearest] == min(away)


def test_without_spans_nothing_is_found() -> None:
    assert not Spans().between(0, 10)
    assert Spans().nearest(5, 100) is None
    assert Spans().covered(np.array((0, 5, 10), np.int64)).tolist() == [0, 0]


@given(st.lists(intervals, min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_only_spans_that_end_at_a_flagged_event_cover(ends: list[tuple[int, int]], flags: list[bool]) -> None:
    starts_ns, ends_ns = np.array(sorted(ends), np.int64).T
    numbers = np.arange(1, len(ends) + 1)
    spans = Spans(starts_ns, ends_ns, numbers, numbers)
    flagged = np.array([False, *flags])
    kept = [pair for pair, flag in zip(times(spans), flags, strict=False) if flag]
    edges = np.arange(0, 75, 15, dtype=np.int64)
    expected = spans_of(*kept).covered(edges) if kept else np.zeros(4)
    assert spans.covered(edges, flagged.__getitem__) == pytest.approx(expected)


def test_a_span_is_open_from_its_first_event_and_start_to_its_last() -> None:
    spans = Spans.sorted(np.array((30, 10, 40)), np.array((60, 40, 50)), np.array((2, 1, 3)), np.array((9, 3, 0)))
    assert times(spans) == [(10, 40), (30, 60), (40, 50)]
    assert spans.open_at(0, 10) == [], "its event is to come"
    assert spans.open_at(1, 9) == [], "its reply is to come"
    assert spans.open_at(2, 30) == [0, 1]
    assert spans.open_at(2, 40) == [0, 1], "an event of the same stamp is to come"
    assert spans.open_at(3, 40) == [1, 2]
    assert spans.open_at(3, 50) == [1], "where the end is no event, its time counts"
    assert spans.open_at(8, 60) == [1]
    assert spans.open_at(9, 60) == []
