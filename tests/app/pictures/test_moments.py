"""Moments and sizes as a person writes them."""

from pathlib import Path

import pytest

from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.picture import Size, size_from
from dictrace.app.pictures.subject import Subject
from dictrace.engine.experiment import LockChoice
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import file_of_race, subject_of_race


def test_every_way_to_write_a_moment(tmp_path: Path) -> None:
    recording = subject_of_race(tmp_path).recording
    events = len(recording.events)
    losses = recording.history.losses.events
    assert position_at(recording, "7") == 7
    assert position_at(recording, "7.5") == 7.5
    assert position_at(recording, "50%") == events / 2
    assert position_at(recording, "start") == 0
    assert position_at(recording, " End ") == events
    assert position_at(recording, "first-loss") == losses[0]
    assert position_at(recording, "last-loss") == losses[-1]
    for text in ("first-wait", "last-wait"):
        with pytest.raises(RecordingError, match=r"^No process waits for a shared lock in this recording\.$"):
            position_at(recording, text)
    at_ns = recording.event_ns[9]
    for text in (f"{at_ns}ns", f"{at_ns / 1e3:.3f}us", f"{at_ns / 1e3:.3f} µs", f"{at_ns / 1e6:.6f}ms"):
        assert position_at(recording, text) == pytest.approx(10, abs=0.01)


def test_where_a_process_waits_another_one_has_the_lock(tmp_path: Path) -> None:
    subject = Subject.opened(file_of_race(tmp_path, lock=LockChoice.SHARED))
    first, last = (position_at(subject.recording, text) for text in ("first-wait", "last-wait"))
    assert 0 < first < last
    for position in (first, last):
        (lock,) = subject.frame(position).locks
        assert lock.holder is not None
        assert lock.queue
    assert not any(lock.queue for lock in subject.frame(first - 1).locks)


@pytest.mark.parametrize("text", ["", "soon", "first-", "last-end", "-1", "1e3", "101%", "99999", "99s", "5 km", "٣"])
def test_what_is_no_moment_is_said(text: str, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=rf"^“{text}” is (no moment|after the end)"):
        position_at(subject_of_race(tmp_path).recording, text)


def test_sizes() -> None:
    assert size_from("960x540") == Size(960, 540)
    assert size_from("160x90mm") == Size(160, 90, in_mm=True)
    assert size_from(" 160.5 × 90 MM ") == Size(160.5, 90, in_mm=True)
    assert size_from("160x90mm").width_px == pytest.approx(604.72, abs=0.01)


@pytest.mark.parametrize("text", ["", "960", "x540", "960x540cm", "-1x5", "10x10", "9000x100", "1e3x500"])
def test_what_is_no_size_is_said(text: str) -> None:
    with pytest.raises(RecordingError, match=r"is no size|is not\."):
        size_from(text)
