"""Runs are grouped by what was run, and a share is never told without the number of its runs."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import Experiment, preset
from dictrace.engine.frame import Counts
from dictrace.widgets import runs_strip
from dictrace.widgets.runs_strip import ROW, Run, RunsStrip, groups_of, percent
from dictrace.widgets.text import text_width
from dictrace.widgets.theme import LIGHT, TextSize
from tests.widgets.frames import share_of


def run(name: str, lost: int) -> Run:
    return Run(preset(name), Counts(100, 100 - lost, lost))


def test_groups_tell_spread_and_number_of_runs() -> None:
    made = [run("shared-lock", 0), run("fetch-mutate-commit", 30), run("fetch-mutate-commit", 41), run("counter", 7)]
    assert [(group.title, group.summary) for group in groups_of(made)] == [
        ("shared lock", "0 % lost in 1 run"),
        ("no lock", "30 to 41 % lost in 2 runs"),
        ("counter, no lock", "7 % lost in 1 run"),
    ]


def test_the_newest_group_is_last() -> None:
    made = [run("fetch-mutate-commit", 1), run("shared-lock", 0), run("fetch-mutate-commit", 2)]
    assert [group.title for group in groups_of(made)] == ["shared lock", "no lock"]


def test_only_runs_that_lost_are_vermillion_and_all_are_told(qtbot: QtBot) -> None:
    strip = RunsStrip()
    qtbot.addWidget(strip)
    strip.resize(300, 150)
    strip.set_runs([run("shared-lock", 0)])
    assert share_of(strip.grab().toImage(), LIGHT.lost) == 0
    strip.set_runs([run("shared-lock", 0), Run(Experiment(), Counts(100, 60, 40))])
    assert share_of(strip.grab().toImage(), LIGHT.lost) > 0
    assert strip.accessibleDescription() == "shared lock: 0 % lost in 1 run. no lock: 40 % lost in 1 run."


def test_a_few_lost_updates_are_not_rounded_to_none() -> None:
    assert [percent(share) for share in (0, 0.001, 0.4, 0.999, 1)] == [0, 1, 40, 99, 100]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Every text that is painted, and the width of its room."""
    found: dict[str, float] = {}
    draw = runs_strip.draw_text

    def watched(painter: QPainter, rect: QRectF, text: str, *args: object, **more: object) -> float:
        found[text] = rect.width()
        return draw(painter, rect, text, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(runs_strip, "draw_text", watched)
    return found


def test_number_of_runs_is_never_cut_off(qtbot: QtBot, drawn: dict[str, float]) -> None:
    strip = RunsStrip()
    qtbot.addWidget(strip)
    strip.resize(200, 150)
    strip.set_runs([run("nested-in-place", 100), run("nested-in-place", 98)])
    strip.grab()
    summary = "98 to 100 % lost in 2 runs"
    assert drawn[summary] >= text_width(summary, TextSize.SMALL)


def test_groups_without_room_are_counted(qtbot: QtBot, drawn: dict[str, float]) -> None:
    strip = RunsStrip()
    qtbot.addWidget(strip)
    strip.set_runs([run(name, 1) for name in ("own-key", "counter", "shared-lock", "private-lock")])
    strip.resize(300, round(5 * ROW))
    strip.grab()
    assert not any("other group" in text for text in drawn)
    strip.resize(300, round(2.5 * ROW))
    strip.grab()
    assert "and 2 other groups" in drawn
