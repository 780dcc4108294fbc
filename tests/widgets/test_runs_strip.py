"""Runs are grouped by what was run, and a share is never told without the number of its runs."""

from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import Experiment, preset
from dictrace.engine.frame import Counts
from dictrace.widgets.runs_strip import Run, RunsStrip, groups_of
from dictrace.widgets.theme import LIGHT
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
