"""All figures of a document: what is run, painted, written, left alone, and refused."""

import os
import sys
from pathlib import Path

import pytest

from dictrace.app.cli import main
from dictrace.app.pictures.embedding import embedded_in
from dictrace.app.pictures.figure_file import read_figures
from dictrace.app.pictures.figures import FigureMaker
from dictrace.app.pictures.output import bytes_of
from dictrace.engine.experiment import Experiment
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import choose_language
from tests.app.pictures.subjects import file_of_race, lines_of_race, subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")

TWO = """
[defaults]
recording = "race.dictrace"
size = "300x200"

[figures.lost]
theme = "both"
at = "first-loss"
caption = "Lost."
expect = "overwritten > 0 and lost == overwritten"
output = "pictures/lost.svg"

[figures.code]
view = "code"
"""


def run(monkeypatch: pytest.MonkeyPatch, file: Path, *options: str) -> int:
    """Exit status of ``dictrace figures``."""
    monkeypatch.setattr(sys, "argv", ["dictrace", "figures", str(file), *options])
    return main()


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The file of a document with two figures, and their recording."""
    file_of_race(tmp_path)
    path = tmp_path / "figures.toml"
    path.write_text(TWO, encoding="utf-8")
    return path


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file each name stands for, and when it was written."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_pictures_and_their_texts_are_written_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    folder = document.parent
    assert run(monkeypatch, document) == 0
    told = capsys.readouterr().out.splitlines()
    names = ["pictures/lost.svg", "pictures/lost-dark.svg", "code.png"]
    assert told == [*(str(folder / name) for name in names), "3 pictures are as they should be, 3 written."]
    before = stamps(folder)
    texts = [f"{name}{suffix}" for name in ("pictures/lost", "code") for suffix in (".alt.txt", ".caption.txt")]
    assert sorted(before) == sorted([*names, *texts, "figures.toml", "race.dictrace"])
    assert run(monkeypatch, document) == 0
    assert capsys.readouterr().out == "3 pictures are as they should be, 0 written.\n"
    assert stamps(folder) == before


def test_they_are_what_one_command_each_makes(monkeypatch: pytest.MonkeyPatch, document: Path) -> None:
    assert run(monkeypatch, document) == 0
    subject = subject_of_race(document.parent)
    lost, code = read_figures(document)
    for figure, position in ((lost, float(subject.session.losses[0])), (code, float(len(subject.recording.events)))):
        for path, picture in figure.pictures.items():
            assert path.read_bytes() == bytes_of(subject, position, picture, path.suffix)
    caption = (document.parent / "pictures" / "lost.caption.txt").read_text()
    assert caption.startswith("Lost.\n3 real processes · ")
    assert (document.parent / "code.alt.txt").read_text().startswith("Code: a run of “test” with 3 processes")


def test_only_what_changed_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    assert run(monkeypatch, document) == 0
    before = stamps(document.parent)
    document.write_text(TWO.replace('view = "code"', 'view = "log"'), encoding="utf-8")
    assert run(monkeypatch, document) == 0
    after = stamps(document.parent)
    assert {name for name in after if after[name] != before[name]} == {"code.png", "code.alt.txt", "figures.toml"}


def test_a_claim_that_is_not_true_fails_with_the_real_numbers_and_keeps_its_picture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    kept = document.parent / "pictures" / "lost.svg"
    kept.parent.mkdir()
    kept.write_bytes(b"before")
    document.write_text(TWO.replace("overwritten > 0", "overwritten == 0"), encoding="utf-8")
    overwritten = subject_of_race(document.parent).session.counts.overwritten
    assert overwritten > 0
    assert run(monkeypatch, document) == 1
    said = "Figure “lost”: “overwritten == 0 and lost == overwritten” is not true:"
    numbers = f"overwritten is {overwritten}, lost is {overwritten}."
    assert capsys.readouterr().err == f"{said} {numbers}\n"
    assert kept.read_bytes() == b"before"
    assert (document.parent / "code.png").exists()


def test_every_problem_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    (document.parent / "race.dictrace").write_bytes(lines_of_race(2))
    more = '[figures.gone]\nrecording = "gone.dictrace"\n[figures.late]\nat = 999\n'
    document.write_text(TWO.replace("overwritten > 0", "attempted == 20") + more, encoding="utf-8")
    assert run(monkeypatch, document) == 1
    problems = capsys.readouterr().err.splitlines()
    assert [problem.split(":")[0] for problem in problems] == ["Figure “lost”", "Figure “gone”", "Figure “late”"]


def test_check_writes_nothing_and_tells_what_is_missing_old_or_untrue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    folder = document.parent
    before = stamps(folder)
    assert run(monkeypatch, document, "--check") == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["Figure “lost”"] * 2 + [
        "Figure “code”"
    ]
    assert stamps(folder) == before
    assert run(monkeypatch, document) == 0
    assert run(monkeypatch, document, "--check") == 0
    for old, new in (("300x200", "300x210"), ('"first-loss"', "7.5"), ("Lost.", "Gone."), ("> 0", "> 99")):
        document.write_text(TWO.replace(old, new), encoding="utf-8")
        assert run(monkeypatch, document, "--check") == 1
    document.write_text(TWO, encoding="utf-8")
    assert run(monkeypatch, document, "--check") == 0
    (folder / "race.dictrace").write_bytes(lines_of_race(21))
    assert run(monkeypatch, document, "--check") == 1


def test_a_preset_runs_once_and_is_shared(tmp_path: Path) -> None:
    path = tmp_path / "figures.toml"
    path.write_text(
        "[defaults]\npreset = 'counter'\nsettings = {tasks = 3}\nsize = '200x100'\n[figures.a]\n[figures.b]\nat = 5\n"
    )
    ran: list[Experiment] = []

    def make(experiment: Experiment, recording: Path) -> None:
        ran.append(experiment)
        recording.write_bytes(lines_of_race())

    for _turn in range(2):
        assert FigureMaker(read_figures(path)).make(make).problems == []
    assert [experiment.tasks for experiment in ran] == [3]
    assert (tmp_path / "recordings" / "counter-tasks-3.dictrace").exists()


def test_a_run_that_fails_is_told_once_and_check_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "figures.toml"
    path.write_text("[figures.a]\npreset = 'counter'\n")

    def fail(_experiment: Experiment, _recording: Path) -> None:
        raise RecordingError("No.")

    assert FigureMaker(read_figures(path)).make(fail).problems == ["Figure “a”: No."]
    (problem,) = FigureMaker(read_figures(path)).check().problems
    assert problem.startswith("Figure “a”: There is no file “")


@pytest.mark.timeout(120)
def test_presets_run_on_real_processes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "figures.toml"
    text = (
        "[figures.a]\npreset = 'shared-lock'\nsettings = {tasks = 4, processes = 2}\nexpect = 'survived == 4 == tasks'"
    )
    path.write_text(text)
    assert run(monkeypatch, path) == 0
    found = embedded_in(tmp_path / "a.png")
    assert found is not None
    assert found.lines == (tmp_path / "recordings" / "shared-lock-processes-2-tasks-4.dictrace").read_bytes()


def test_texts_are_in_the_language_of_their_figure(monkeypatch: pytest.MonkeyPatch, document: Path) -> None:
    document.write_text(
        TWO.replace('view = "code"', 'view = "dict"\nlanguage = "zh"\noutput = "zh.svg"'), encoding="utf-8"
    )
    try:
        assert run(monkeypatch, document) == 0
        assert FigureMaker(read_figures(document)).check().problems == []
    finally:
        choose_language("en")
    chinese = {path.name for path in document.parent.rglob("*.alt.txt") if has_chinese(path.read_text())}
    assert chinese == {"zh.alt.txt"}


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def test_mistakes_in_the_file_are_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    document.write_text(TWO.replace("300x200", "big"), encoding="utf-8")
    assert run(monkeypatch, document) == 2
    error = capsys.readouterr().err
    assert error.startswith("Figure “lost”, size: “big” is no size; ")
    assert error.count("\n") == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_can_not_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    folder = document.parent / "pictures"
    folder.mkdir(mode=0o500)
    assert run(monkeypatch, document) == 1
    assert "“lost.svg” can't be written: Permission denied." in capsys.readouterr().err


def test_what_stands_in_the_way_of_a_folder_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    (document.parent / "pictures").write_text("a file")
    assert run(monkeypatch, document) == 1
    errors = capsys.readouterr().err.splitlines()
    assert errors[0] == "Figure “lost”: “lost.svg” can't be written: Not a directory."
    assert (document.parent / "code.png").exists()
