"""What is said of a picture in words."""

from pathlib import Path

import pytest

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text, caption_of
from dictrace.engine.files import read_recording
from dictrace.engine.story import newest_story
from tests.app.pictures.subjects import lines_of_race, subject_of_race


def test_a_picture_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "run.dictrace"
    path.write_bytes(lines_of_race(dropped=7).replace(b'"gate":"free"', b'"gate":"scripted"'))
    subject = Subject(read_recording(path))
    events = len(subject.recording.events)
    for told in ("3 real processes", "forced order", "start method fork", "7 rows left out", "recorded 2025-01-01"):
        assert told in caption_of(subject, 12).split(" · ")
    assert caption_of(subject, 12.5).endswith(f" · event 12 of {events}")
    assert "event" not in caption_of(subject, events)
    assert "About this recording: forced order, 7 rows left out. " in alt_text(subject, 12, View.STAGE)
    assert "About" not in alt_text(subject_of_race(tmp_path), 12, View.STAGE)


@pytest.mark.parametrize("view", View)
def test_the_text_in_place_of_a_picture_tells_the_moment(tmp_path: Path, view: View) -> None:
    subject = subject_of_race(tmp_path)
    first_loss = subject.losses[0]
    text = alt_text(subject, first_loss, view)
    assert f"after event {first_loss} of {len(subject.recording.events)}." in text
    assert " 1 overwritten · 0 never sent · 0 never ran. " in text
    told = (
        "Cure: Hold one shared lock from the fetch to the commit." if view is View.WHY else "1 update was overwritten."
    )
    assert text.endswith(told)


def test_why_is_told_step_by_step(tmp_path: Path) -> None:
    subject = subject_of_race(tmp_path)
    first_loss = subject.losses[0]
    told = newest_story(subject.recording, first_loss)
    assert told.steps
    text = alt_text(subject, first_loss, View.WHY)
    for sentence in (f" {told.title}. ", *(f" {step.text} " for step in told.steps)):
        assert sentence in text
    assert alt_text(subject, first_loss - 1, View.WHY).endswith("No update is lost up to here.")


def test_nothing_is_counted_before_there_is_anything(tmp_path: Path) -> None:
    assert alt_text(subject_of_race(tmp_path), 0, View.STAGE).endswith("No update yet.")
