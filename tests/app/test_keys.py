"""Every key of the sheet does, pressed in the real window, what the sheet says."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox

from dictrace.app.menus import keys_of
from dictrace.app.session import Session
from dictrace.engine.experiment import PRESETS, Experiment, LockChoice, preset
from dictrace.engine.files import read_recording
from tests.app.watched import Watched, a_run


@dataclass
class Keyboard:
    """A window, and the key that a check presses in it."""

    watched: Watched
    patch: pytest.MonkeyPatch
    folder: Path
    key: str

    def press(self) -> None:
        stroke = QKeySequence(self.key)[0]  # type: ignore[index]
        self.watched.press(stroke.key(), stroke.keyboardModifiers())

    def shown(self) -> Session:
        """A run that is over and paused."""
        self.watched.run(a_run())
        self.watched.window.player.pause()
        assert self.watched.window.session is not None
        return self.watched.window.session


Check = Callable[[Keyboard], None]


def between_losses(session: Session) -> float:
    """A moment inside an event, with losses before and after it."""
    return session.losses[1] + 0.5


def moves(target: Callable[[Session], float], start: Callable[[Session], float] = between_losses) -> Check:
    """From `start` the key goes to `target`, and the player stays there."""

    def check(keyboard: Keyboard) -> None:
        session, player = keyboard.shown(), keyboard.watched.window.player
        player.seek(start(session))
        keyboard.press()
        assert player.position == target(session)
        assert not player.playing

    return check


def both(*checks: Check) -> Check:
    def check(keyboard: Keyboard) -> None:
        for one in checks:
            one(keyboard)

    return check


def end(session: Session) -> float:
    return float(len(session.recording.events))


def after_losses(session: Session) -> float:
    return session.losses[-1] + 0.5


def before_losses(session: Session) -> float:
    return session.losses[0] - 0.5


def chooses(name: str) -> Check:
    """The key chooses this preset after another; what is no toggle stays."""

    def check(keyboard: Keyboard) -> None:
        panel = keyboard.watched.window.desk.experiment
        other = next(other for other in PRESETS if other != name)
        panel.set_experiment(preset(other, tasks=7))
        keyboard.press()
        assert panel.experiment() == preset(name, tasks=7)

    return check


def zooms(before: float, after: float) -> Check:
    def check(keyboard: Keyboard) -> None:
        keyboard.watched.window.appearance.set_zoom(before)
        keyboard.press()
        assert keyboard.watched.window.appearance.theme.zoom == after

    return check


def runs(keyboard: Keyboard) -> None:
    keyboard.press()
    assert keyboard.watched.runner.asked == [Experiment()]


def stops(keyboard: Keyboard) -> None:
    keyboard.press()
    assert keyboard.watched.runner.asked == [], "nothing runs yet"
    keyboard.watched.window.run()
    keyboard.press()
    assert keyboard.watched.runner.asked == [Experiment(), "stop"]


def opens(keyboard: Keyboard) -> None:
    window, path = keyboard.watched.window, keyboard.folder / "run.dictrace"
    before = keyboard.shown()
    before.save(path)
    keyboard.patch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    keyboard.press()
    keyboard.watched.qtbot.waitUntil(lambda: window.session is not before)
    assert window.session is not None
    assert window.recent == (str(path),)
    assert len(window.session.recording.events) == len(before.recording.events)


def opens_a_script(keyboard: Keyboard) -> None:
    path = keyboard.folder / "mine.py"
    path.write_text("print(1)\n")
    keyboard.patch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    keyboard.press()
    (question,) = visible_dialogs(keyboard.watched)
    assert isinstance(question, QMessageBox)
    assert "mine.py" in question.text()
    keyboard.watched.qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert keyboard.watched.runner.asked == []


def saves(keyboard: Keyboard) -> None:
    path = keyboard.folder / "run.dictrace"
    keyboard.patch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    keyboard.press()
    assert not path.exists(), "there is nothing to save yet"
    session = keyboard.shown()
    keyboard.press()
    assert len(read_recording(path).events) == len(session.recording.events)


def quits(keyboard: Keyboard) -> None:
    keyboard.press()
    assert not keyboard.watched.window.isVisible()
    assert keyboard.watched.runner.asked == ["close"]


def switches_nested(keyboard: Keyboard) -> None:
    panel = keyboard.watched.window.desk.experiment
    for nested in (False, True):
        keyboard.press()
        assert panel.experiment() == Experiment(nested=nested)


def goes_round_the_locks(keyboard: Keyboard) -> None:
    seen = []
    for _press in LockChoice:
        keyboard.press()
        seen.append(keyboard.watched.window.desk.experiment.experiment().lock)
    assert seen == [LockChoice.SHARED, LockChoice.PRIVATE, LockChoice.IGNORED, LockChoice.NONE]


def plays_and_pauses(keyboard: Keyboard) -> None:
    keyboard.shown()
    for playing in (True, False):
        keyboard.press()
        assert keyboard.watched.window.player.playing is playing


def loops(keyboard: Keyboard) -> None:
    for looping in (True, False):
        keyboard.press()
        assert keyboard.watched.window.player.loops is looping
        assert keyboard.watched.action("Loop").isChecked() is looping


def fills_the_screen(keyboard: Keyboard) -> None:
    for full in (True, False):
        keyboard.press()
        assert keyboard.watched.window.isFullScreen() is full
        assert keyboard.watched.window.menuBar().isVisible()


def presents(keyboard: Keyboard) -> None:
    window = keyboard.watched.window
    for presenting in (True, False):
        keyboard.press()
        assert window.isFullScreen() is presenting
        assert window.menuBar().isVisible() is not presenting
        assert window.desk.panels["experiment"].isVisible() is not presenting


def shows(title: str) -> Check:
    """The key opens the dialog of this title, and Esc closes it."""

    def check(keyboard: Keyboard) -> None:
        keyboard.press()
        (dialog,) = visible_dialogs(keyboard.watched)
        assert dialog.windowTitle() == title
        keyboard.watched.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
        assert visible_dialogs(keyboard.watched) == []

    return check


def visible_dialogs(watched: Watched) -> list[QDialog]:
    return [dialog for dialog in watched.window.findChildren(QDialog) if dialog.isVisible()]


def exports(keyboard: Keyboard) -> None:
    """Only what has been run; the dialog closes on Esc."""
    keyboard.press()
    assert visible_dialogs(keyboard.watched) == []
    keyboard.shown()
    shows("Export")(keyboard)


def copies_the_picture(keyboard: Keyboard) -> None:
    clipboard = QApplication.clipboard()
    clipboard.clear()
    keyboard.shown()
    with keyboard.watched.qtbot.waitSignal(clipboard.dataChanged, timeout=20_000):
        keyboard.press()
    assert clipboard.mimeData().hasImage()


KEYS: dict[str, Check] = {
    "Ctrl+O": opens,
    "Ctrl+Shift+O": opens_a_script,
    "Ctrl+S": saves,
    "Ctrl+E": exports,
    "Ctrl+Shift+C": copies_the_picture,
    "Ctrl+Q": quits,
    "F5": runs,
    "Ctrl+R": runs,
    "Esc": stops,
    "1": chooses("own-key"),
    "2": chooses("nested-in-place"),
    "3": chooses("fetch-mutate-commit"),
    "4": chooses("shared-lock"),
    "5": chooses("private-lock"),
    "6": chooses("counter"),
    "7": chooses("nested-proxy"),
    "8": chooses("lock-ignored"),
    "Shift+N": switches_nested,
    "L": goes_round_the_locks,
    "Space": plays_and_pauses,
    "Right": moves(lambda session: session.losses[1] + 1),
    "Left": moves(lambda session: session.losses[1]),
    "Shift+Right": moves(lambda session: session.losses[1] + 10),
    "Shift+Left": moves(lambda session: session.losses[1] + 1 - 10),
    "Home": moves(lambda session: 0),
    "End": moves(end),
    "O": loops,
    "N": both(moves(lambda session: session.losses[2]), moves(after_losses, start=after_losses)),
    "P": both(moves(lambda session: session.losses[1]), moves(before_losses, start=before_losses)),
    "PgDown": both(moves(lambda session: session.losses[2]), moves(end, start=after_losses)),
    "PgUp": both(moves(lambda session: session.losses[1]), moves(lambda session: 0, start=before_losses)),
    "Ctrl++": zooms(1.25, 1.5),
    "Ctrl+=": zooms(1.25, 1.5),
    "Ctrl+-": zooms(1.5, 1.25),
    "Ctrl+0": zooms(1.5, 1.0),
    "F11": fills_the_screen,
    "F9": presents,
    "F1": shows("Guide"),
    "?": shows("Keys"),
}
"""What each key is seen to do, by its portable name."""


def test_table_has_exactly_the_keys_of_the_sheet(watched: Watched) -> None:
    sheet = [key for group in keys_of(watched.window.menuBar()) for _text, keys in group.keys for key in keys]
    native = QKeySequence.SequenceFormat.NativeText
    assert sorted(sheet) == sorted(QKeySequence(key).toString(native) for key in KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_key_does_what_the_sheet_says(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, key: str
) -> None:
    KEYS[key](Keyboard(watched, monkeypatch, tmp_path, key))
