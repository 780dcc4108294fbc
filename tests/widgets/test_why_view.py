"""Why: the story of the right loss, steps that lead to their moments, the cure and what it changed."""

from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import LockChoice, preset
from dictrace.engine.frame import Counts
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.story import story
from dictrace.widgets.comparison import Comparison
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.theme import DARK, LIGHT, Theme
from dictrace.widgets.why_view import WhyView
from tests.engine.races import race
from tests.widgets.frames import share_of


@pytest.fixture
def recording() -> Recording:
    made = race()
    parameters = msgspec.to_builtins(preset("fetch-mutate-commit"))
    made.header = msgspec.structs.replace(made.header, what="fetch-mutate-commit", parameters=parameters)
    return made


@pytest.fixture
def view(qtbot: QtBot) -> WhyView:
    made = WhyView()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(300, 420)
    return made


def texts(view: WhyView) -> list[str]:
    return [button.text() for button in view.steps]


def told(recording: Recording, loss: int) -> list[str]:
    return [step.text for step in story(recording, loss)]


def cure_button(view: WhyView) -> QPushButton:
    found = view.findChild(QPushButton)
    assert found is not None
    return found


def test_tells_of_the_newest_loss_at_the_frame_or_of_the_selected_one(view: WhyView, recording: Recording) -> None:
    events = recording.history.losses.events
    view.set_recording(recording)
    view.set_frame(frame_at(recording, events[0] - 1))
    assert texts(view) == []
    view.set_frame(frame_at(recording, events[0]))
    assert texts(view) == told(recording, 0)
    view.set_frame(frame_at(recording, events[2] + 0.5))
    assert texts(view) == told(recording, 2)
    view.set_selection(Selection(loss=1))
    assert texts(view) == told(recording, 1)
    view.set_selection(NOTHING)
    assert texts(view) == told(recording, 2)
    view.set_recording(None)
    view.set_frame(None)
    assert texts(view) == []


def test_another_recording_has_another_story(view: WhyView, recording: Recording) -> None:
    view.set_recording(recording)
    view.set_selection(Selection(loss=0))
    other = race(seed=5)
    view.set_recording(other)
    assert texts(view) == told(other, 0)
    assert texts(view) != told(recording, 0)
    view.set_selection(Selection(loss=len(other.history.losses.events) - 1))
    view.set_recording(race(lock=LockChoice.SHARED))
    assert texts(view) == []


def test_step_leads_to_its_moment_by_mouse_and_keyboard(qtbot: QtBot, view: WhyView, recording: Recording) -> None:
    view.set_recording(recording)
    view.set_selection(Selection(loss=0))
    steps = story(recording, 0)
    heard: list[object] = []
    view.selected.connect(heard.append)
    view.seek_requested.connect(heard.append)
    qtbot.mouseClick(view.steps[1], Qt.MouseButton.LeftButton)
    qtbot.keyClick(view.steps[2], Qt.Key.Key_Space)
    assert heard == [Selection(loss=0), steps[1].position, Selection(loss=0), steps[2].position]


def test_steps_are_reached_one_after_the_other(view: WhyView, recording: Recording) -> None:
    view.set_recording(recording)
    view.set_selection(Selection(loss=3))
    for step in story(recording, 3):
        view.set_frame(frame_at(recording, step.position))
        reached = [button.is_reached for button in view.steps]
        assert reached == [other.position <= step.position for other in story(recording, 3)]
    view.set_frame(frame_at(recording, 0))
    assert not any(button.is_reached for button in view.steps)


def test_button_asks_for_the_cured_experiment(qtbot: QtBot, view: WhyView, recording: Recording) -> None:
    view.set_recording(recording)
    view.set_selection(Selection(loss=0))
    with qtbot.waitSignal(view.cure_requested, timeout=1000) as caught:
        qtbot.mouseClick(cure_button(view), Qt.MouseButton.LeftButton)
    assert caught.args == [preset("fetch-mutate-commit", lock=LockChoice.SHARED)]


def test_program_of_others_has_a_cure_in_words_only(view: WhyView) -> None:
    view.set_recording(race())
    view.set_selection(Selection(loss=0))
    assert texts(view)
    assert cure_button(view).isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK, replace(LIGHT, zoom=2.0)], ids=["light", "dark", "large"])
def test_comparison_shows_what_is_lost_in_vermillion_only(view: WhyView, theme: Theme) -> None:
    view.set_theme(theme)
    comparison = view.findChild(Comparison)
    assert comparison is not None
    assert comparison.isHidden()
    view.set_comparison(Counts(100, 80, overwritten=20), Counts(100, 100))
    comparison.resize(comparison.sizeHint())
    assert share_of(comparison.grab().toImage(), theme.lost) > 0.001
    assert comparison.accessibleName() == (
        "Before: 80 of 100 updates survived. With the cure: All 100 updates survived this run."
    )
    view.set_comparison(None, Counts(100, 100))
    comparison.resize(comparison.sizeHint())
    image = comparison.grab().toImage()
    assert share_of(image, theme.lost) == 0
    assert share_of(image, theme.accent) > 0.1
    view.set_comparison(None, None)
    assert comparison.isHidden()


@pytest.mark.parametrize("theme", [LIGHT, DARK, replace(LIGHT, zoom=2.0)], ids=["light", "dark", "large"])
def test_no_sentence_is_cut(view: WhyView, recording: Recording, theme: Theme) -> None:
    view.set_theme(theme)
    view.set_recording(recording)
    view.set_selection(Selection(loss=0))
    view.resize(theme.px(260), theme.px(420))
    view.show()
    for button in view.steps:
        assert button.height() >= button.heightForWidth(button.width())
        assert button.width() <= view.viewport().width()
    last = view.steps[-1]
    view.set_frame(frame_at(recording, len(recording.events)))
    assert share_of(last.grab().toImage(), theme.lost) > 0.02
    assert share_of(view.steps[0].grab().toImage(), theme.lost) == 0
