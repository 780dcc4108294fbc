"""A window as tests drive it: with a runner that does nothing by itself, and runs to hand it."""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from dictrace.app.autosave import Autosave
from dictrace.app.main_window import MainWindow
from dictrace.engine.experiment import Experiment, LockChoice
from dictrace.engine.recording import Recording
from dictrace.engine.rows import AnyRow, EndRow, Outcome
from dictrace.widgets.stage import Stage
from dictrace.widgets.verdict_bar import VerdictBar
from tests.engine.histories import Simulation
from tests.engine.races import Race

View = TypeVar("View", bound=QWidget)


class FakeRunner(QObject):
    """Has the runner's signals and remembers what it was asked; the test hands the rows on."""

    started = Signal()
    rows = Signal(list)
    finished = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[object] = []

    def start(self, experiment: Experiment) -> None:
        self.asked.append(experiment)
        self.started.emit()

    def stop(self) -> None:
        self.asked.append("stop")

    def close(self) -> None:
        self.asked.append("close")


class Watched:
    """A window, its runner, and its views."""

    def __init__(self, qtbot: QtBot, autosave: Autosave | None = None) -> None:
        self.qtbot, self.runner = qtbot, FakeRunner()
        self.window = MainWindow(self.runner, autosave=autosave)  # type: ignore[arg-type]
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitUntil(lambda: self.window.is_complete, timeout=20_000)

    def view(self, kind: type[View]) -> View:
        (found,) = self.window.findChildren(kind)
        return found

    @property
    def headline(self) -> str:
        return self.view(VerdictBar).accessibleName()

    @property
    def sentence(self) -> str:
        return self.view(VerdictBar).accessibleDescription()

    def run(self, run: Simulation, problem: str = "") -> None:
        """A whole run, as the runner hands it on."""
        self.window.run()
        rows: list[AnyRow] = [run.header, *run.rows]
        for start in range(0, len(rows), 50):
            self.runner.rows.emit(rows[start : start + 50])
        self.runner.finished.emit(problem)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.view(Stage), key, modifiers)

    def action(self, text: str) -> QAction:
        actions = self.window.findChildren(QAction)
        (found,) = [action for action in actions if action.text().replace("&", "").split("\t")[0] == text]
        return found


def a_run(outcome: Outcome = Outcome.FINISHED, text: str = "", tasks: int = 40) -> Simulation:
    """A race of four workers, ended."""
    made = Race(4, tasks, seed=1, lock=LockChoice.NONE, counter=False)
    made.play()
    made.run.rows.append(EndRow(outcome, 1_000_000, 0, text))
    return made.run


def final(run: Simulation) -> Recording:
    return run.recording
