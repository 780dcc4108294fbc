"""The export dialog as a person uses it: every kind of file, what comes of errors, cancelling, what is remembered."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from dictrace.app.exporting.dialog import QUIET_MS, ExportDialog
from dictrace.app.exporting.wish import Kind, Sizing, When, Wish
from dictrace.app.main_window import MainWindow
from dictrace.app.pictures.animation import write_animation
from dictrace.app.pictures.motion import Motion
from dictrace.app.pictures.painters import Stills
from dictrace.app.pictures.picture import Picture, Size
from dictrace.app.pictures.sheet import Sheet
from dictrace.app.pictures.storyboard import moments
from dictrace.app.pictures.subject import Subject
from dictrace.engine.experiment import LockChoice
from dictrace.engine.export.kinds import Format, Table, exported
from dictrace.widgets.choice import Choice
from tests.app.exporting.asked import PATIENCE_MS, Asked
from tests.app.watched import FakeRunner, Watched, a_run
from tests.engine.races import Race


@pytest.fixture
def asked(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    made = Asked(watched, monkeypatch)
    yield made
    made.watched.window.close()


def by_command(asked: Asked, folder: Path, name: str, *options: str) -> bytes:
    """What the command line writes of the same recording."""
    recording, output = folder / "run.dictrace", folder / f"by-command-{name}"
    asked.session.save(recording)
    command = [sys.executable, "-m", "dictrace.app", "picture", str(recording), "-o", str(output), *options]
    subprocess.run(command, check=True)
    return output.read_bytes()


@pytest.mark.parametrize(
    ("kind", "suffix"), [("Picture (PNG)", ".png"), ("Drawing (SVG)", ".svg"), ("Drawing (PDF)", ".pdf")]
)
def test_picture_is_what_the_command_line_writes(asked: Asked, tmp_path: Path, kind: str, suffix: str) -> None:
    asked.choose("Kind of file", kind)
    asked.choose("View", "Timeline")
    asked.choose("Moment", "First loss")
    asked.choose("Size", "Page width, 160 mm")
    asked.choose("Colours", "Dark")
    asked.type_into("Caption", "Where it went")
    scale = ["--scale", "2"] if suffix == ".png" else []
    saved = asked.saved(tmp_path / f"picture{suffix}")
    assert asked.proposed == f"test-timeline-event-{asked.session.losses[0]}{suffix}"
    wanted = by_command(
        asked, tmp_path, f"picture{suffix}", "--view", "timeline", "--at", "first-loss", "--size", "160x47mm",
        "--zoom", "0.75", "--theme", "dark", "--caption", "Where it went", *scale,
    )  # fmt: skip
    assert saved == wanted


def test_bare_transparent_picture_without_the_recording_at_one_event(asked: Asked, tmp_path: Path) -> None:
    asked.choose("Moment", "Event number")
    asked.type_into("Number of the event", "17")
    asked.choose("Sharpness", "1×")
    for name in ("Transparent background", "Say where it comes from", "Embed the recording"):
        asked.switch(name)
    saved = asked.saved(tmp_path / "picture.png")
    options = ("--at", "17", "--bare", "--transparent", "--no-embed")
    assert saved == by_command(asked, tmp_path, "picture.png", *options)


@pytest.mark.parametrize(
    ("kind", "suffix", "wanted"),
    [
        ("Trace for Perfetto (JSON)", ".json", (Format.JSON, Table.OPERATIONS)),
        ("Table of operations (CSV)", ".csv", (Format.CSV, Table.OPERATIONS)),
        ("Table of commits (CSV)", ".csv", (Format.CSV, Table.COMMITS)),
        ("Web page (HTML)", ".html", (Format.HTML, Table.OPERATIONS)),
    ],
)
def test_data_is_what_the_engine_exports(
    asked: Asked, tmp_path: Path, kind: str, suffix: str, wanted: tuple[Format, Table]
) -> None:
    asked.choose("Kind of file", kind)
    assert asked.preview.accessibleDescription() != ""
    assert asked.saved(tmp_path / f"run{suffix}") == exported(asked.session.recording, *wanted)


@pytest.mark.parametrize(("kind", "suffix"), [("Animation (GIF)", ".gif"), ("Animation (WebP)", ".webp")])
def test_animation_is_what_its_maker_writes(asked: Asked, tmp_path: Path, kind: str, suffix: str) -> None:
    asked.choose("Kind of file", kind)
    asked.choose("Part of the run", "Around this moment")
    asked.type_into("Length", "2")
    asked.type_into("Width", "320")
    asked.type_into("Height", "180")
    saved = asked.saved(tmp_path / f"film{suffix}")
    start, end = (str(asked.position + away) for away in (-10, 10))
    again = tmp_path / f"again{suffix}"
    write_animation(
        Subject.of(asked.session), Motion(start=start, end=end, seconds=2), Picture(size=Size(320, 180)), again
    )
    assert saved == again.read_bytes()


def test_cancelled_animation_leaves_nothing_and_the_dialog_as_it_was(asked: Asked, tmp_path: Path) -> None:
    asked.choose("Kind of file", "Animation (GIF)")
    asked.type_into("Caption", "kept")
    asked.save_to(tmp_path / "film.gif")
    asked.qtbot.waitUntil(lambda: asked.progress.value() > 1, timeout=PATIENCE_MS)
    assert asked.progress.isVisible()
    asked.qtbot.keyClick(asked.dialog, Qt.Key.Key_Escape)
    asked.qtbot.waitUntil(lambda: asked.sentence == "Cancelled; nothing was written.", timeout=PATIENCE_MS)
    assert list(tmp_path.iterdir()) == []
    assert asked.dialog.isVisible()
    assert not asked.progress.isVisible()
    assert (asked.dialog.wish.kind, asked.dialog.wish.caption) == (Kind.GIF, "kept")
    with asked.qtbot.waitSignal(asked.dialog.rejected):
        asked.qtbot.mouseClick(asked.button("Close"), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("kind", ["Picture (PNG)", "Animation (GIF)", "Web page (HTML)"])
def test_folder_that_can_not_be_written_is_told_in_the_dialog(asked: Asked, tmp_path: Path, kind: str) -> None:
    asked.choose("Kind of file", kind)
    wish = asked.dialog.wish
    ending = {"P": "png", "A": "gif", "W": "html"}[kind[0]]
    asked.save_to(tmp_path / "missing" / f"file.{ending}")
    asked.qtbot.waitUntil(lambda: asked.sentence.startswith(f"“file.{ending}” can't be written"), timeout=PATIENCE_MS)
    assert asked.dialog.isVisible()
    assert asked.dialog.wish.kind is wish.kind
    assert asked.button("Save…").isEnabled()
    assert list(tmp_path.iterdir()) == []


def test_what_was_chosen_is_remembered_by_the_next_dialog_and_window(asked: Asked, tmp_path: Path) -> None:
    asked.choose("Kind of file", "Drawing (SVG)")
    asked.choose("Moment", "End of the run")
    asked.choose("Size", "Slide, 1920 × 1080")
    asked.type_into("Caption", "of this one")
    asked.saved(tmp_path / "one.svg")
    wish = asked.ask().wish
    assert (wish.kind, wish.when, wish.sizing, wish.caption) == (Kind.SVG, When.END, Sizing.SLIDE, "of this one")
    assert wish.folder == str(tmp_path)
    asked.dialog.reject()
    other = MainWindow(FakeRunner(), asked.watched.window.remembered)  # type: ignore[arg-type]
    asked.qtbot.addWidget(other)
    assert (other.exports.wish.kind, other.exports.wish.caption) == (Kind.SVG, "")
    other.close()


def test_preview_shows_the_picture_and_follows_what_is_chosen(asked: Asked) -> None:
    shown: list[tuple[int, int, int]] = []

    def middle() -> tuple[int, int, int]:
        image = asked.preview.grab().toImage()
        colour = image.pixelColor(image.width() // 2, image.height() // 2)
        return colour.red(), colour.green(), colour.blue()

    asked.choose("View", "Lost updates")
    for colours, is_right in (("Light", lambda level: level > 200), ("Dark", lambda level: level < 60)):
        asked.choose("Colours", colours)
        asked.qtbot.waitUntil(lambda is_right=is_right: is_right(middle()[0]), timeout=PATIENCE_MS)  # type: ignore[misc]
        shown.append(middle())
    assert shown[0] != shown[1]


def test_preview_of_a_storyboard_is_its_contact_sheet(asked: Asked) -> None:
    maker = asked.watched.window.exports._maker
    assert maker is not None
    painted: list[tuple[Stills | None, bytes]] = [(None, b"")]
    maker.painted.connect(lambda jobs, contents: painted.append((jobs[0].stills, contents[0])))
    asked.choose("Kind of file", "Storyboard (folder of PNG)")
    asked.type_into("Number of moments", "4")
    subject = Subject.of(asked.session)
    for count in (4, None):

        def has_its_room(count: int | None = count) -> bool:
            room = asked.preview.room_px
            return painted[-1][0] == Stills(count, room.width(), room.height())

        asked.qtbot.waitUntil(has_its_room, timeout=PATIENCE_MS)
        stills, png = painted[-1]
        assert stills is not None
        sheet = Sheet(subject, moments(subject, count), Picture(scale=2))
        assert png == sheet.png(stills.width_px, stills.height_px)
        asked.choose("Moments", "Every loss")


def test_preview_tells_why_there_is_no_storyboard(asked: Asked) -> None:
    asked.dialog.reject()
    asked.watched.run(a_run(tasks=600))
    asked.ask()
    asked.choose("Kind of file", "Storyboard (folder of PNG)")
    asked.choose("Moments", "Every loss")
    asked.qtbot.waitUntil(lambda: "more than 200" in asked.sentence, timeout=PATIENCE_MS)
    assert asked.preview.accessibleDescription() == asked.sentence


def test_a_window_that_closes_ends_its_dialog(asked: Asked) -> None:
    asked.type_into("Caption", "to be painted later")
    asked.watched.window.close()
    assert not asked.dialog.isVisible()
    asked.qtbot.wait(3 * QUIET_MS)  # nothing is asked of what is closed, which would be an exception


def test_what_was_on_its_way_when_the_window_closed_asks_for_nothing(asked: Asked) -> None:
    dialog = asked.dialog
    asked.qtbot.waitUntil(lambda: dialog._painting is not None, timeout=PATIENCE_MS)
    dialog._paint()  # again, which must wait for the first
    assert dialog._is_stale
    asked.watched.window.close()
    dialog._on_maker_failed("A process that paints ended unexpectedly.")  # a signal of another thread arrives late


def test_typing_has_the_preview_painted_once_at_its_end(asked: Asked) -> None:
    maker = asked.watched.window.exports._maker
    assert maker is not None
    with asked.qtbot.waitSignal(maker.painted, timeout=PATIENCE_MS):
        pass
    painted: list[object] = []
    maker.painted.connect(lambda jobs, _contents: painted.append(jobs[0].picture.caption))
    asked.type_into("Caption", "a caption of many letters")
    asked.qtbot.waitUntil(lambda: bool(painted), timeout=PATIENCE_MS)
    assert painted == ["a caption of many letters"]


def test_name_is_proposed_and_gets_the_right_ending(asked: Asked, tmp_path: Path) -> None:
    with asked.qtbot.waitSignal(asked.dialog.accepted, timeout=PATIENCE_MS):
        asked.save_to(tmp_path / "picture")
    assert asked.proposed.endswith(f"-stage-event-{asked.position}.png")
    assert [path.name for path in tmp_path.iterdir()] == ["picture.png"]


def test_own_size_begins_as_the_one_shown_and_can_be_told_in_millimetres(asked: Asked) -> None:
    asked.choose("Size", "README, 1280 × 720")
    asked.type_into("Width", "1000")
    wish = asked.dialog.wish
    assert (wish.sizing, wish.width, wish.height, wish.zoom) == (Sizing.OWN, 1000, 720, 1.35)
    asked.choose("Unit", "mm")
    wish = asked.dialog.wish
    assert (wish.width, wish.height, wish.in_mm) == (265, 190, True)
    assert "2,003 × 1,436 pixels" in asked.note.replace("\xa0", " ")


def test_recording_that_is_gone_is_told(asked: Asked, tmp_path: Path) -> None:
    asked.dialog.reject()
    path, window = tmp_path / "run.dictrace", asked.watched.window
    asked.session.save(path)
    window.open_recording(path)
    asked.qtbot.waitUntil(lambda: window.session is not asked.session)
    path.unlink()
    asked.ask()
    asked.qtbot.waitUntil(lambda: "not there any more" in asked.sentence, timeout=PATIENCE_MS)


def test_there_is_nothing_to_export_before_the_first_run(watched: Watched) -> None:
    assert not watched.action("Export…").isEnabled()
    assert not watched.action("Copy picture").isEnabled()
    assert watched.window.exports.wish == Wish()


def test_every_control_has_a_name_and_is_reached_by_tab(asked: Asked) -> None:
    asked.dialog.activateWindow()
    asked.qtbot.waitUntil(asked.dialog.isActiveWindow)
    wanted = {
        widget
        for widget in asked.dialog.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    }
    assert len(wanted) > 10
    named = {widget for widget in wanted if widget.accessibleName() or hasattr(widget, "text")}
    assert wanted == named
    reached: list[QWidget] = []
    while (widget := QApplication.focusWidget()) is not None and widget not in reached:
        reached.append(widget)
        asked.qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert [widget for widget in wanted if widget not in reached] == []
    names = [widget.accessibleName() for widget in reached if widget.accessibleName()]
    assert names == [
        "Kind of file", "View", "Moment", "Size", "Width", "Height", "Unit", "Text size", "Sharpness", "Colours",
        "Caption", "Transparent background", "Say where it comes from", "Embed the recording",
    ]  # fmt: skip


def test_storyboard_is_a_new_folder_as_the_command_line_makes_it(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    (tmp_path / "test-storyboard").mkdir()
    asked.choose("Kind of file", "Storyboard (folder of PNG)")
    asked.type_into("Number of moments", "3")
    asked.type_into("Caption", "three")
    with asked.qtbot.waitSignal(asked.dialog.accepted, timeout=PATIENCE_MS):
        asked.qtbot.mouseClick(asked.button("Save…"), Qt.MouseButton.LeftButton)
    recording, wanted, made = tmp_path / "run.dictrace", tmp_path / "wanted", tmp_path / "test-storyboard-2"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["test-storyboard", "test-storyboard-2"]
    asked.session.save(recording)
    options = ("--stills", "3", "--scale", "2", "--caption", "three")
    command = [sys.executable, "-m", "dictrace.app", "storyboard", str(recording), "-o", str(wanted), *options]
    subprocess.run(command, check=True)
    names = sorted(path.name for path in wanted.iterdir())
    assert "contact-sheet.png" in names
    assert len(names) == 8
    assert {path.name: path.read_bytes() for path in made.iterdir()} == {
        name: (wanted / name).read_bytes() for name in names
    }


def test_cancelled_storyboard_leaves_nothing(asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    asked.choose("Kind of file", "Storyboard (folder of PNG)")
    asked.type_into("Number of moments", "60")
    asked.qtbot.mouseClick(asked.button("Save…"), Qt.MouseButton.LeftButton)
    asked.qtbot.waitUntil(lambda: asked.progress.value() > 1, timeout=PATIENCE_MS)
    asked.qtbot.mouseClick(asked.button("Cancel"), Qt.MouseButton.LeftButton)
    asked.qtbot.waitUntil(lambda: asked.sentence == "Cancelled; nothing was written.", timeout=PATIENCE_MS)
    assert list(tmp_path.iterdir()) == []


def test_video_without_its_library_is_greyed_with_the_reason(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.dialog.reject()
    monkeypatch.setattr("dictrace.app.exporting.plan.find_spec", lambda _name: None)
    window = asked.watched.window
    window.exports.wish = Wish(kind=Kind.MP4)
    assert asked.ask().wish.kind is Kind.GIF, "what was remembered may be missing here"
    (choice,) = [made for made in asked.dialog.findChildren(Choice) if made.accessibleName() == "Kind of file"]
    index = choice.findText("Video (MP4), needs PyAV")
    assert not choice.model().index(index, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert choice.itemData(index, Qt.ItemDataRole.ToolTipRole) == "Videos need PyAV, which is not installed."


def test_first_loss_can_not_be_chosen_where_nothing_is_lost(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(2, 4, seed=1, lock=LockChoice.SHARED, counter=False)
    race.play()
    race.run.finish()
    watched.run(race.run)
    watched.window.exports.wish = Wish(when=When.FIRST_LOSS)
    watched.action("Export…").trigger()
    (dialog,) = [made for made in watched.window.findChildren(ExportDialog) if made.isVisible()]
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert "No update is lost in this recording." in said
    (save,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Save…"]
    assert not save.isEnabled()
    dialog.reject()
    watched.window.exports.wish = Wish(kind=Kind.STORYBOARD, every_loss=True)
    watched.action("Export…").trigger()
    (dialog,) = [made for made in watched.window.findChildren(ExportDialog) if made.isVisible()]
    assert "No update is lost in this recording." in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.reject()
