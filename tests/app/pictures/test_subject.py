"""What pictures are made of, from a file or from a window."""

from pathlib import Path

import pytest

from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture
from dictrace.app.pictures.subject import Subject
from dictrace.app.session import Session
from dictrace.engine.files import read_recording
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import file_of_race, lines_of_race
from tests.app.watched import a_run


def test_a_run_made_in_the_window_can_be_embedded(tmp_path: Path) -> None:
    run = a_run()
    session = Session.begun(run.header)
    session.extend(run.rows)
    assert Subject.of(session).lines == b"", "while it runs there is no whole recording"
    session.end("")
    path = tmp_path / "run.dictrace"
    path.write_bytes(Subject.of(session).lines)
    assert read_recording(path).rows == session.recording.rows
    assert Subject.of(session).session is session


@pytest.mark.usefixtures("qapp")
def test_a_run_that_was_opened_is_read_again(tmp_path: Path) -> None:
    path = file_of_race(tmp_path)
    session = Session(read_recording(path), live=False)
    assert Subject.of(session, path).lines == lines_of_race()
    picture = tmp_path / "figure.png"
    write(Subject.opened(path), 3, Picture(), picture)
    assert Subject.of(session, picture).lines == lines_of_race()


@pytest.mark.parametrize("changed", [lines_of_race(21), b"", None])
def test_another_file_in_its_place_is_not_embedded(tmp_path: Path, changed: bytes | None) -> None:
    path = file_of_race(tmp_path)
    session = Session(read_recording(path), live=False)
    if changed is None:
        path.unlink()
    else:
        path.write_bytes(changed)
    assert Subject.of(session, path).lines == b""


def test_what_can_not_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no file"):
        Subject.opened(tmp_path / "missing.png")
    with pytest.raises(RecordingError, match="is a folder"):
        Subject.opened(tmp_path)
