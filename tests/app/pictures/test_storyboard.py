"""Storyboards: which moments, which files, and the contact sheet."""

import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dictrace.app.cli import main
from dictrace.app.pictures import storyboard
from dictrace.app.pictures.embedding import embedded_in
from dictrace.app.pictures.painters import Job, Painters, Stills
from dictrace.app.pictures.picture import MOST_PX, Picture, Size, View
from dictrace.app.pictures.sheet import Sheet
from dictrace.app.pictures.storyboard import even_moments, loss_moments
from dictrace.engine.experiment import LockChoice
from dictrace.engine.opening import first_worker_event
from dictrace.engine.recording import RecordingError
from dictrace.widgets.theme import LIGHT
from tests.app.pictures.subjects import file_of_race, subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit status of ``dictrace storyboard`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dictrace", "storyboard", *map(str, arguments)])
    return main()


@pytest.mark.parametrize("count", [1, 2, 3, 6, 9])
def test_even_moments_go_from_the_first_of_a_worker_to_the_end_by_losses(tmp_path: Path, count: int) -> None:
    subject = subject_of_race(tmp_path, 40)
    events = len(subject.recording.events)
    moments = even_moments(subject, count)
    assert len(moments) == count
    assert moments == sorted(moments)
    assert moments[0] == first_worker_event(subject.recording)
    assert count == 1 or moments[-1] == events
    assert set(moments[1:-1]) <= set(subject.session.losses)
    step = (events - moments[0]) / max(count - 1, 1)
    assert all(abs(moment - moments[0] - index * step) <= step / 2 + 1 for index, moment in enumerate(moments))


def test_there_are_no_more_moments_than_events(tmp_path: Path) -> None:
    subject = subject_of_race(tmp_path, 2)
    first, events = first_worker_event(subject.recording), len(subject.recording.events)
    assert len(even_moments(subject, 100)) <= events - first + 1


def test_loss_moments_are_all_of_them_unless_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject = subject_of_race(tmp_path)
    assert loss_moments(subject) == [float(event) for event in subject.session.losses]
    monkeypatch.setattr(storyboard, "MOST_STILLS", 2)
    with pytest.raises(RecordingError, match=r"more than 2; choose fewer with --stills\.$"):
        loss_moments(subject)


def test_the_folder_has_stills_sheet_and_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "board"
    options = ["--stills", 3, "--view", "history", "--size", "300x200", "--theme", "dark"]
    assert run(monkeypatch, file_of_race(tmp_path), "-o", folder, *options) == 0
    names = {path.name for path in folder.iterdir()}
    pictures = ("contact-sheet", "still-01", "still-02", "still-03")
    assert names == {f"{name}{suffix}" for name in pictures for suffix in (".png", ".alt.txt")}
    moments = even_moments(subject_of_race(tmp_path), 3)
    for number, moment in enumerate(moments, start=1):
        found = embedded_in(folder / f"still-0{number}.png")
        assert found is not None
        assert found.shown.position == moment
        assert found.shown.picture == Picture(View.HISTORY, Size(300, 200), dark=True)
        assert f"after event {int(moment)} of" in (folder / f"still-0{number}.alt.txt").read_text()
    told = (folder / "contact-sheet.alt.txt").read_text()
    assert told.startswith("Contact sheet of 3 moments.\n1. History: a run")


def test_the_same_bytes_twice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    recording, folders = file_of_race(tmp_path), (tmp_path / "one", tmp_path / "two")
    for folder in folders:
        assert run(monkeypatch, recording, "-o", folder, "--losses", "--size", "200x150", "--no-embed") == 0
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == two
    assert len(one) == 2 * (len(subject_of_race(tmp_path).session.losses) + 1)


@pytest.mark.parametrize("count", [1, 4, 50])
def test_a_sheet_can_be_painted_however_many_there_are(tmp_path: Path, count: int) -> None:
    subject = subject_of_race(tmp_path)
    picture = Picture(View.STAGE, Size(500, 120), scale=4)
    image = QImage.fromData(Sheet(subject, [float(n) for n in range(count)], picture).png())
    assert 500 < max(image.width(), image.height()) <= MOST_PX
    for x, y in ((0, 0), (image.width() - 1, image.height() - 1), (0, image.height() - 1)):
        assert image.pixelColor(x, y) == LIGHT.window


def test_another_process_paints_the_same_sheet_for_the_room_there_is(tmp_path: Path) -> None:
    subject, picture = subject_of_race(tmp_path), Picture(View.STAGE, Size(500, 300), scale=2)
    wanted = {3: even_moments(subject, 3), None: loss_moments(subject)}
    with Painters(1) as painters:
        for count, positions in wanted.items():
            stills = Stills(count, width_px=400, height_px=300)
            png = painters.paint(subject.lines, Job(0, picture, stills=stills)).result()
            assert png == Sheet(subject, positions, picture).png(400, 300)
            image = QImage.fromData(png)
            assert (image.width() == 400 and image.height() <= 300) or (image.height() == 300 and image.width() <= 400)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--losses", "--stills", 3], "Give either --stills or --losses."),
        (["--size", "big"], "“big” is no size; write it in pixels, 960x540, or in millimetres, 160x90mm."),
    ],
)
def test_wrong_use_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    options: list[object],
    sentence: str,
) -> None:
    assert run(monkeypatch, file_of_race(tmp_path), "-o", tmp_path / "board", *options) == 2
    assert capsys.readouterr().err == f"{sentence}\n"
    assert not (tmp_path / "board").exists()


def test_a_folder_that_can_not_be_made_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    recording = file_of_race(tmp_path)
    assert run(monkeypatch, recording, "-o", recording / "board") == 1
    assert capsys.readouterr().err == "“board” can't be written: Not a directory.\n"


def test_without_losses_there_is_no_storyboard_of_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    recording = file_of_race(tmp_path, lock=LockChoice.SHARED)
    assert run(monkeypatch, recording, "-o", tmp_path / "board", "--losses") == 1
    assert capsys.readouterr().err == "No update is lost in this recording.\n"
