"""Which positions an animation shows."""

from itertools import pairwise
from pathlib import Path

import pytest

from dictrace.app.pictures.motion import MOST_S, USUAL_S, Even, Motion, positions_of
from dictrace.engine.clock import Clock, drawn_clock
from dictrace.engine.recording import Recording, RecordingError
from tests.app.pictures.subjects import subject_of_race


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    return subject_of_race(tmp_path).recording


def test_length_and_rate_give_the_frames(recording: Recording) -> None:
    positions = positions_of(recording, Motion(seconds=6, fps=10))
    assert len(positions) == 60
    assert (positions[0], positions[-1]) == (0.0, float(len(recording.events)))
    assert positions == sorted(positions)
    assert positions.count(positions[-1]) == 11  # reached, and then a rest of a sixth


def test_events_take_equally_long(recording: Recording) -> None:
    positions = positions_of(recording, Motion(start="8", end="20", speed=2, fps=10))
    moving = positions[: positions.index(20.0) + 1]
    assert len(moving) == 60
    steps = [later - earlier for earlier, later in pairwise(moving)]
    assert steps == [pytest.approx(12 / 59)] * 59


def test_by_clock_drawn_time_passes_evenly(recording: Recording) -> None:
    positions = positions_of(recording, Motion(seconds=5, fps=20, even=Even.CLOCK))
    drawn = drawn_clock(Clock(recording.event_ns))
    moving = positions[: positions.index(positions[-1]) + 1]
    times = [drawn.time_at(position) for position in moving]
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert steps == [pytest.approx(drawn.duration_ns / (len(moving) - 1), rel=1e-6)] * (len(moving) - 1)


def test_by_clock_the_speed_is_time_of_the_run_over_time_watched(recording: Recording) -> None:
    drawn_s = drawn_clock(Clock(recording.event_ns)).duration_ns / 1e9
    positions = positions_of(recording, Motion(speed=drawn_s / 3, fps=10, even=Even.CLOCK))
    assert positions.index(positions[-1]) + 1 == 30


def test_the_usual_length_suits_short_and_long_runs(tmp_path: Path) -> None:
    for tasks, least_s, most_s in ((1, USUAL_S[0], USUAL_S[0]), (20, 10, 16), (400, USUAL_S[1], USUAL_S[1])):
        frames = len(positions_of(subject_of_race(tmp_path, tasks).recording, Motion(fps=10)))
        assert least_s <= frames / 10 <= most_s


@pytest.mark.parametrize(
    ("motion", "said"),
    [
        ({"start": "20", "end": "10"}, "From “20” to “10” nothing happens."),
        ({"start": "end"}, "From “end” to “end” nothing happens."),
        ({"start": "soon"}, "“soon” is no moment"),
        ({"seconds": 0.1}, "An animation takes 1 to 600 seconds, not 0.1."),
        ({"seconds": MOST_S + 1}, "An animation takes 1 to 600 seconds, not 601.0."),
        ({"seconds": float("nan")}, "An animation takes 1 to 600 seconds, not nan."),
        ({"speed": 1e-6}, "An animation takes 1 to 600 seconds, not "),
        ({"speed": 0}, "The speed of an animation is above 0, not 0."),
        ({"speed": float("nan")}, "The speed of an animation is above 0, not nan."),
        ({"fps": 0}, "An animation has 1 to 60 frames per second, not 0."),
        ({"fps": 61}, "An animation has 1 to 60 frames per second, not 61."),
    ],
)
def test_what_can_not_be_is_said(recording: Recording, motion: dict[str, str], said: str) -> None:
    with pytest.raises(RecordingError, match=f"^{said}"):
        positions_of(recording, Motion(**motion))
