"""Lanes: spans with true ends, and fates as they are at any position."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.experiment import LockChoice
from dictrace.engine.frame import ProcessState
from dictrace.engine.framing import frame_at
from dictrace.engine.lane_texts import lane_text
from dictrace.engine.lanes import MAIN, Lane, LaneData, Lanes
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow
from dictrace.engine.spans import Numbers, Spans
from tests.engine.histories import STEP_NS, WAY_NS, Simulation, simulations
from tests.engine.races import race


def data_of(recording: Recording) -> LaneData:
    return Lanes(recording).data()


def times(spans: Spans) -> list[tuple[int, int]]:
    return list(zip(spans.starts_ns.tolist(), spans.ends_ns.tolist(), strict=True))


def test_a_copy_lasts_from_the_reply_of_its_fetch_to_the_serving_of_its_commit() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    old = run.fetch(1, 0)
    run.fetch(2, 1)
    run.update(2, 1, old, a="1")
    run.update(1, 0, old, b="1")
    data = data_of(run.finish())
    first, second, main = data.lanes
    assert times(first.sent) == [(2 * STEP_NS + WAY_NS, 5 * STEP_NS)]
    assert times(second.sent) == [(3 * STEP_NS + WAY_NS, 4 * STEP_NS)]
    assert (second.sent.firsts.tolist(), second.sent.lasts.tolist()) == ([3], [4])
    assert not len(first.unsent) + len(second.unsent) + len(main.sent)
    assert data.fates.at(5).losses(1, 5).tolist() == [5]
    assert data.fates.loss_of(4, 5) == data.fates.loss_by(5) == 0
    assert data.fates.loss_of(4, 4) is data.fates.loss_of(5, 5) is data.fates.loss_by(4) is None


def test_without_a_reply_a_copy_begins_where_its_fetch_was_served() -> None:
    run = Simulation(1)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.rows.pop()
    run.update(1, 0, base, a="1")
    assert times(data_of(run.finish()).lanes[0].sent) == [(2 * STEP_NS, 3 * STEP_NS)]


def lost(recording: Recording, event: int) -> list[int]:
    """Numbers of the events that show an update which is lost just after `event`."""
    return np.flatnonzero(data_of(recording).fates.at(event).lost(np.arange(len(recording.events) + 1))).tolist()


def test_a_commit_that_comes_back_is_lost_only_in_between() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.fetch(2, 1)
    mine = run.update(1, 0, base, a="1")
    run.fetch(1, 2)
    run.update(2, 1, base, b="1")
    run.update(1, 2, mine, c="1")
    assert [lost(run.finish(), event) for event in (5, 6, 7)] == [[], [4], [6]]


def test_what_was_never_sent_is_lost_unless_its_task_raised() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.unsent(1, 0, {"a": "1"}, base)
    run.fetch(2, 1)
    run.raised(2, 1)
    run.unsent(2, 1, {"b": "1"}, base)
    recording = run.finish()
    first, second, _main = data_of(recording).lanes
    assert times(first.unsent) == [(2 * STEP_NS + WAY_NS, 3 * STEP_NS)]
    assert times(second.unsent) == [(4 * STEP_NS + WAY_NS, 6 * STEP_NS)]
    assert second.failures.tolist() == [5]
    assert lost(recording, 2) == []
    assert lost(recording, 6) == [3, 5]


def test_a_copy_that_is_only_read_lasts_to_the_end_of_its_task_or_the_next_fetch() -> None:
    run = Simulation(3)
    run.commit(0, None, {}, None)
    for worker in (1, 2, 3):
        run.begin(worker, worker)
    for worker in (1, 2, 3, 3):
        run.fetch(worker, worker)
    run.end(1, 1)
    run.died(2)
    run.read(3, 3)
    ended, died, twice, _main = data_of(run.recording).lanes
    assert times(ended.unsent) == [(2 * STEP_NS + WAY_NS, 5 * STEP_NS)]
    assert ended.unsent.lasts.tolist() == [0], "by a clock reading"
    assert died.unsent.lasts.tolist() == [6]
    assert twice.unsent.lasts.tolist() == [5, 8], "one more than there are: it is still held"
    over = data_of(run.finish()).lanes[2].unsent
    assert over.lasts.tolist() == [5, 8], "with the run it ends"


def test_the_main_program_has_a_lane_where_it_made_requests() -> None:
    run = Simulation(1)
    run.fetch(1, 0)
    assert data_of(run.recording).there == (0,)
    run.acquire(0)
    base = run.fetch(0, None)
    run.commit(0, None, {"a": "1"}, base)
    run.release(0)
    data = data_of(run.finish())
    main = data.lanes[MAIN]
    assert data.there == (MAIN, 0)
    assert main.events.tolist() == [2, 3, 4, 5]
    assert (main.locks.firsts.tolist(), main.locks.lasts.tolist()) == ([2], [5])


def test_waits_and_holds_of_a_lock() -> None:
    run = Simulation(3)
    run.acquire(1)
    run.wait(2)
    run.wait(3)
    run.died(3)
    run.release(1)
    run.acquire(2)
    recording = run.finish()
    first, second, third, _main = data_of(recording).lanes
    assert times(first.locks) == [(1 * STEP_NS, 4 * STEP_NS)]
    assert times(second.waits) == [(2 * STEP_NS, 5 * STEP_NS)]
    assert second.locks.lasts.tolist() == [len(recording.events) + 1], "still held"
    assert times(second.locks) == [(5 * STEP_NS, recording.duration_ns)]
    assert times(third.waits) == [(3 * STEP_NS, 3 * STEP_NS)]


def test_a_lock_released_by_another_process_is_free() -> None:
    run = Simulation(2)
    run.acquire(1)
    run.release(2)
    run.acquire(2)
    run.release(2)
    first, second, _main = data_of(run.finish()).lanes
    assert times(first.locks) == [(STEP_NS, 2 * STEP_NS)]
    assert times(second.locks) == [(3 * STEP_NS, 4 * STEP_NS)]


def test_each_holder_of_a_semaphore_releases_its_own_hold() -> None:
    run = Simulation(2)
    run.acquire(1)
    run.acquire(2)
    run.release(1)
    run.release(2)
    first, second, _main = data_of(run.finish()).lanes
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
def test_every_copy_begins_with_its_fetch_and_ends_with_its_commit(run: Simulation) -> None:
    recording = run.finish()
    data = data_of(recording)
    for worker, lane in enumerate(data.lanes[:MAIN]):
        for spans in (lane.sent, lane.unsent):
            assert (np.diff(spans.starts_ns) >= 0).all()
            assert (spans.ends_ns >= spans.starts_ns).all()
        for fetch, use in zip(lane.sent.firsts.tolist(), lane.sent.lasts.tolist(), strict=True):
            asked, used = recording.events[fetch - 1], recording.events[use - 1]
            assert isinstance(asked, OpRow)
            assert isinstance(used, OpRow)
            assert (asked.kind, used.kind) == (OpKind.FETCH, OpKind.COMMIT)
            assert (asked.object, asked.key, asked.version) == (used.object, used.key, used.base)
            assert recording.event_worker[use - 1] == worker


@pytest.mark.parametrize("lock", LockChoice)
def test_at_any_position_it_shows_what_the_frame_shows(lock: LockChoice) -> None:
    recording = race(5, 40, lock=lock)
    data, chance = data_of(recording), Random(3)
    for position in (0, len(recording.events), *(chance.uniform(0, len(recording.events)) for _ in range(1000))):
        frame = frame_at(recording, position)
        at = frame.event, frame.time_ns
        holders, queue = set(), set()
        for worker, view in enumerate(frame.processes):
            lane = data.lanes[worker]
            copies = {version(recording, lane, place) for place in lane.sent.open_at(*at)}
            assert bool(lane.own_locks.open_at(*at)) == view.holds_private
            assert copies <= ({view.copy.base_version} if view.copy else set())
            if view.copy and view.state is not ProcessState.COMMITTING:
                assert copies, position
            holders |= {worker} if lane.locks.open_at(*at) else set()
            queue |= {worker} if lane.waits.open_at(*at) else set()
        assert holders == {lock.holder for lock in frame.locks} - {None}
        assert queue == {worker for lock in frame.locks for worker in lock.queue}


def version(recording: Recording, lane: Lane, place: int) -> int | None:
    """The version of a copy that was committed."""
    row = recording.events[lane.sent.firsts[place] - 1]
    assert isinstance(row, OpRow)
    return row.version


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
        for kind in ("sent", "unsent", "waits", "locks"):
            assert times(getattr(mine, kind)) == times(getattr(its, kind))
    for name in ("event_ns", "request_ns", "reply_ns"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    numbers = np.arange(len(one.event_ns) + 1)
    assert np.array_equal(*(lanes.fates.at(len(run.rows)).lost(numbers) for lanes in (one, other)))


def test_the_nearest_event_is_found_among_all_or_some() -> None:
    data = data_of(race(4, 20))
    some: Numbers = np.array((3, 9), np.int64)
    assert data.nearest_event(float(data.event_ns[4])) == 5
    assert [data.nearest_event(float(data.event_ns[n - 1]), some) for n in (1, 4, 8, 30)] == [3, 3, 9, 9]
    assert data.nearest_event(0.0, np.zeros(0, np.int64)) == 0


def told(recording: Recording, worker: int, at_ns: float, event: int | None = None, on_locks: bool = False) -> str:
    """What the lane of a worker tells of a time when the position is just after `event` (None: the end)."""
    data = data_of(recording)
    fates = data.fates.at(len(recording.events) if event is None else event)
    return lane_text(recording, data, fates, worker, at_ns, 0.5, on_locks)


def test_text_tells_true_times_and_who_took_them() -> None:
    recording = race(4, 60)
    data = data_of(recording)
    victim = int(data.fates.victims[0])
    worker = int(data.workers[victim - 1])
    sent = data.lanes[worker].sent
    place = sent.lasts.tolist().index(victim)
    at_ns = float(sent.starts_ns[place])
    text = told(recording, worker, at_ns)
    label = recording.workers[worker].label
    assert f"{data.event_ns[victim - 1] / 1e6:.6f} ms (observed in the server, number" in text
    assert f"{sent.starts_ns[place] / 1e6:.6f} ms (a reading of {label}’s clock)" in text
    assert "was overwritten" in text
    assert "Committed as v" in told(recording, worker, at_ns, victim), "not overwritten yet"
    assert "Held at this moment" in told(recording, worker, at_ns, victim - 1)
    assert "Still to come" in told(recording, worker, at_ns, int(sent.firsts[place]) - 1)


def test_text_tells_a_copy_that_came_to_nothing() -> None:
    run = Simulation(1)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.unsent(1, 0, {"a": "1"}, base)
    run.fetch(1, 1)
    recording = run.recording
    assert "never sent" in told(recording, 0, 2.5 * STEP_NS)
    assert "Held at this moment" in told(recording, 0, 4.0 * STEP_NS)
    run.begin(1, 2)
    run.read(1, 2)
    assert "not committed" in told(run.recording, 0, 4.5 * STEP_NS)


def test_text_tells_locks_where_they_are_pointed_at() -> None:
    recording = race(3, 12, lock=LockChoice.SHARED)
    lanes = data_of(recording).lanes
    at_ns = float(lanes[0].sent.starts_ns[0])
    assert "Held lock for" in told(recording, 0, at_ns, on_locks=True)
    assert "Private copy of d['test']" in told(recording, 0, at_ns)
    assert "Still to come" in told(recording, 0, at_ns, 1, on_locks=True)
    waiting = next(n for n, lane in enumerate(lanes) if len(lane.waits))
    at_ns = float(lanes[waiting].waits.starts_ns[0]) + 1
    assert "Waited for lock for" in told(recording, waiting, at_ns, on_locks=True)
    own = race(3, 12, lock=LockChoice.PRIVATE)
    at_ns = float(data_of(own).lanes[0].own_locks.starts_ns[0])
    assert "excludes nobody" in told(own, 0, at_ns, on_locks=True)
    assert told(own, 0, 1e12, on_locks=True) == ""
