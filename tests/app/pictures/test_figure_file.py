"""Files of figures: what can be in one, and what is said of mistakes."""

from pathlib import Path

import pytest

from dictrace.app.pictures.figure_file import FiguresError, read_figures
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.engine.experiment import LockChoice
from dictrace.engine.recording import RecordingError


def file_with(folder: Path, text: str) -> Path:
    path = folder / "figures.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_arrives(tmp_path: Path) -> None:
    path = file_with(
        tmp_path,
        """
        [defaults]
        theme = "both"
        scale = 2

        [figures.lost]
        recording = "runs/one.dictrace"
        view = "history"
        at = "first-loss"
        size = "160x90mm"
        zoom = 1.5
        scale = 1.5
        language = "zh"
        bare = true
        transparent = true
        embed = false
        caption = "So it goes."
        expect = "overwritten > 0"
        output = "pictures/lost.svg"

        [figures.locked]
        preset = "shared-lock"
        settings = { tasks = 12, processes = 3, think_ms = 0.5, seed = 7 }
        theme = "dark"
        at = 12
        """,
    )
    lost, locked = read_figures(path)
    look = Picture(View.HISTORY, Size(160, 90, in_mm=True), scale=1.5, zoom=1.5, bare=True, transparent=True)
    assert (lost.name, lost.recording, lost.experiment) == ("lost", tmp_path / "runs" / "one.dictrace", None)
    assert [picture.dark for picture in lost.pictures.values()] == [False, True]
    assert list(lost.pictures) == [tmp_path / "pictures" / name for name in ("lost.svg", "lost-dark.svg")]
    assert lost.pictures[tmp_path / "pictures" / "lost.svg"] == look
    assert (lost.at, lost.language, lost.embed, lost.caption) == ("first-loss", "zh", False, "So it goes.")
    assert [text.name for text in lost.texts] == ["lost.alt.txt", "lost.caption.txt"]
    assert lost.claim is not None
    assert lost.claim.text == "overwritten > 0"
    assert locked.pictures == {tmp_path / "locked.png": Picture(scale=2, dark=True)}
    assert locked.recording.name == "shared-lock-processes-3-seed-7-tasks-12-think_ms-0.5.dictrace"
    assert locked.experiment is not None
    assert (locked.experiment.lock, locked.experiment.tasks, locked.experiment.seed) == (LockChoice.SHARED, 12, 7)
    assert (locked.at, locked.claim, locked.embed) == ("12", None, True)


ONE = '[figures.one]\nrecording = "one.dictrace"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "“figures.toml” has no figures; begin one with [figures.NAME]."),
        ("figures = 3", "“figures.toml” has no figures; begin one with [figures.NAME]."),
        ("view = 'log'\n" + ONE, "“figures.toml” has “view” outside of a figure; write [defaults] or [figures.NAME]"),
        ("figures.one = 3", "Figure “one” is no table; begin it with [figures.NAME]."),
        ("[figures.one", "“figures.toml” is no TOML: "),
        (ONE + "veiw = 'log'", "Figure “one”, veiw: there is no such key; choose of recording, preset,"),
        ("[defaults]\nsise = 1\n" + ONE, "Figure “one”, sise: there is no such key;"),
        ("[figures.one]", "Figure “one”, recording: either a recording or a preset is needed."),
        (ONE + "preset = 'counter'", "Figure “one”, recording: either a recording or a preset is needed."),
        (ONE + "settings = {tasks = 3}", "Figure “one”, settings: they are for presets only."),
        ("[figures.one]\npreset = 'lock'", "Figure “one”, preset: There is no preset called “lock”; choose one of "),
        ("[figures.one]\npreset = 3", "Figure “one”, preset: a text is needed, in quotation marks."),
        (
            "[figures.one]\npreset = 'counter'\nsettings = {tasks = 0}",
            "Figure “one”, preset: The number of tasks must be from 1 to 100,000, not 0.",
        ),
        ("[figures.one]\npreset = 'counter'\nsettings = 3", "Figure “one”, settings: settings are needed, such as"),
        (
            "[figures.one]\npreset = 'counter'\nsettings = {lock = 'none'}",
            "Figure “one”, settings: there is no setting “lock”; choose of processes,",
        ),
        (
            "[figures.one]\npreset = 'counter'\nsettings = {tasks = true}",
            "Figure “one”, settings: “tasks” can't be that.",
        ),
        (ONE + "view = 'cellar'", "Figure “one”, view: choose one of window, stage, timeline,"),
        (ONE + "theme = ['dark']", "Figure “one”, theme: choose one of light, dark, both."),
        (ONE + "language = 'de'", "Figure “one”, language: choose one of en, zh."),
        (ONE + "at = true", "Figure “one”, at: a moment is needed, such as 96 or “first-loss”."),
        (ONE + "size = 'big'", "Figure “one”, size: “big” is no size;"),
        (ONE + "size = '9x9'", "Figure “one”, size: A picture is 64 to 8192 pixels wide and high, 9x9 is not."),
        (ONE + "scale = 9", "Figure “one”, scale: a number from 1 to 4 is needed."),
        (ONE + "zoom = nan", "Figure “one”, zoom: a number from 0.5 to 4 is needed."),
        (ONE + "zoom = true", "Figure “one”, zoom: a number from 0.5 to 4 is needed."),
        (ONE + "bare = 1", "Figure “one”, bare: either true or false is needed."),
        (ONE + "caption = 1", "Figure “one”, caption: a text is needed, in quotation marks."),
        (ONE + "output = 'one.gif'", "Figure “one”, output: let it end in .png, .svg or .pdf."),
        (ONE + "expect = 'lost'", "Figure “one”, expect: “lost” is no claim; write one as"),
        (ONE + "expect = 'loss > 0'", "Figure “one”, expect: There is no count called “loss”; choose of"),
        (
            ONE + "[figures.two]\nrecording = 'one.dictrace'\noutput = 'one.svg'",
            "Figure “two”, output: figure “one” writes “one” too.",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_figure_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(FiguresError) as caught:
        read_figures(file_with(tmp_path, text))
    assert str(caught.value).startswith(said)
    assert len(str(caught.value).splitlines()) == 1


def test_a_picture_that_another_figure_makes_stands_for_its_run(tmp_path: Path) -> None:
    path = file_with(
        tmp_path,
        """
        [figures.third]
        recording = "second.png"

        [figures.second]
        recording = "pictures/first-dark.png"

        [figures.first]
        preset = "shared-lock"
        theme = "both"
        output = "pictures/first.png"

        [figures.itself]
        recording = "itself.png"
        """,
    )
    third, second, first, itself = read_figures(path)
    assert first.experiment is not None
    assert {(f.recording, f.experiment) for f in (third, second)} == {(first.recording, first.experiment)}
    assert (itself.recording, itself.experiment) == (tmp_path / "itself.png", None)


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"^There is no file “"):
        read_figures(tmp_path / "none.toml")
    with pytest.raises(RecordingError, match="can't be read: Is a directory"):
        read_figures(tmp_path)
    path = tmp_path / "figures.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(FiguresError, match="is no TOML"):
        read_figures(path)
