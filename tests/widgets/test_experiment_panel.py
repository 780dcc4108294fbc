"""The experiment panel shows any experiment, changes it as a person wants, and says why something can't be."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QRadioButton, QScrollArea, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import PRESETS, Experiment, LockChoice, Target, preset, start_methods
from dictrace.widgets.choice import Choice
from dictrace.widgets.experiment_panel import ExperimentPanel
from dictrace.widgets.experiment_texts import lesson, preset_title
from dictrace.widgets.style import style_sheet
from dictrace.widgets.switch import Switch
from dictrace.widgets.theme import LIGHT


class Watched:
    """A panel and what it signalled."""

    def __init__(self, qtbot: QtBot) -> None:
        self.panel = ExperimentPanel()
        self.panel.set_theme(LIGHT)
        self.panel.setStyleSheet(style_sheet(LIGHT))
        qtbot.addWidget(self.panel)
        self.panel.resize(300, 700)
        self.panel.show()
        self.changes: list[Experiment] = []
        self.asked: list[str] = []
        self.panel.changed.connect(self.changes.append)
        self.panel.run_requested.connect(lambda: self.asked.append("run"))
        self.panel.stop_requested.connect(lambda: self.asked.append("stop"))

    def named(self, kind: type[QWidget], name: str) -> QWidget:
        (found,) = [widget for widget in self.panel.findChildren(kind) if widget.accessibleName() == name]
        return found

    def button(self) -> QPushButton:
        (found,) = self.panel.findChildren(QPushButton)
        return found

    def code(self) -> str:
        label = self.named(QLabel, "Code that each task runs")
        assert isinstance(label, QLabel)
        return label.text()


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    made = Watched(qtbot)
    yield made
    made.panel.close()


@pytest.mark.parametrize("name", PRESETS)
def test_every_experiment_shown_comes_back_and_nothing_is_signalled(watched: Watched, name: str) -> None:
    wanted = preset(name, processes=7, tasks=1234, think_ms=2.25, start_method=start_methods()[-1], seed=3)
    watched.panel.set_experiment(wanted)
    assert watched.panel.experiment() == wanted
    assert watched.changes == []
    assert watched.asked == []
    chosen = watched.named(Choice, "Preset")
    assert isinstance(chosen, Choice)
    assert chosen.currentText().endswith(preset_title(name))
    assert lesson(name) in [label.text() for label in watched.panel.findChildren(QLabel)]


def test_choosing_a_preset_keeps_everything_but_the_toggles(watched: Watched) -> None:
    watched.panel.set_experiment(preset("own-key", processes=9, tasks=50, think_ms=1.0))
    watched.panel.choose_preset(4)
    assert watched.changes == [preset("shared-lock", processes=9, tasks=50, think_ms=1.0)]
    watched.panel.choose_preset(4)
    assert len(watched.changes) == 1, "nothing changed, so nothing is told"


def test_preset_list_takes_a_choice_from_the_person(watched: Watched) -> None:
    chosen = watched.named(Choice, "Preset")
    assert isinstance(chosen, Choice)
    chosen.setCurrentIndex(5)
    assert watched.changes == [], "only what a person does counts"
    chosen.activated.emit(5)
    assert watched.changes == [preset("counter")]


def test_toggles_without_a_preset_are_called_own_settings(watched: Watched) -> None:
    chosen = watched.named(Choice, "Preset")
    assert isinstance(chosen, Choice)
    watched.panel.set_experiment(Experiment(nested=False, lock=LockChoice.SHARED))
    assert chosen.currentText() == "Own settings"
    chosen.activated.emit(len(PRESETS))
    assert watched.changes == []
    watched.panel.set_experiment(preset("own-key"))
    assert chosen.count() == len(PRESETS)


def test_switches_change_the_experiment_and_the_code(qtbot: QtBot, watched: Watched) -> None:
    assert 'row = d["test"]' in watched.code()
    write_back, nested = watched.named(Switch, "Write back"), watched.named(Switch, "Nested writes")
    qtbot.mouseClick(write_back, Qt.MouseButton.LeftButton)
    assert watched.changes[-1] == preset("nested-in-place")
    assert watched.code() == 'd["test"][i] = i'
    qtbot.keyClick(nested, Qt.Key.Key_Space)
    assert watched.changes[-1].preset == "own-key"
    assert watched.code() == "d[i] = i"


def test_each_lock_can_be_chosen(qtbot: QtBot, watched: Watched) -> None:
    buttons = watched.panel.findChildren(QRadioButton)
    assert len(buttons) == len(LockChoice)
    for button, lock in list(zip(buttons, LockChoice, strict=True))[::-1]:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(10, button.height() // 2))
        assert watched.changes[-1].lock is lock
    watched.panel.set_experiment(preset("shared-lock"))
    assert watched.code().startswith("with lock:")


def test_keys_cycle_the_lock_and_switch_nested_writes(watched: Watched) -> None:
    seen = []
    for _press in LockChoice:
        watched.panel.cycle_lock()
        seen.append(watched.changes[-1].lock)
    assert seen == [LockChoice.SHARED, LockChoice.PRIVATE, LockChoice.IGNORED, LockChoice.NONE]
    watched.panel.toggle_nested()
    assert not watched.changes[-1].nested


@pytest.mark.parametrize(
    ("experiment", "blocked"),
    [
        (preset("fetch-mutate-commit"), set()),
        (preset("own-key"), {"Write back"}),
        (preset("counter"), {"Nested writes", "Write back"}),
        (preset("nested-proxy"), {"Nested writes", "Write back"}),
        (preset("fetch-mutate-commit", processes=1), {"Lock: shared, but one ignores it"}),
    ],
    ids=lambda value: value.what if isinstance(value, Experiment) else "",
)
def test_what_is_impossible_is_disabled_and_says_why(
    watched: Watched, experiment: Experiment, blocked: set[str]
) -> None:
    watched.panel.set_experiment(experiment)
    toggles = [b for b in watched.panel.findChildren(QAbstractButton) if isinstance(b, Switch | QRadioButton)]
    assert {toggle.accessibleName() for toggle in toggles if not toggle.isEnabled()} == blocked
    assert all(bool(toggle.toolTip()) is not toggle.isEnabled() for toggle in toggles)


def test_blocked_toggle_ignores_its_key(watched: Watched) -> None:
    watched.panel.set_experiment(preset("counter"))
    watched.panel.toggle_nested()
    assert watched.changes == []


def test_one_process_gives_up_a_lock_that_one_ignores(watched: Watched) -> None:
    watched.panel.set_experiment(preset("lock-ignored"))
    box = watched.panel.findChildren(QSpinBox)[0]
    box.setValue(1)
    assert watched.changes[-1].processes == 1
    assert watched.changes[-1].lock is LockChoice.SHARED
    watched.panel.cycle_lock()
    watched.panel.cycle_lock()
    assert watched.changes[-1].lock is LockChoice.NONE


def test_numbers_are_typed_and_committed_with_enter(qtbot: QtBot, watched: Watched) -> None:
    tasks = watched.panel.findChildren(QSpinBox)[1]
    tasks.setFocus()
    tasks.selectAll()
    qtbot.keyClicks(tasks, "250")
    assert watched.changes == [], "not before it is all typed"
    qtbot.keyClick(tasks, Qt.Key.Key_Return)
    assert watched.changes == [Experiment(tasks=250)]


def test_target_and_start_method_are_chosen(watched: Watched) -> None:
    target, method = watched.named(Choice, "What the tasks change"), watched.named(Choice, "Start method")
    assert isinstance(target, Choice)
    assert isinstance(method, Choice)
    target.setCurrentIndex(1)
    target.activated.emit(1)
    assert watched.changes[-1].target is Target.COUNTER
    method.setCurrentIndex(method.count() - 1)
    method.activated.emit(method.count() - 1)
    assert watched.changes[-1].start_method == start_methods()[-1]


def test_one_button_runs_and_stops(qtbot: QtBot, watched: Watched) -> None:
    button = watched.button()
    assert button.text() == "Run"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    watched.panel.set_running(True)
    assert button.text() == "Stop"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert watched.asked == ["run", "stop"]


@pytest.mark.parametrize("zoom", [1.0, 1.5, 2.0])
def test_nothing_is_cut_at_its_least_width(watched: Watched, zoom: float) -> None:
    theme = replace(LIGHT, zoom=zoom)
    panel = watched.panel
    panel.setStyleSheet(style_sheet(theme))
    panel.set_theme(theme)
    panel.set_experiment(preset("private-lock"))
    panel.resize(panel.minimumSizeHint().width(), 200)
    (area,) = panel.findChildren(QScrollArea)
    content = area.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= area.viewport().width()
    assert watched.button().isVisible()
    shown = [label for label in panel.findChildren(QLabel) if not label.wordWrap()]
    assert all(label.width() >= label.sizeHint().width() for label in shown)
    for choice in panel.findChildren(Choice):
        choice.ensurePolished()
        texts = [choice.itemText(index) for index in range(choice.count())]
        assert max(map(choice.fontMetrics().horizontalAdvance, texts)) <= choice.width() - theme.px(28)


def test_every_control_has_a_name_and_can_be_reached_by_tab(watched: Watched) -> None:
    watched.panel.set_experiment(msgspec.structs.replace(preset("fetch-mutate-commit")))
    controls = [w for w in watched.panel.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    reachable = [c for c in controls if isinstance(c, Choice | Switch | QRadioButton | QSpinBox | QPushButton)]
    assert len(reachable) >= 12
    buddies = {label.buddy() for label in watched.panel.findChildren(QLabel) if label.buddy()}
    assert all(c.accessibleName() or c in buddies or getattr(c, "text", str)() for c in reachable)
