"""Scripts in the window, with real processes: asked once, run, watched, explained, and the way back to the presets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from dictrace.app.example_titles import EXAMPLE_TITLES
from dictrace.app.main_window import MainWindow
from dictrace.app.open_scripts import examples_folder, is_example, script_at, title_of
from dictrace.app.runner import Runner
from dictrace.engine.places import LEAST
from dictrace.engine.recording import Recording
from dictrace.widgets.code_view import CodeView
from dictrace.widgets.findings import Findings
from dictrace.widgets.output_view import OutputView
from dictrace.widgets.script_panel import ScriptPanel

PATIENCE_MS = 60_000

TWO_MANAGERS = """
import multiprocessing, sys
import helper

def work(first, second, meeting, i):
    first[i] = i
    n = helper.fetch(second)
    meeting.wait()
    second["n"] = n + 1

if __name__ == "__main__":
    with multiprocessing.Manager() as one, multiprocessing.Manager() as other:
        first = one.dict()
        second = other.dict()
        second["n"] = 0
        meeting = one.Barrier(2)
        workers = [multiprocessing.Process(target=work, args=(first, second, meeting, i)) for i in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        print("arguments", sys.argv[1:])
        print("trouble", file=sys.stderr)
"""
MANY = """
import multiprocessing, subprocess

def add(d, i):
    d[i] = i

if __name__ == "__main__":
    subprocess.run(["sleep", "0"])
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        for i in range(20):
            process = multiprocessing.Process(target=add, args=(d, i))
            process.start()
            process.join()
"""
HELPER = 'def fetch(second):\n    return second["n"]\n'


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(Runner())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.is_complete, timeout=20_000)
    yield made
    made.close()


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "two managers.py"
    path.write_text(TWO_MANAGERS)
    (tmp_path / "helper.py").write_text(HELPER)
    return path


def question(window: MainWindow) -> QMessageBox | None:
    shown = [one for one in window.findChildren(QMessageBox) if one.isVisible()]
    return shown[0] if shown else None


def answer(qtbot: QtBot, window: MainWindow, text: str) -> None:
    asked = question(window)
    assert asked is not None
    (button,) = [one for one in asked.buttons() if one.text() == text]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def run_whole(qtbot: QtBot, window: MainWindow) -> Recording:
    qtbot.waitUntil(lambda: window.session is not None and not window.session.live, timeout=PATIENCE_MS)
    assert window.session is not None
    window.player.seek_end()
    window.settle()
    return window.session.recording


def test_a_script_runs_only_after_yes_which_is_asked_once(qtbot: QtBot, window: MainWindow, script: Path) -> None:
    window.open(str(script))
    assert window.desk.script.isVisible()
    assert not window.desk.experiment.isVisible()
    answer(qtbot, window, "Cancel")
    assert not window.runner.running
    window.run()
    answer(qtbot, window, "Run")
    assert window.runner.running
    first = run_whole(qtbot, window)
    script.write_text(TWO_MANAGERS.replace("trouble", "more trouble"))
    window.run()
    assert question(window) is None
    again = run_whole(qtbot, window)
    assert again is not first
    assert any("more trouble" in row.text for row in again.outputs), "it is read again"
    assert [one.path for one in window.remembered.scripts.recent] == [script.name]


def test_two_managers_files_and_output_are_shown(qtbot: QtBot, window: MainWindow, script: Path) -> None:
    window.scripts.open(script_at(str(script)))
    (arguments,) = [one for one in window.desk.script.findChildren(QLineEdit) if one.objectName() == "field"]
    answer(qtbot, window, "Cancel")
    qtbot.keyClicks(arguments, "--one 'two three'")
    qtbot.keyClick(arguments, Qt.Key.Key_Return)
    answer(qtbot, window, "Run")
    recording = run_whole(qtbot, window)
    assert window.session is not None
    frame = window.session.frame_at(len(recording.events))
    assert len(frame.servers) == 2
    assert {field.label: field.server for field in frame.fields} == {"first": 0, "second": 1}
    assert [(box.typeid, box.server) for box in frame.boxes] == [("Barrier", 0)]
    assert frame.counts.overwritten == 1
    for name, panel in window.desk.panels.items():
        if name in ("output", "why", "code"):
            panel.show()
            panel.raise_()
            qtbot.waitUntil(lambda panel=panel: not panel.visibleRegion().isEmpty())
    (output,) = window.findChildren(OutputView)
    assert "arguments ['--one', 'two three']\n" in output.toPlainText()
    assert "stderr: trouble" in output.toPlainText()
    assert "(exit status 0)" in output.toPlainText()
    (code,) = window.findChildren(CodeView)
    assert {code.files.itemText(place) for place in range(code.files.count())} == {"two managers.py", "helper.py"}
    (findings,) = window.findChildren(Findings)
    places = [one.text() for one in findings.findChildren(QPushButton)]
    assert any("two managers.py:9" in text for text in places)
    assert not any(one.isVisible() for one in window.findChildren(QPushButton) if one.text() == "Run it with the cure")


def test_stop_ends_an_endless_script(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "endless.py"
    path.write_text("print('here', flush=True)\nwhile True: pass\n")
    window.open(str(path))
    answer(qtbot, window, "Run")
    qtbot.waitUntil(lambda: window.session is not None and bool(window.session.recording.outputs), timeout=PATIENCE_MS)
    (button,) = [one for one in window.desk.script.findChildren(QPushButton) if one.text() == "Stop"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    recording = run_whole(qtbot, window)
    assert recording.end is not None
    assert recording.end.outcome == "stopped"
    assert window.session is not None
    assert window.session.note.startswith("This program made no manager")


def test_processes_that_come_and_go_give_their_places_on(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "many.py"
    path.write_text(MANY)
    window.open(str(path))
    answer(qtbot, window, "Run")
    recording = run_whole(qtbot, window)
    assert window.session is not None
    frame = window.session.frame_at(len(recording.events) - 1)
    assert len(frame.processes) == 20
    assert len(frame.shown) == LEAST
    assert {view.name.split("-")[0] for view in frame.processes} == {"Process"}
    assert window.session.note.endswith("can't be followed: sleep.")


def test_the_way_back_to_the_presets(qtbot: QtBot, window: MainWindow, script: Path) -> None:
    window.open(str(script))
    answer(qtbot, window, "Cancel")
    (back,) = [one for one in window.desk.script.findChildren(QPushButton) if one.text() == "Back to the presets"]
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert window.desk.experiment.isVisible()
    assert not window.scripts.chosen
    assert not any(one.isVisible() for one in window.findChildren(QDialog))


def test_an_open_quotation_mark_is_told_and_nothing_runs(qtbot: QtBot) -> None:
    panel = ScriptPanel()
    qtbot.addWidget(panel)
    (arguments,) = [one for one in panel.findChildren(QLineEdit) if one.objectName() == "field"]
    arguments.setText("'one")
    (run,) = [one for one in panel.findChildren(QPushButton) if one.text() == "Run"]
    assert panel.script() is None
    assert not run.isEnabled()
    arguments.setText("'one two' three")
    made = panel.script()
    assert made is not None
    assert made.arguments == ("one two", "three")
    assert run.isEnabled()


def test_examples_are_listed_by_their_first_line_and_are_trusted() -> None:
    paths = sorted(examples_folder().glob("*.py"))
    assert len(paths) >= 4
    for path in paths:
        assert title_of(path)
        assert title_of(path) in path.read_text("utf-8")
        assert is_example(script_at(str(path)))
    assert not is_example(script_at("/elsewhere/counter.py"))


def test_titles_of_examples_are_known_to_the_translators() -> None:
    assert {title_of(path) for path in examples_folder().glob("*.py")} == set(EXAMPLE_TITLES)
