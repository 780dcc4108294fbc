"""What is remembered comes back; what is damaged or out of range is as at a first start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dictrace.app.main_window import MainWindow
from dictrace.app.player import PlayMode
from dictrace.app.runner import Runner
from dictrace.app.settings import RECENT, Remembered, load, save, with_recent
from dictrace.engine.experiment import preset


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(Runner())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_what_was_saved_is_loaded(store: QSettings, tmp_path: Path) -> None:
    remembered = Remembered(
        layout=b"\0x",
        dark=True,
        zoom=1.5,
        loops=True,
        by_clock=True,
        factor=0.5,
        experiment=preset("shared-lock"),
        recent=("/a.dictrace",),
    )
    save(store, remembered)
    again = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    assert load(again) == remembered


def test_an_empty_store_is_a_first_start(store: QSettings) -> None:
    assert load(store) == Remembered()


@pytest.mark.parametrize(
    ("name", "text"),
    [("zoom", "7.0"), ("zoom", '"big"'), ("factor", "3.0"), ("dark", "{"), ("experiment", '{"processes": 900}')],
)
def test_a_bad_value_is_left_out_and_the_others_stay(store: QSettings, name: str, text: str) -> None:
    save(store, Remembered(loops=True))
    store.setValue(name, text)
    assert load(store) == Remembered(loops=True)


def test_recent_files_are_each_there_once_and_not_too_many() -> None:
    recent: tuple[str, ...] = ()
    for number in (*range(20), 15):
        recent = with_recent(recent, str(number))
    assert recent == ("15", "19", "18", "17", "16", "14", "13", "12")
    assert len(recent) == RECENT


def test_a_window_takes_up_where_another_left(window: MainWindow, qtbot: QtBot) -> None:
    window.appearance.set_dark(True)
    window.appearance.set_zoom(1.25)
    window.player.set_jumps(True)
    window.player.set_loops(True)
    window.player.set_speed(4.0)
    window.player.set_mode(PlayMode.BY_CLOCK)
    window.desk.panels["runs"].hide()
    remembered = window.remembered
    other = MainWindow(Runner())
    qtbot.addWidget(other)
    other.restore(remembered)
    other.show()
    assert other.appearance.theme.dark
    assert other.appearance.theme.zoom == 1.25
    assert other.player.jumps
    assert other.player.loops
    assert (other.player.mode, other.player.factor) == (PlayMode.BY_CLOCK, 4.0)
    assert other.desk.panels["runs"].isHidden()
    other.reset()
    assert other.appearance.theme.zoom == 1.0
    assert not other.player.loops
    assert (other.player.mode, other.player.speed) == (PlayMode.BY_EVENT, 1.0)
    assert not other.desk.panels["runs"].isHidden()
    other.close()


def test_presenting_is_left_as_everything_was(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dictrace.app.appearance.presenting_zoom", lambda height_px: 1.5)
    shown = {name for name, panel in window.desk.panels.items() if not panel.isHidden()}
    window.appearance.toggle_presentation()
    assert [name for name, panel in window.desk.panels.items() if not panel.isHidden()] == ["history"]
    assert window.appearance.theme.zoom == 1.5
    assert not window.menuBar().isVisible()
    window.appearance.toggle_presentation()
    assert {name for name, panel in window.desk.panels.items() if not panel.isHidden()} == shown
    assert window.appearance.theme.zoom == 1.0
    assert window.menuBar().isVisible()


def test_a_title_is_said_once(window: MainWindow, qtbot: QtBot) -> None:
    def titled() -> dict[str, bool]:
        titles = {name: window.desk.panels[name].findChild(QLabel, "panelTitle") for name in ("timeline", "why")}
        return {name: title is not None and not title.isHidden() for name, title in titles.items()}

    window.resize(1600, 900)
    qtbot.waitUntil(lambda: titled() == {"timeline": True, "why": False})
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: titled() == {"timeline": False, "why": False})
    window.appearance.set_presented("timeline")
    window.appearance.toggle_presentation()
    qtbot.waitUntil(lambda: titled()["timeline"])
    window.appearance.toggle_presentation()
