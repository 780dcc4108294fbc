"""No crash of the window loses a run: what was not saved is kept in private, and offered by the next window."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dictrace.app import autosave
from dictrace.app.autosave import KEPT_FILES, Autosave, KeptRun, private_folder
from dictrace.engine.files import read_recording
from dictrace.engine.rows import AnyRow
from dictrace.widgets.offer_bar import OfferBar
from tests.app import long_run
from tests.app.watched import Watched, a_run
from tests.engine.runs import is_alive, wait_until

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "unsaved"


@pytest.fixture
def kept(folder: Path) -> Iterator[Autosave]:
    made = Autosave(folder)
    yield made
    made.discard()


def rows() -> list[AnyRow]:
    run = a_run()
    return [run.header, *run.rows]


def left_in(folder: Path, count: int = 1) -> None:
    """What windows that are no more leave: files with stale locks."""
    for number in range(count):
        run = Autosave(folder)
        run.begin()
        run.write(rows())
        assert run._current is not None
        run._current.path.rename(folder / f"left-{number}.dictrace")
        os.utime(folder / f"left-{number}.dictrace", (1_700_000_000 + number,) * 2)
        run.discard()


def bar_of(watched: Watched) -> OfferBar:
    return watched.view(OfferBar)


def press(watched: Watched, text: str) -> None:
    (button,) = [b for b in bar_of(watched).findChildren(QPushButton) if b.text() == text]
    button.click()


class TestFiles:
    """What is kept, where, and for whom."""

    def test_are_readable_by_this_user_only(self, kept: Autosave, folder: Path) -> None:
        kept.begin()
        (path,) = folder.glob("*.dictrace")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_a_folder_that_was_open_to_others_is_closed(self, folder: Path) -> None:
        folder.mkdir(parents=True, mode=0o777)
        folder.chmod(0o777)
        Autosave(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_hold_every_row_at_once(self, kept: Autosave, folder: Path) -> None:
        kept.begin()
        kept.write(rows())
        (path,) = folder.glob("*.dictrace")
        assert read_recording(path).rows == len(rows())
        assert read_recording(path).complete

    def test_are_gone_when_discarded_or_when_another_run_begins(self, kept: Autosave, folder: Path) -> None:
        kept.begin()
        (first,) = folder.glob("*.dictrace")
        kept.begin()
        (second,) = folder.glob("*.dictrace")
        assert first != second
        kept.discard()
        assert os.listdir(folder) == []

    def test_another_window_does_not_take_them(self, kept: Autosave, folder: Path) -> None:
        kept.begin()
        assert Autosave(folder).left_behind() == []
        assert kept.left_behind() == []

    def test_one_that_was_left_is_taken_by_one_window_only(self, kept: Autosave, folder: Path) -> None:
        left_in(folder)
        (run,) = kept.left_behind()
        assert Autosave(folder).left_behind() == []
        run.release()
        (again,) = Autosave(folder).left_behind()
        assert again.path == run.path
        again.remove()
        assert os.listdir(folder) == []

    def test_of_many_the_newest_are_kept(self, kept: Autosave, folder: Path) -> None:
        left_in(folder, KEPT_FILES + 3)
        runs = kept.left_behind()
        assert [run.path.stem for run in runs] == [f"left-{n}" for n in reversed(range(3, KEPT_FILES + 3))]
        assert len(list(folder.glob("*.dictrace"))) == KEPT_FILES
        for run in runs:
            run.release()

    def test_one_that_another_window_removes_meanwhile_is_not_offered(
        self, kept: Autosave, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_in(folder, 3)
        taken = KeptRun.taken

        def taken_late(path: Path) -> KeptRun | None:
            if path.stem == "left-1":
                path.unlink()
            return taken(path)

        monkeypatch.setattr(KeptRun, "taken", taken_late)
        runs = kept.left_behind()
        assert [run.path.stem for run in runs] == ["left-2", "left-0"]
        for run in runs:
            run.remove()
        assert os.listdir(folder) == []

    def test_are_limited_in_size(self, kept: Autosave, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(autosave, "MOST_BYTES", 10_000)
        kept.begin()
        for start in range(0, 200, 20):
            part = rows()[start : start + 20]
            kept.write(part)
        (path,) = folder.glob("*.dictrace")
        assert 5_000 < path.stat().st_size <= 10_000
        assert not read_recording(path).complete
        assert read_recording(path).damage == ""

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_a_full_disk_does_not_stop_a_run(self, kept: Autosave) -> None:
        kept.begin()
        assert kept._current is not None
        assert kept._current._file is not None
        with open("/dev/full", "wb") as full:
            os.dup2(full.fileno(), kept._current._file.fileno())
        kept.write(rows())
        kept.write(rows())
        assert kept._current._file is None

    def test_nothing_is_kept_where_the_folder_can_not_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        nowhere = Autosave(tmp_path / "file" / "unsaved")
        nowhere.begin()
        nowhere.write(rows())
        assert nowhere.left_behind() == []

    @pytest.mark.skipif(sys.platform != "linux", reason="where state lies is different elsewhere")
    def test_lie_where_programs_keep_their_state(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
        assert private_folder().is_relative_to(tmp_path)


class TestWindow:
    """A run is kept from its first row until it is saved, replaced, or the window is closed."""

    def test_saving_ends_it(self, qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
        watched = Watched(qtbot, Autosave(folder))
        watched.run(a_run())
        (path,) = folder.glob("*.dictrace")
        assert read_recording(path).rows == len(rows())
        watched.window.save_recording(tmp_path / "mine.dictrace")
        assert os.listdir(folder) == []
        watched.window.close()

    def test_a_saving_that_fails_does_not(self, qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
        watched = Watched(qtbot, Autosave(folder))
        watched.run(a_run())
        watched.window.save_recording(tmp_path / "missing" / "mine.dictrace")
        assert len(list(folder.glob("*.dictrace"))) == 1
        watched.window.close()
        assert os.listdir(folder) == []

    def test_nothing_is_offered_where_nothing_was_left(self, qtbot: QtBot, folder: Path) -> None:
        watched = Watched(qtbot, Autosave(folder))
        assert bar_of(watched).isHidden()
        watched.window.close()

    def test_what_was_left_is_offered_and_can_be_saved(self, qtbot: QtBot, folder: Path, tmp_path: Path) -> None:
        left_in(folder)
        watched = Watched(qtbot, Autosave(folder))
        assert bar_of(watched).isVisible()
        sentence = bar_of(watched).accessibleName()
        assert sentence.startswith("dictrace ended unexpectedly; the run “test” of ")
        assert sentence.endswith(" was not saved.")
        press(watched, "Open it")
        qtbot.waitUntil(lambda: watched.window.session is not None)
        assert bar_of(watched).isHidden()
        assert watched.window.recent == ()
        watched.window.save_recording(tmp_path / "mine.dictrace")
        assert read_recording(tmp_path / "mine.dictrace").rows == len(rows())
        assert os.listdir(folder) == []
        watched.window.close()

    def test_what_nobody_wants_is_discarded_one_after_another(self, qtbot: QtBot, folder: Path) -> None:
        left_in(folder, 2)
        (folder / "broken.dictrace").write_text("nothing of a recording")
        watched = Watched(qtbot, Autosave(folder))
        press(watched, "Discard it")
        assert bar_of(watched).isVisible()
        press(watched, "Discard it")
        assert bar_of(watched).isHidden()
        assert os.listdir(folder) == []
        watched.window.close()

    def test_what_was_not_decided_on_is_offered_again(self, qtbot: QtBot, folder: Path) -> None:
        left_in(folder)
        Watched(qtbot, Autosave(folder)).window.close()
        watched = Watched(qtbot, Autosave(folder))
        assert bar_of(watched).isVisible()
        press(watched, "Open it")
        watched.window.run()  # before it has been read
        assert (folder / "left-0.dictrace").exists()
        watched.window.close()
        assert [path.name for path in folder.glob("*.dictrace")] == ["left-0.dictrace"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_window_that_is_killed_loses_nothing(qtbot: QtBot, folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", long_run.__name__, str(folder)], stdout=subprocess.PIPE, env=os.environ, text=True
    ) as window:
        assert window.stdout is not None
        host, events = map(int, window.stdout.readline().split())
        window.send_signal(signal.SIGKILL)
    watched = Watched(qtbot, Autosave(folder))
    assert "Fetch, mutate, commit" in bar_of(watched).accessibleName()
    press(watched, "Open it")
    qtbot.waitUntil(lambda: watched.window.session is not None)
    session = watched.window.session
    assert session is not None
    assert len(session.recording.events) >= events
    assert session.recording.damage == "This recording is incomplete."
    assert session.saveable
    watched.window.close()
    wait_until(lambda: not is_alive(host))
