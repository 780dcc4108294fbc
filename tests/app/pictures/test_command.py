"""``dictrace picture``, as a person or a script uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from dictrace.app.cli import main
from dictrace.app.pictures.embedding import embedded_in
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.engine import files
from dictrace.engine.words import choose_language
from tests.app.pictures.subjects import file_of_race

pytestmark = pytest.mark.usefixtures("qapp")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit status of ``dictrace picture`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dictrace", "picture", *map(str, arguments)])
    return main()


def test_it_needs_no_display_and_no_plotting_library(tmp_path: Path) -> None:
    recording, picture = file_of_race(tmp_path), tmp_path / "figure.png"
    program = "import sys; from dictrace.app.cli import main; code = main(); print('pyqtgraph' in sys.modules, code)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "DISPLAY"))}
    done = subprocess.run(
        [sys.executable, "-c", program, "picture", recording, "-o", picture, "--view", "window"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("False 0\n", "")
    assert QImage(str(picture)).width() == 1600


def test_options_reach_the_picture(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path, alt = tmp_path / "figure.png", tmp_path / "figure.txt"
    options = ["--view", "log", "--at", 12, "--size", "200x100mm", "--scale", 2, "--theme", "dark", "--caption", "So"]
    assert run(monkeypatch, file_of_race(tmp_path), "-o", path, *options, "--bare", "--alt", alt) == 0
    found = embedded_in(path)
    assert found is not None
    assert found.shown.position == 12
    wanted = Picture(View.LOG, Size(200, 100, in_mm=True), scale=2, dark=True, caption="So", bare=True)
    assert found.shown.picture == wanted
    assert alt.read_text().startswith("Log: a run of “test” with 3 processes, after event 12 of ")


def test_a_picture_of_a_picture_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first, second = tmp_path / "one.png", tmp_path / "two.png"
    assert run(monkeypatch, file_of_race(tmp_path), "-o", first, "--view", "history", "--at", "first-loss") == 0
    assert run(monkeypatch, first, "-o", second) == 0
    assert first.read_bytes() == second.read_bytes()
    assert run(monkeypatch, first, "-o", second, "--theme", "dark", "--no-embed") == 0
    assert QImage(str(second)).pixelColor(1, 1).lightness() < 60


def test_other_commands_read_the_recording_in_a_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording, picture = file_of_race(tmp_path), tmp_path / "figure.svg"
    assert run(monkeypatch, recording, "-o", picture) == 0
    printed = []
    for file in (recording, picture):
        monkeypatch.setattr(sys, "argv", ["dictrace", "report", str(file)])
        assert main() == 0
        monkeypatch.setattr(sys, "argv", ["dictrace", "export", str(file), "-o", str(file.with_suffix(".csv"))])
        assert main() == 0
        printed.append((capsys.readouterr().out, file.with_suffix(".csv").read_bytes()))
    assert printed[0] == printed[1]


def test_chinese_when_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    try:
        assert run(monkeypatch, file_of_race(tmp_path), "-o", path, "--lang", "zh", "--view", "blame") == 0
    finally:
        choose_language("en")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in path.read_text())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--at", "soon"], "“soon” is no moment"),
        (["--size", "big"], "“big” is no size"),
        (["--size", "9x9"], "A picture is 64 to 8192 pixels wide and high, 9x9 is not."),
        (["-o", "figure.bmp"], "A picture is a .png, .svg or .pdf file, not “.bmp”."),
    ],
)
def test_wrong_values_end_in_one_sentence_and_status_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    sentence: str,
) -> None:
    path = tmp_path / "figure.png"
    assert run(monkeypatch, file_of_race(tmp_path), "-o", path, *arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(sentence)
    assert error.count("\n") == 1
    assert not path.exists()


def test_a_folder_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, file_of_race(tmp_path), "-o", tmp_path / "none" / "figure.png") == 1
    assert capsys.readouterr().err == "“figure.png” can't be written: No such file or directory.\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_full_disk_leaves_what_was_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    path, recording = tmp_path / f"figure{suffix}", file_of_race(tmp_path)
    path.write_bytes(b"before")
    real = open
    monkeypatch.setattr(
        files, "open", lambda name, mode="r": real("/dev/full" if "w" in mode else name, mode), raising=False
    )
    assert run(monkeypatch, recording, "-o", path) == 1
    assert capsys.readouterr().err == f"“{path.name}” can't be written: No space left on device.\n"
    assert path.read_bytes() == b"before"
    assert sorted(tmp_path.iterdir()) == sorted([path, recording])
