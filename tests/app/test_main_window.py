"""The window wires runner, player and views: what arrives is shown, what a person does is done."""

from itertools import product
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QToolTip,
    QWidget,
)
from pytestqt.qtbot import QtBot

from dictrace.app.dialogs import show_about, show_guide, show_keys
from dictrace.app.menus import keys_of
from dictrace.app.player import PlayMode
from dictrace.app.views import Views
from dictrace.engine.experiment import Experiment, preset
from dictrace.engine.rows import EndRow, Outcome
from dictrace.widgets.choice import Choice
from dictrace.widgets.experiment_panel import ExperimentPanel
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.losses_plot import LossesPlot
from dictrace.widgets.runs_strip import RunsStrip
from dictrace.widgets.scrub_bar import ScrubBar
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.stage import Stage
from dictrace.widgets.switch import Switch
from dictrace.widgets.theme import DARK, LIGHT, Theme
from dictrace.widgets.transport import Transport
from dictrace.widgets.verdict_bar import VerdictBar
from tests.app.watched import Watched, a_run, final
from tests.engine.histories import Simulation
from tests.widgets.frames import share_of
from tests.widgets.texts import shown_in_tip


def test_the_first_thing_to_do_is_obvious(watched: Watched) -> None:
    assert watched.headline == "Press Run and watch the updates"
    button = watched.view(Stage).findChild(QPushButton)
    assert button is not None
    assert button.isVisible()
    watched.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert watched.runner.asked == [Experiment()]
    assert watched.headline == "Starting the processes…"


def test_a_run_is_shown_from_its_start_and_ends_in_its_verdict(watched: Watched) -> None:
    run = a_run()
    watched.run(run)
    window = watched.window
    assert window.session is not None
    assert not window.session.live
    assert window.player.playing, "slowly, from the start"
    assert window.player.position < len(window.session.recording.events)
    window.player.seek_end()
    counts = final(run).history.counts_at(len(final(run).events))
    assert counts.lost > 0
    assert watched.headline == f"{counts.survived} of {counts.attempted} updates survived"
    assert watched.sentence.startswith("The run finished.")
    assert window.windowTitle() == "test – dictrace"


def test_while_it_runs_the_button_stops_and_rows_are_shown(watched: Watched) -> None:
    run = a_run()
    watched.window.run()
    (button,) = watched.view(ExperimentPanel).findChildren(QPushButton)
    assert button.text() == "Stop"
    watched.runner.rows.emit([run.header, *run.rows[:60]])
    watched.qtbot.waitUntil(lambda: watched.window.player.playing)
    assert watched.window.session is not None
    assert watched.window.session.live
    watched.window.player.seek_end()
    assert watched.headline.endswith("so far")
    watched.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert watched.runner.asked[-1] == "stop"
    watched.runner.finished.emit("")
    assert button.text() == "Run"


def test_a_second_run_replaces_the_first(watched: Watched) -> None:
    watched.run(a_run())
    first = watched.window.session
    watched.window.run()
    assert watched.window.session is None
    assert watched.view(VerdictBar).accessibleName() == "Starting the processes…"
    watched.run(a_run())
    assert watched.window.session is not first


@pytest.mark.parametrize(
    ("outcome", "text", "problem", "said"),
    [
        (Outcome.FAILED, "Task 3 raised ValueError.", "", "Task 3 raised ValueError."),
        (Outcome.FINISHED, "", "The run broke off.", "The run broke off."),
    ],
)
def test_a_failure_is_said_in_words_beside_what_was_recorded(
    watched: Watched, outcome: Outcome, text: str, problem: str, said: str
) -> None:
    watched.run(a_run(outcome, text), problem)
    assert watched.sentence == said
    assert watched.window.session is not None
    assert watched.window.session.recording.events


def test_a_run_cut_short_is_incomplete(watched: Watched) -> None:
    run = a_run()
    run.rows.pop()
    watched.run(run)
    assert watched.sentence == "This recording is incomplete."
    watched.window.player.seek_end()
    assert not watched.headline.endswith("so far"), "nothing more will come"


def test_a_stopped_run_is_shown_at_its_end_and_compared_with_none(watched: Watched) -> None:
    watched.run(a_run(Outcome.STOPPED))
    session = watched.window.session
    assert session is not None
    assert watched.window.player.position == len(session.recording.events)
    assert watched.sentence == "The run was stopped."
    assert watched.view(RunsStrip).accessibleDescription() == ""
    watched.run(a_run())
    assert "1 run" in watched.view(RunsStrip).accessibleDescription()


def test_a_host_that_fails_at_once_leaves_the_invitation_and_the_reason(watched: Watched) -> None:
    watched.window.run()
    watched.runner.finished.emit("The run broke off: its host process ended unexpectedly.")
    assert watched.sentence == "The run broke off: its host process ended unexpectedly."
    assert watched.headline == "Press Run and watch the updates"


def test_rows_that_contradict_each_other_end_the_run(watched: Watched) -> None:
    run = a_run()
    watched.window.run()
    watched.runner.rows.emit([run.header, run.header])
    assert watched.runner.asked[-1] == "close"
    assert watched.sentence
    (button,) = watched.view(ExperimentPanel).findChildren(QPushButton)
    assert button.text() == "Run"


def test_keys_move_the_player(watched: Watched) -> None:
    watched.run(a_run())
    player = watched.window.player
    watched.press(Qt.Key.Key_Space)
    assert not player.playing
    watched.press(Qt.Key.Key_Home)
    assert player.position == 0
    watched.press(Qt.Key.Key_Right)
    watched.press(Qt.Key.Key_Right)
    watched.press(Qt.Key.Key_Left)
    assert player.position == 1
    watched.press(Qt.Key.Key_N)
    assert watched.window.session is not None
    losses = watched.window.session.losses
    assert player.position == losses[0]
    watched.press(Qt.Key.Key_N)
    watched.press(Qt.Key.Key_P)
    assert player.position == losses[0]
    watched.press(Qt.Key.Key_End)
    assert player.position == len(watched.window.session.recording.events)
    watched.press(Qt.Key.Key_Space)
    assert player.playing
    player.pause()


def test_keys_change_the_experiment(watched: Watched) -> None:
    panel = watched.view(ExperimentPanel)
    for number, name in enumerate(("own-key", "nested-in-place", "fetch-mutate-commit"), 1):
        watched.press(Qt.Key(Qt.Key.Key_0.value + number))
        assert panel.experiment() == preset(name)
    watched.press(Qt.Key.Key_L)
    assert panel.experiment() == preset("shared-lock")
    watched.press(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert not panel.experiment().nested


def test_plain_keys_are_left_to_a_control_that_wants_them(watched: Watched) -> None:
    watched.run(a_run())
    player = watched.window.player
    player.pause()
    panel = watched.view(ExperimentPanel)
    switch = panel.findChildren(Switch)[1]
    switch.setFocus()
    watched.qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert not player.playing, "Space switched the switch"
    assert not panel.experiment().write_back
    tasks = panel.findChildren(QSpinBox)[1]
    tasks.selectAll()
    watched.qtbot.keyClicks(tasks, "5\r")
    assert panel.experiment().tasks == 5, "5 is no preset here"
    assert panel.experiment().preset == "nested-in-place"


def test_shortcuts_run_stop_and_fill_the_screen(watched: Watched) -> None:
    window = watched.window
    watched.press(Qt.Key.Key_F5)
    watched.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert watched.runner.asked == [Experiment(), Experiment()]
    watched.press(Qt.Key.Key_Escape)
    assert watched.runner.asked[-1] == "stop"
    watched.press(Qt.Key.Key_F11)
    assert window.isFullScreen()
    watched.press(Qt.Key.Key_F11)
    assert not window.isFullScreen()


def test_transport_moves_the_player(watched: Watched) -> None:
    watched.run(a_run())
    player, transport = watched.window.player, watched.view(Transport)
    player.pause()
    transport.seek_requested.emit(7.5)
    assert player.position == 7.5
    for name, position in (("Step", 8.0), ("Step back", 7.0), ("To the start", 0.0)):
        (button,) = [b for b in transport.findChildren(QToolButton) if b.accessibleName() == name]
        watched.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert player.position == position
    transport.by_clock_chosen.emit(True)
    assert player.mode is PlayMode.BY_CLOCK
    (speed,) = [choice for choice in transport.findChildren(Choice) if choice.accessibleName() == "Speed"]
    assert speed.count() == len(player.speeds)
    transport.speed_chosen.emit(player.speeds[0])
    assert player.speed == player.speeds[0]
    assert speed.currentText() == "1/10,000"


def test_all_views_show_the_same_moment(watched: Watched) -> None:
    watched.run(a_run())
    watched.window.player.pause()
    assert watched.window.session is not None
    for position in (10.0, 33.0):
        watched.window.player.seek(position)
        (event,) = watched.view(Transport).findChildren(QSpinBox)
        assert event.value() == position
        assert watched.view(Stage).accessibleDescription() == watched.sentence


def test_pace_is_told_beside_the_stage(watched: Watched) -> None:
    watched.run(a_run())
    notes = [label.text() for label in watched.window.findChildren(QLabel)]
    assert any("slower than it ran" in note for note in notes)


def test_a_saved_run_opens_again(watched: Watched, tmp_path: Path) -> None:
    window = watched.window
    assert not watched.action("Save recording…").isEnabled()
    watched.run(a_run())
    assert watched.action("Save recording…").isEnabled()
    window.save_recording(tmp_path / "run.dictrace")
    window.player.seek_end()
    verdict, before = watched.headline, window.session
    window.open_recording(tmp_path / "run.dictrace")
    watched.qtbot.waitUntil(lambda: window.session is not before)
    window.player.seek_end()
    assert watched.headline == verdict
    assert not watched.action("Save recording…").isEnabled(), "it is in a file already"


def test_a_file_that_is_no_recording_is_refused_in_words(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\n")
    watched.window.open_recording(tmp_path / "notes.txt")
    assert watched.sentence == "“notes.txt” is not a dictrace recording."
    watched.run(a_run())
    watched.window.save_recording(tmp_path)
    assert "can't be written" in watched.sentence


def test_opening_a_file_ends_a_run_that_goes_on(watched: Watched, tmp_path: Path) -> None:
    run = a_run()
    watched.window.run()
    watched.runner.rows.emit([run.header, *run.rows[:60]])
    watched.window.open_recording(tmp_path / "missing.dictrace")
    assert watched.runner.asked[-1] == "close"
    assert watched.window.session is not None
    assert not watched.window.session.live
    assert watched.sentence.startswith("There is no file")
    (button,) = watched.view(ExperimentPanel).findChildren(QPushButton)
    assert button.text() == "Run"


def test_opened_recording_sets_the_experiment_it_was_made_with(watched: Watched, tmp_path: Path) -> None:
    run = Simulation(2, target="keys", lock="shared", processes=2, tasks=7)
    run.commit(0, None, {}, None)
    run.rows.append(EndRow(Outcome.FINISHED, 1000, 0))
    watched.run(run)
    watched.window.save_recording(tmp_path / "run.dictrace")
    before = watched.window.session
    watched.window.open_recording(tmp_path / "run.dictrace")
    watched.qtbot.waitUntil(lambda: watched.window.session is not before)
    assert watched.view(ExperimentPanel).experiment() == preset("shared-lock", processes=2, tasks=7)


@pytest.mark.parametrize(("dark", "theme"), [(False, LIGHT), (True, DARK)])
def test_theme_reaches_everything(watched: Watched, dark: bool, theme: Theme) -> None:
    watched.window.appearance.set_dark(dark)
    image = watched.window.grab().toImage()
    assert share_of(image, theme.panel) > 0.4
    other = LIGHT if dark else DARK
    assert share_of(image, other.panel) < 0.02


def test_colours_of_the_menu_follow_the_choice(watched: Watched) -> None:
    watched.action("Dark").trigger()
    assert watched.window.appearance.theme.dark
    watched.action("Light").trigger()
    assert not watched.window.appearance.theme.dark


def test_zoom_steps_and_stays_in_its_bounds(watched: Watched) -> None:
    window, control = watched.window, Qt.KeyboardModifier.ControlModifier
    seen = []
    for _press in range(8):
        watched.press(Qt.Key.Key_Plus, control)
        seen.append(window.appearance.theme.zoom)
    assert seen == [1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.0, 3.0]
    watched.press(Qt.Key.Key_Minus, control)
    assert window.appearance.theme.zoom == 2.5
    watched.press(Qt.Key.Key_0, control)
    assert window.appearance.theme.zoom == 1.0


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("size", [(1280, 720), (1600, 900), (3840, 2160)], ids=str)
def test_views_keep_inside_the_window_and_apart(watched: Watched, size: tuple[int, int], zoom: float) -> None:
    window = watched.window
    window.appearance.set_zoom(zoom)
    window.resize(*size)
    watched.run(a_run())
    window.player.pause()
    QApplication.processEvents()
    assert (window.width(), window.height()) == size, "it never grows by itself"
    views: list[QWidget] = [watched.view(kind) for kind in (VerdictBar, ExperimentPanel, Stage, Transport)]
    plot = watched.view(LossesPlot)
    if not plot.visibleRegion().isEmpty():
        views.append(plot)
    wide = size[0] / zoom >= 1024 and size[1] / zoom >= 830
    assert (plot in views) is wide, "where there is little room, panels share a place"
    watched.qtbot.waitUntil(
        lambda: all(
            view.width() >= view.minimumSizeHint().width() and view.height() >= view.minimumSizeHint().height()
            for view in views
        )
    )
    boxes = [view.rect().translated(view.mapTo(window, QPoint(0, 0))) for view in views]
    assert all(window.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for n, one in enumerate(boxes) for other in boxes[:n])


def test_tab_goes_through_the_controls_in_reading_order(watched: Watched) -> None:
    watched.run(a_run())
    watched.window.player.pause()
    seen: list[QWidget] = []
    focus = watched.view(ExperimentPanel).nextInFocusChain()
    while focus not in seen:
        seen.append(focus)
        focus = focus.nextInFocusChain()
    order = [
        type(widget)
        for widget in seen
        if isinstance(widget, Choice | Switch | QRadioButton | QSpinBox | QPushButton | QToolButton | ScrubBar)
        and widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    panel = [Choice, Choice, Switch, Switch, *[QRadioButton] * 4, QSpinBox, QSpinBox]
    assert order[: len(panel)] == panel


def test_closing_ends_the_run(qtbot: QtBot) -> None:
    watched = Watched(qtbot)
    watched.window.run()
    watched.window.close()
    assert watched.runner.asked[-1] == "close"


def test_every_key_of_the_sheet_stands_for_one_entry(watched: Watched) -> None:
    bar = watched.window.menuBar()
    sheet = [(text, key) for group in keys_of(bar) for text, keys in group.keys for key in keys]
    assert len(sheet) > 30
    assert len({key for _text, key in sheet}) == len(sheet), "each key does one thing"


@pytest.mark.parametrize(
    ("key", "modifiers", "moved"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, 20.0),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier, 0.0),
    ],
)
def test_shift_with_an_arrow_goes_ten_events(
    watched: Watched, key: Qt.Key, modifiers: Qt.KeyboardModifier, moved: float
) -> None:
    watched.run(a_run())
    watched.window.player.seek(10.0)
    watched.press(key, modifiers)
    assert watched.window.player.position == moved


def test_keys_guide_and_about_open_as_dialogs_of_the_window(watched: Watched) -> None:
    for show in (show_keys, show_guide, show_about):
        show(watched.window)
        (dialog,) = [dialog for dialog in watched.window.findChildren(QDialog) if dialog.isVisible()]
        dialog.close()
        QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)


def test_another_run_forgets_what_was_selected_in_the_last(watched: Watched) -> None:
    watched.run(a_run())
    window, views = watched.window, watched.window.findChild(Views)
    assert views is not None
    assert window.session is not None
    last = len(window.session.recording.history.losses.events) - 1
    assert last > 0
    watched.view(HistoryView).selected.emit(Selection(loss=last))
    assert views.selection == Selection(loss=last)
    quiet = Simulation(2)
    quiet.commit(0, None, {}, None)
    quiet.rows.append(EndRow(Outcome.FINISHED, 1000, 0))
    watched.run(quiet)
    window.player.seek_end()
    window.grab()
    assert views.selection == NOTHING
    views.select(Selection(loss=last))
    assert views.selection == NOTHING, "a view that still speaks of the other run is not heard"


def test_beside_a_run_of_a_script_the_experiment_says_that_it_is_not_shown(watched: Watched) -> None:
    told = watched.window.desk.experiment.findChildren(QLabel)
    other = a_run()
    about = {"what": "spam.py", "parameters": {"script": "spam.py", "arguments": []}}
    other.header = msgspec.structs.replace(other.header, **about)
    watched.run(other)
    assert [label.text() for label in told if "spam.py" in label.text() and label.isVisible()] == [
        "Shown is a run of spam.py, not of this experiment."
    ]
    watched.run(a_run())
    assert not any("not of this experiment" in label.text() and label.isVisible() for label in told)


def tips_in(panel: QWidget) -> set[str]:
    """All tool tips of a panel, asked for everywhere in it."""
    panel.show()
    panel.raise_()
    QApplication.processEvents()
    tips = set()
    for widget in (widget for widget in panel.findChildren(QWidget) if widget.isVisible()):
        for x, y in product(range(0, widget.width(), 16), range(0, widget.height(), 16)):
            at = QPoint(x, y)
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
            tips.add(QToolTip.text())
    QToolTip.hideText()
    return tips


def test_a_name_or_a_key_is_never_taken_for_markup(watched: Watched) -> None:
    run = Simulation(1)
    marked = "<b>spam</b>"
    run.header = msgspec.structs.replace(run.header, what=marked, parameters={"script": marked, "arguments": []})
    run.commit(1, 0, "0", None, f"'{marked}'")
    base = run.fetch(1, 1, f"'{marked}'")
    run.commit(1, 2, "1", None, f"'{marked}'")
    run.commit(1, 1, "2", base, f"'{marked}'")
    run.rows.append(EndRow(Outcome.FINISHED, 1_000_000, 0))
    watched.run(run)
    watched.window.player.seek_end()
    watched.window.settle()
    shown = [label for label in watched.window.findChildren(QLabel) if marked in label.text()]
    assert len(shown) == 3, "the experiment, the story and a finding speak of it"
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    tips = {tip for panel in watched.window.desk.panels.values() for tip in tips_in(panel) if "spam" in tip}
    assert len(tips) > 5, "timeline, history, log, dict, code tell of it"
    assert [tip for tip in tips if marked not in shown_in_tip(tip)] == []
