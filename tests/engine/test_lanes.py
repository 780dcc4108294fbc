"""Lanes: spans with true ends, fates that can change, and any stretch of time at the same cost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.experiment import LockChoice
from dictrace.engine.lane_texts import lane_text
from dictrace.engine.lanes import LaneData, Lanes, Numbers, Spans
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow, UnsentRow
from tests.engine.histories import STEP_NS, WAY_NS, Simulation, simulations
from tests.engine.races import race


def spans_of(*ends: tuple[int, int]) -> Spans:
    starts_ns, ends_ns = np.array(sorted(ends), np.int64).T
    return Spans(starts_ns, ends_ns, np.zeros(len(ends), np.int64), np.zeros(len(ends), np.int64))


def data_of(recording: Recording) -> LaneData:
    return Lanes(recording).data()


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


def test_a_copy_lasts_from_the_reply_of_its_fetch_to_the_serving_of_its_commit() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    old = run.fetch(1, 0)
    run.fetch(2, 1)
    run.update(2, 1, old, a="1")
    run.update(1, 0, old, b="1")
    data = data_of(run.finish())
    first, second = data.lanes
    assert times(first.kept) == [(2 * STEP_NS + WAY_NS, 5 * STEP_NS)]
    assert times(second.lost) == [(3 * STEP_NS + WAY_NS, 4 * STEP_NS)]
    assert (second.lost.firsts.tolist(), second.lost.lasts.tolist()) == ([3], [4])
    assert not len(first.lost)
    assert not len(second.kept)
    assert data.losses.tolist() == [5]
    assert data.loss_of(4, as_culprit=False) == data.loss_of(5, as_culprit=True) == 0
    assert data.loss_of(5, as_culprit=False) is None


def test_without_a_reply_a_copy_begins_where_its_fetch_was_served() -> None:
    run = Simulation(1)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.rows.pop()
    run.update(1, 0, base, a="1")
    assert times(data_of(run.finish()).lanes[0].kept) == [(2 * STEP_NS, 3 * STEP_NS)]


def test_a_commit_that_comes_back_is_lost_no_more() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.fetch(2, 1)
    mine = run.update(1, 0, base, a="1")
    run.fetch(1, 2)
    run.update(2, 1, base, b="1")
    recording = run.recording
    lanes = Lanes(recording)
    assert len(lanes.data().lanes[0].lost) == 1
    run.update(1, 2, mine, c="1")
    recording.extend(run.rows[len(run.rows) - 2 :])
    lane, other = lanes.data().lanes
    assert (len(lane.kept), len(lane.lost), len(other.lost)) == (2, 0, 1)


def test_what_was_never_sent_is_lost_and_its_end_marked_unless_its_task_raised() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.unsent(1, 0, {"a": "1"}, base)
    run.fetch(2, 1)
    run.raised(2, 1)
    run.unsent(2, 1, {"b": "1"}, base)
    first, second = data_of(run.finish()).lanes
    assert times(first.lost) == [(2 * STEP_NS + WAY_NS, 3 * STEP_NS)]
    assert first.unsent_ns.tolist() == [3 * STEP_NS]
    assert len(second.kept) == len(second.lost) == len(second.unsent_ns) == 0
    assert second.failed_ns.tolist() == [5 * STEP_NS]


def test_waits_and_holds_of_a_lock() -> None:
    run = Simulation(3)
    run.acquire(1)
    run.wait(2)
    run.wait(3)
    run.died(3)
    run.release(1)
    run.acquire(2)
    recording = run.finish()
    first, second, third = data_of(recording).lanes
    assert times(first.locks) == [(1 * STEP_NS, 4 * STEP_NS)]
    assert times(second.waits) == [(2 * STEP_NS, 5 * STEP_NS)]
    assert second.locks.lasts.tolist() == [0], "still held"
    assert times(second.locks) == [(5 * STEP_NS, recording.duration_ns)]
    assert times(third.waits) == [(3 * STEP_NS, 3 * STEP_NS)]


def test_a_lock_released_by_another_process_is_free() -> None:
    run = Simulation(2)
    run.acquire(1)
    run.release(2)
    run.acquire(2)
    run.release(2)
    first, second = data_of(run.finish()).lanes
    assert times(first.locks) == [(STEP_NS, 2 * STEP_NS)]
    assert times(second.locks) == [(3 * STEP_NS, 4 * STEP_NS)]


def test_each_holder_of_a_semaphore_releases_its_own_hold() -> None:
    run = Simulation(2)
    run.acquire(1)
    run.acquire(2)
    run.release(1)
    run.release(2)
    first, second = data_of(run.finish()).lanes
    assert times(first.locks) == [(STEP_NS, 3 * STEP_NS)]
    assert times(second.locks) == [(2 * STEP_NS, 4 * STEP_NS)]


def test_a_request_is_drawn_to_its_wait_only() -> None:
    run = Simulation(2)
    run.acquire(1)
    run.wait(2)
    run.release(1)
    run.acquire(2)
    data = data_of(run.recording)
    assert (data.request_ns >= 0).tolist() == [True, False, True, False]
    assert (data.reply_ns >= 0).tolist() == [True, False, True, True]


def test_own_locks_are_told_apart() -> None:
    lanes = data_of(race(3, 12, lock=LockChoice.PRIVATE)).lanes
    assert sum(len(lane.own_locks) for lane in lanes) == 12
    assert not any(len(lane.locks) for lane in lanes)
    assert all((lane.own_locks.ends_ns >= lane.own_locks.starts_ns).all() for lane in lanes)


@given(simulations)
def test_every_copy_that_was_used_is_there_with_its_fate(run: Simulation) -> None:
    recording = run.finish()
    data, history = data_of(recording), recording.history
    lost = {history.losses.victims[loss] for loss in history.standing()}
    for worker, lane in enumerate(data.lanes):
        assert set(lane.lost.lasts.tolist()) <= lost
        assert lost.isdisjoint(lane.kept.lasts.tolist())
        for spans in (lane.kept, lane.lost):
            assert (np.diff(spans.starts_ns) >= 0).all()
            assert (spans.ends_ns >= spans.starts_ns).all()
            for fetch, use in zip(spans.firsts.tolist(), spans.lasts.tolist(), strict=True):
                asked, used = recording.events[fetch - 1], recording.events[use - 1]
                assert isinstance(asked, OpRow)
                assert isinstance(used, OpRow | UnsentRow)
                assert asked.kind is OpKind.FETCH
                assert (asked.object, asked.key, asked.version) == (used.object, used.key, used.base)
                assert recording.event_worker[use - 1] == worker
    assert sorted(set(data.culprits.tolist())) == data.losses.tolist()


@given(simulations, st.integers(1, 9))
def test_bit_by_bit_gives_what_at_once_gives(run: Simulation, most: int) -> None:
    recording = Recording(run.header)
    lanes = Lanes(recording)
    for row in run.rows:
        recording.append(row)
        lanes.advance(most)
    while not lanes.advance(most):
        pass
    one, other = lanes.data(), data_of(run.recording)
    for mine, its in zip(one.lanes, other.lanes, strict=True):
        for kind in ("kept", "lost", "waits", "locks"):
            assert times(getattr(mine, kind)) == times(getattr(its, kind))
    for name in ("event_ns", "request_ns", "reply_ns", "losses"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_the_nearest_event_is_found_among_all_or_some() -> None:
    data = data_of(race(4, 20))
    some: Numbers = np.array((3, 9), np.int64)
    assert data.nearest_event(float(data.event_ns[4])) == 5
    assert [data.nearest_event(float(data.event_ns[n - 1]), some) for n in (1, 4, 8, 30)] == [3, 3, 9, 9]
    assert data.nearest_event(0.0, np.zeros(0, np.int64)) == 0


def test_text_tells_true_times_and_who_took_them() -> None:
    recording = race(4, 60)
    data = data_of(recording)
    worker = next(n for n, lane in enumerate(data.lanes) if len(lane.lost))
    lost = data.lanes[worker].lost
    text = lane_text(recording, data, worker, float(lost.starts_ns[0]), 1.0, False)
    label = recording.workers[worker].label
    assert f"{data.event_ns[lost.lasts[0] - 1] / 1e6:.6f} ms (observed in the server, number" in text
    assert f"{lost.starts_ns[0] / 1e6:.6f} ms (a reading of {label}’s clock)" in text
    assert "was overwritten" in text
    kept = data.lanes[worker].kept
    text = lane_text(recording, data, worker, float(kept.starts_ns[0]), 1.0, False)
    assert "Committed as v" in text


def test_text_tells_locks_where_they_are_pointed_at() -> None:
    recording = race(3, 12, lock=LockChoice.SHARED)
    data = data_of(recording)
    lane = data.lanes[0]
    at_ns = float(lane.kept.starts_ns[0])
    assert "Held lock for" in lane_text(recording, data, 0, at_ns, 1.0, True)
    assert "Private copy of d['test']" in lane_text(recording, data, 0, at_ns, 1.0, False)
    waiting = next(n for n, lane in enumerate(data.lanes) if len(lane.waits))
    at_ns = float(data.lanes[waiting].waits.starts_ns[0]) + 1
    assert "Waited for lock for" in lane_text(recording, data, waiting, at_ns, 0.5, True)
    own = race(3, 12, lock=LockChoice.PRIVATE)
    data = data_of(own)
    at_ns = float(data.lanes[0].own_locks.starts_ns[0])
    assert "excludes nobody" in lane_text(own, data, 0, at_ns, 1.0, True)
    assert lane_text(own, data, 0, 1e12, 1.0, True) == ""
