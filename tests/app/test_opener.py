"""Recordings are read slice by slice; what can't be read is said in one sentence."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dictrace.app.opener import Opener
from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture, View
from dictrace.app.pictures.subject import Subject
from dictrace.engine import files
from dictrace.engine.experiment import LockChoice
from dictrace.engine.files import RecordingWriter
from tests.engine.races import Race


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = Race(4, 60, 1, LockChoice.NONE, False)
    made.play()
    made.run.finish()
    with RecordingWriter(tmp_path / "run.dictrace") as writer:
        writer.write_rows([made.run.header, *made.run.rows])
    return tmp_path / "run.dictrace"


def test_file_is_read_in_slices_with_progress(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setattr(files, "SLICE_BYTES", 4096)
    opener = Opener()
    shares: list[float] = []
    opener.progressed.connect(shares.append)
    with qtbot.waitSignal(opener.opened, timeout=5000) as opened:
        opener.open(file)
    (recording,) = opened.args or ()
    assert recording.complete
    assert recording.history.counts_at(len(recording.events)).attempted == 60
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_opens_with_what_it_shows(qtbot: QtBot, file: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"figure{suffix}"
    write(Subject.opened(file), 31.5, Picture(View.HISTORY), path)
    opener = Opener()
    with qtbot.waitSignal(opener.opened, timeout=5000) as opened:
        opener.open(path)
    (recording,) = opened.args or ()
    assert recording.complete
    assert opener.shown is not None
    assert (opener.shown.picture.view, opener.shown.position) == (View.HISTORY, 31.5)
    with qtbot.waitSignal(opener.opened, timeout=5000):
        opener.open(file)
    assert opener.shown is None


def test_what_is_no_recording_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    opener = Opener()
    with qtbot.waitSignal(opener.failed) as failed:
        opener.open(tmp_path / "missing.dictrace")
    (sentence,) = failed.args or ()
    assert "There is no file" in sentence


def test_closing_leaves_the_file_unread(qtbot: QtBot, file: Path) -> None:
    opener = Opener()
    opener.open(file)
    opener.close()
    with qtbot.assertNotEmitted(opener.opened, wait=50):
        opener.close()


def test_another_file_takes_the_place_of_the_first(qtbot: QtBot, file: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.dictrace"
    second.write_bytes(file.read_bytes())
    opener = Opener()
    opened: list[object] = []
    opener.opened.connect(opened.append)
    opener.open(file)
    opener.open(second)
    qtbot.waitUntil(lambda: bool(opened))
    assert len(opened) == 1
