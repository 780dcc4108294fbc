"""The line below the processes says who has no place there, and what could not be followed."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Frame, ProcessState
from dictrace.engine.recording import Recording
from dictrace.widgets import foot_painter
from dictrace.widgets.foot_painter import ghost_chip
from dictrace.widgets.stage import Stage
from dictrace.widgets.theme import DARK, LIGHT, Theme
from tests.widgets.frames import HEIGHT, WIDTH, context_of, frame_with_loss, painted, share_of

ROOM = QRectF(0, 0, WIDTH, HEIGHT)
GHOSTS = ("sleep", "git")


@pytest.fixture
def frame(recording: Recording) -> Frame:
    return replace(frame_with_loss(recording), losses=())


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ((ProcessState.ENDED,), "1 other process has ended"),
        ((ProcessState.ENDED, ProcessState.DIED), "2 other processes have ended"),
        ((ProcessState.ABSENT,), "1 is still to come"),
        (
            (ProcessState.DIED, ProcessState.ABSENT, ProcessState.ABSENT),
            "1 other process has ended · 2 are still to come",
        ),
    ],
)
def test_processes_without_a_place_are_counted(
    words: Callable[[ModuleType], list[str]],
    recording: Recording,
    frame: Frame,
    states: tuple[ProcessState, ...],
    sentence: str,
) -> None:
    first = len(frame.processes) - len(states)
    others = [replace(view, state=state) for view, state in zip(frame.processes[first:], states, strict=True)]
    few = replace(frame, processes=(*frame.processes[:first], *others), shown=tuple(range(first)))
    drawn = words(foot_painter)
    painted(few, recording)
    assert drawn == [sentence]


def test_nothing_is_said_where_all_have_a_place(
    words: Callable[[ModuleType], list[str]], recording: Recording, frame: Frame
) -> None:
    drawn = words(foot_painter)
    painted(frame, recording)
    assert drawn == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_could_not_be_followed_is_a_chip_of_its_own(
    words: Callable[[ModuleType], list[str]], recording: Recording, frame: Frame, theme: Theme
) -> None:
    drawn = words(foot_painter)
    image = painted(replace(frame, ghosts=GHOSTS), recording, theme=theme)
    assert drawn == ["not followed: sleep, git"]
    box = ghost_chip(ROOM, GHOSTS)
    assert ROOM.contains(box)
    top = QRectF(box.left() + 8, box.top(), box.width() - 16, 1)
    dashes = share_of(image, theme.muted, top)
    assert 0.3 < dashes < 0.9, "the line is dashed"
    assert share_of(painted(frame, recording, theme=theme), theme.muted, top) == 0


def test_many_names_are_cut_and_leave_room_for_the_others(
    words: Callable[[ModuleType], list[str]], elisions: list[str], recording: Recording, frame: Frame
) -> None:
    many = tuple(f"program-{number}" for number in range(60))
    drawn = words(foot_painter)
    painted(replace(frame, ghosts=many, shown=(0, 1)), recording)
    assert len(drawn) == 2
    assert ghost_chip(ROOM, many).width() < 0.5 * WIDTH
    assert set(elisions) == {drawn[0]}


def test_tool_tip_names_them_all(qtbot: QtBot, recording: Recording, frame: Frame) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.resize(WIDTH, HEIGHT)
    stage.set_theme(replace(LIGHT, zoom=1.0))
    box = ghost_chip(ROOM, GHOSTS)
    assert stage.text_at(box.center()) == ""
    stage.set_frame(replace(frame, ghosts=GHOSTS), context_of(recording))
    told = "What it started besides can't be followed: sleep, git."
    assert stage.text_at(box.center()) == told
    assert stage.text_at(box.topLeft() - QPointF(20, 20)) == ""
    at = box.center().toPoint()
    QApplication.sendEvent(stage, QHelpEvent(QEvent.Type.ToolTip, at, stage.mapToGlobal(at)))
    assert QToolTip.text() == told
    QToolTip.hideText()
