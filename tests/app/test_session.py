"""A session tells what a recording is worth: what failed, what to keep in mind, what the views look up."""

from pathlib import Path

import msgspec
import pytest

from dictrace.app.session import Session
from dictrace.engine.experiment import preset
from dictrace.engine.files import read_recording
from dictrace.engine.recording import RecordingError
from dictrace.engine.rows import EndRow, Outcome, Source
from tests.engine.histories import Simulation


def two_workers(**parameters: object) -> Simulation:
    """One of two workers makes an update from a fetched copy."""
    run = Simulation(2, **parameters)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.update(1, 0, base, **{"0": "a"})
    return run


def test_live_session_grows_until_it_ends() -> None:
    run = two_workers()
    session = Session.begun(run.header)
    assert session.live
    assert not session.saveable
    session.extend(run.rows)
    assert len(session.recording.events) == 3
    assert session.note == "", "while it runs there is nothing to judge"
    session.extend([EndRow(Outcome.FINISHED, 5000, 0)])
    session.end("")
    assert not session.live
    assert session.saveable
    assert session.problem == ""


@pytest.mark.parametrize(
    ("end", "said", "problem"),
    [
        (EndRow(Outcome.FINISHED, 1, 0), "", ""),
        (EndRow(Outcome.STOPPED, 1, 0), "", ""),
        (EndRow(Outcome.FAILED, 1, 0, "Task 0 raised."), "", "Task 0 raised."),
        (EndRow(Outcome.FINISHED, 1, 0), "The host died.", "The host died."),
        (None, "The host died.", "The host died."),
        (None, "", "This recording is incomplete."),
    ],
)
def test_problem_is_what_went_wrong_first(end: EndRow | None, said: str, problem: str) -> None:
    run = two_workers()
    session = Session.begun(run.header)
    session.extend([*run.rows, *([end] if end else [])])
    session.end(said)
    assert session.problem == problem
    assert session.recording.complete is (end is not None) or problem


def test_note_says_who_did_not_take_part_and_what_is_missing() -> None:
    run = two_workers()
    session = Session(run.finish(dropped=1200), live=False)
    assert "Only 1 of 2 processes took part" in session.note
    assert "1,200 rows are missing because a limit was reached." in session.note
    assert "copy was written back without a shared lock" in session.note


def test_views_look_up_source_certificates_and_room() -> None:
    run = two_workers(tasks=40, target="keys")
    run.fetch(2, 1)
    run.update(2, 1, 1, **{"1": "b"})
    source = Source("lessons.py", 10, "def f(i, d):\n    row = d['test']\n")
    run.header = msgspec.structs.replace(run.header, source=(source,))
    session = Session(run.finish(), live=False)
    context = session.context
    assert (context.source(11, None), context.source(99, None)) == ("row = d['test']", "")
    assert context.expected_keys == session.expected_updates == 40
    (event,) = session.losses
    assert context.certificate(0).event == event
    assert session.recording.history.cells.labels[context.cell(0)] == "0"
    assert session.curve.attempted[-1] == 2


def test_counter_keeps_room_for_one_key_only() -> None:
    assert Session(two_workers(tasks=40, target="counter").finish(), live=False).context.expected_keys == 0


def test_experiment_is_known_where_the_settings_are_those_of_one() -> None:
    known = Session(two_workers(target="keys", lock="private", tasks=9, processes=2).finish(), live=False)
    assert known.experiment == preset("private-lock", tasks=9, processes=2)
    assert Session(two_workers(target="nonsense").finish(), live=False).experiment is None


def test_pace_compares_with_how_long_it_ran() -> None:
    session = Session(two_workers().finish(), live=False)
    duration_s = session.recording.duration_ns / 1e9
    assert session.pace(400 * duration_s) == "shown 400× slower than it ran"
    assert session.pace(2.5 * duration_s) == "shown 2.5× slower than it ran"
    assert session.pace(duration_s / 4) == "shown 4.0× faster than it ran"
    assert Session.begun(two_workers().header).pace(1.0) == ""


def test_saved_rows_are_all_rows(tmp_path: Path) -> None:
    run = two_workers()
    session = Session.begun(run.header)
    session.extend([*run.rows, EndRow(Outcome.FINISHED, 5000, 0)])
    session.end("")
    session.save(tmp_path / "run.dictrace.gz")
    again = read_recording(tmp_path / "run.dictrace.gz")
    assert again.header == run.header
    assert again.events == session.recording.events
    assert again.complete
    with pytest.raises(RecordingError, match="can't be written"):
        session.save(tmp_path)
