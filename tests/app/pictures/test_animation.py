"""Animations read back by the libraries that others show them with."""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from dictrace.app.cli import STOPPED, main
from dictrace.app.pictures import animation
from dictrace.app.pictures.animation import SUFFIXES, write_animation
from dictrace.app.pictures.motion import Motion
from dictrace.app.pictures.output import image_of
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.app.pictures.subject import Subject
from dictrace.engine import files
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import file_of_race, subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")
SHORT = Motion(start="10", end="16", seconds=2, fps=5)
SMALL = Picture(View.STAGE, Size(321, 241))

Pixels = npt.NDArray[np.int16]


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return subject_of_race(tmp_path)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit status of ``dictrace animate`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dictrace", "animate", *map(str, arguments)])
    return main()


def painted(subject: Subject, position: float, picture: Picture = SMALL) -> Pixels:
    """The picture as the painter paints it, shape (height, width, 3)."""
    image = image_of(subject, position, picture).convertToFormat(QImage.Format.Format_RGBX8888)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(np.int16)


def shown(path: Path) -> list[tuple[Pixels, float]]:
    """Each frame of a file with the seconds for which it is shown."""
    if path.suffix == ".mp4":
        with av.open(path) as movie:
            frames = list(movie.decode(video=0))
            rate = float(movie.streams.video[0].average_rate or 0)
        return [(frame.to_ndarray(format="rgb24").astype(np.int16), 1 / rate) for frame in frames]
    found = []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            pixels = np.array(image.convert("RGB"), np.int16)  # a WebP knows its duration only after that
            found.append((pixels, image.info["duration"] / 1000))
    return found


@pytest.mark.parametrize(("suffix", "most"), [(".gif", 12.0), (".webp", 0.0), (".mp4", 12.0)])
def test_frames_are_what_the_painter_paints(subject: Subject, tmp_path: Path, suffix: str, most: float) -> None:
    """`most` is how far the mean of a picture's differences may be off, of 255."""
    path = tmp_path / f"film{suffix}"
    write_animation(subject, SHORT, SMALL, path)
    frames = shown(path)
    first, last = painted(subject, 10), painted(subject, 16)
    assert sum(seconds for _pixels, seconds in frames) == pytest.approx(2.0)
    for (pixels, _seconds), wanted in ((frames[0], first), (frames[-1], last)):
        assert abs(pixels[:241, :321] - wanted).mean() <= most / 4
    assert abs(first - last).mean() > most / 4


def test_a_video_has_even_sides_and_all_frames(subject: Subject, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    write_animation(subject, SHORT, SMALL, path)
    frames = shown(path)
    assert len(frames) == 10
    assert {pixels.shape for pixels, _seconds in frames} == {(242, 322, 3)}
    assert path.read_bytes().find(b"moov") < path.read_bytes().find(b"mdat")  # plays before it is all there


def test_areas_of_a_gif_keep_their_exact_colours(subject: Subject, tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    write_animation(subject, SHORT, SMALL, path)
    pixels, wanted = shown(path)[-1][0], painted(subject, 16)
    colours, counts = np.unique(wanted.reshape(-1, 3), axis=0, return_counts=True)
    for colour in colours[np.argsort(-counts)[:20]]:
        place = (wanted == colour).all(axis=2)
        assert (pixels[place] == colour).all()
    assert abs(pixels - wanted).max() < 64


def test_a_gif_stores_of_a_frame_what_changed(subject: Subject, tmp_path: Path) -> None:
    path, still = tmp_path / "film.gif", tmp_path / "still.gif"
    write_animation(subject, SHORT, SMALL, path)
    Image.fromarray(painted(subject, 10).astype(np.uint8)).save(still)
    boxes = []
    with Image.open(path) as image:
        assert image.info["loop"] == 0
        for number in range(image.n_frames):
            image.seek(number)
            boxes.append(image.tile[0].extents)
    assert boxes[0] == (0, 0, 321, 241)
    assert all(box[2] - box[0] < 321 or box[3] - box[1] < 241 for box in boxes[1:])
    assert path.stat().st_size < 3 * still.stat().st_size


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_bytes_twice(subject: Subject, tmp_path: Path, suffix: str) -> None:
    paths = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    for path in paths:
        write_animation(subject, SHORT, SMALL, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_many_painters_give_what_one_does(subject: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, many = tmp_path / "one.gif", tmp_path / "many.gif"
    write_animation(subject, SHORT, SMALL, one)
    monkeypatch.setattr(animation, "SHOTS_PER_PAINTER", 2)
    write_animation(subject, SHORT, SMALL, many)
    assert one.read_bytes() == many.read_bytes()


@pytest.mark.parametrize(("suffix", "forever", "once"), [(".gif", 0, None), (".webp", 0, 1)])
def test_it_loops_unless_told_not_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str, forever: int, once: int | None
) -> None:
    recording, path = file_of_race(tmp_path), tmp_path / f"film{suffix}"
    options = ["--from", 10, "--to", "16", "--seconds", 1, "--fps", 5, "--size", "320x240"]
    for more, wanted in (([], forever), (["--no-loop"], once)):
        assert run(monkeypatch, recording, "-o", path, *options, *more) == 0
        with Image.open(path) as image:
            assert image.info.get("loop") == wanted


def test_options_reach_the_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    options = ["--view", "losses", "--size", "300x200", "--scale", 2, "--theme", "dark", "--caption", "So", "--bare"]
    motion = ["--from", "first-loss", "--to", "last-loss", "--seconds", 1, "--fps", 4, "--by", "clock"]
    assert run(monkeypatch, file_of_race(tmp_path), "-o", path, *options, *motion) == 0
    subject = Subject.opened(file_of_race(tmp_path))
    wanted = Picture(View.LOSSES, Size(300, 200), scale=2, dark=True, caption="So", bare=True)
    first = shown(path)[0][0]
    assert (first == painted(subject, subject.session.losses[0], wanted)).all()


@pytest.mark.parametrize(
    ("name", "options", "status", "sentence"),
    [
        ("film.avi", [], 2, "Let the file's name end in .gif, .webp or .mp4."),
        ("film.gif", ["--seconds", 3, "--speed", 2], 2, "Give either --seconds or --speed."),
        ("film.mp4", ["--loop"], 2, "A video can't say that it loops; leave --loop out."),
        ("film.gif", ["--fps", 60], 2, "A GIF shows at most 50 frames per second, not 60."),
        ("film.gif", ["--from", 20, "--to", 10], 1, "From “20” to “10” nothing happens."),
        ("none/film.gif", [], 1, "“film.gif” can't be written: No such file or directory."),
    ],
)
def test_wrong_use_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    options: list[object],
    status: int,
    sentence: str,
) -> None:
    assert run(monkeypatch, file_of_race(tmp_path), "-o", tmp_path / name, *options) == status
    assert capsys.readouterr().err == f"{sentence}\n"
    assert not (tmp_path / name).exists()


def test_without_pyav_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(animation, "find_spec", lambda name: None if name == "av" else real(name))
    assert run(monkeypatch, file_of_race(tmp_path), "-o", tmp_path / "film.mp4") == 1
    said = "Videos need PyAV, which is not installed; get it with: pip install 'dictrace[video]'\n"
    assert capsys.readouterr().err == said


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_leaves_what_was_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    path, recording = tmp_path / f"film{suffix}", file_of_race(tmp_path)
    path.write_bytes(b"before")
    real = open
    monkeypatch.setattr(
        files, "open", lambda name, mode="r": real("/dev/full" if "w" in mode else name, mode), raising=False
    )
    options = ["--from", 10, "--to", 16, "--seconds", 1, "--fps", 5, "--size", "320x240"]
    assert run(monkeypatch, recording, "-o", path, *options) == 1
    assert capsys.readouterr().err == f"“{path.name}” can't be written: No space left on device.\n"
    assert path.read_bytes() == b"before"
    assert sorted(tmp_path.iterdir()) == sorted([path, recording])


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_progress_raises_ends_it_without_a_trace(subject: Subject, tmp_path: Path, suffix: str) -> None:
    path, seen = tmp_path / f"film{suffix}", []

    def cancel_at_four(done: int, count: int) -> None:
        seen.append((done, count))
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_animation(subject, SHORT, SMALL, path, progress=cancel_at_four)
    count = seen[0][1]
    assert seen == [(done, count) for done in range(5)]
    assert not list(tmp_path.glob("*film*"))


def test_progress_counts_every_picture(subject: Subject, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_animation(subject, SHORT, SMALL, tmp_path / "film.gif", progress=lambda *numbers: seen.append(numbers))
    assert [done for done, _count in seen] == list(range(seen[0][1] + 1))
    assert all(earlier[1] == later[1] for earlier, later in pairwise(seen))


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_ctrl_c_leaves_no_half_file_and_no_process(tmp_path: Path) -> None:
    recording, path = file_of_race(tmp_path, 200), tmp_path / "film.webp"
    command = [sys.executable, "-m", "dictrace.app", "animate", recording, "-o", path, "--seconds", "60"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as working:
        wait_for(lambda: any(tmp_path.glob(".film*")))
        os.killpg(working.pid, signal.SIGINT)
        _out, error = working.communicate(timeout=60)
    assert (working.returncode, error) == (STOPPED, b"\n")
    assert list(tmp_path.iterdir()) == [recording]
    wait_for(lambda: not group_lives(working.pid))


@pytest.mark.parametrize("error", [KeyError("PIL"), StopIteration(), RecordingError("A process ended unexpectedly.")])
def test_ctrl_c_counts_where_clearing_up_fails_after_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, error: Exception
) -> None:
    def interrupted(*_arguments: object, **_more: object) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            raise error

    monkeypatch.setattr(animation, "write_animation", interrupted)
    recording = file_of_race(tmp_path)
    monkeypatch.setattr(sys, "argv", ["dictrace", "animate", str(recording), "-o", str(tmp_path / "film.gif")])
    assert main() == STOPPED
    assert capsys.readouterr().err == "\n"


def group_lives(group: int) -> bool:
    """Whether a process of this group is left; one that is just being started ends when its input does."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(true: Callable[[], bool]) -> None:
    """Wait until it is true; the time limit of a test ends the rest."""
    while not true():
        time.sleep(0.01)


def test_the_view_stays_where_it_is_when_the_line_below_gets_shorter(subject: Subject) -> None:
    """At its end a picture says no event any more; where it is narrow, that was a line of text."""
    events = len(subject.recording.events)
    picture = Picture(View.CODE, Size(460, 200))
    foots = []
    for position in (events - 1, events):
        ink = (painted(subject, position, picture)[120:] < 200).any(axis=(1, 2))
        foots.append(int(np.flatnonzero(ink)[0]))
    assert foots[0] == foots[1]
