"""A picture dropped on the window, or opened, brings back the moment and the view that it shows."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture, View
from dictrace.widgets.code_view import CodeView
from dictrace.widgets.dict_view import DictView
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.log_view import LogView
from dictrace.widgets.verdict_bar import VerdictBar
from tests.app.pictures.subjects import file_of_race, subject_of_race
from tests.app.test_window_extras import drop
from tests.app.watched import Watched

VIEWS: dict[View, type[QWidget]] = {
    View.HISTORY: HistoryView,
    View.DICT: DictView,
    View.CODE: CodeView,
    View.LOG: LogView,
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_picture_opens_at_its_moment_and_view(watched: Watched, tmp_path: Path, view: View, suffix: str) -> None:
    path = tmp_path / f"figure{suffix}"
    write(subject_of_race(tmp_path), 17.5, Picture(view), path)
    watched.window.resize(900, 500)  # so small that panels share places
    assert drop(watched, path) == (True, True)
    watched.qtbot.waitUntil(lambda: watched.window.player.position == 17.5)
    assert not watched.window.player.playing
    shown = [kind for kind in VIEWS.values() if not watched.view(kind).visibleRegion().isEmpty()]
    assert shown == [VIEWS[view]]


def test_a_recording_opens_from_its_start(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    write(subject_of_race(tmp_path), 17.5, Picture(), path)
    watched.window.open_recording(path)
    watched.qtbot.waitUntil(lambda: watched.window.player.position == 17.5)
    watched.window.open_recording(file_of_race(tmp_path))
    watched.qtbot.waitUntil(lambda: watched.window.player.playing)
    assert watched.window.player.position < 10


def test_a_picture_without_a_recording_is_refused_in_a_sentence(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    write(subject_of_race(tmp_path), 17.5, Picture(), path, embed=False)
    watched.window.open_recording(path)
    bar = watched.view(VerdictBar)
    watched.qtbot.waitUntil(lambda: "without a recording" in bar.accessibleDescription())
    assert watched.window.session is None


def test_the_log_of_a_long_run_opens_at_its_moment(watched: Watched, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    write(subject_of_race(tmp_path, tasks=200), 300, Picture(View.LOG), path)
    watched.window.resize(900, 500)
    assert drop(watched, path) == (True, True)
    watched.qtbot.waitUntil(lambda: watched.window.player.position == 300)
    log = watched.view(LogView)

    def row_is_in_sight() -> bool:
        row = log.table.visualRect(log.model.index(299, 0))
        return log.isVisible() and log.table.viewport().rect().contains(row)

    watched.qtbot.waitUntil(row_is_in_sight)
