"""The window when something dies under it, when runs start and stop over and over, and when it is killed itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from dictrace.app.main_window import MainWindow
from dictrace.app.runner import Runner
from dictrace.engine.experiment import Experiment, preset
from dictrace.engine.rows import AnyRow, OpRow, ProcessRow, Role
from dictrace.widgets.verdict_bar import VerdictBar
from tests.engine.leftovers import apart, assert_nothing_left, inventory, processes_of
from tests.engine.runs import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")

LONG = Experiment(processes=2, tasks=2000, think_ms=20)
CYCLES = 20
GONE_WITHIN_S = 2.0
WINDOW = """
from PySide6.QtWidgets import QApplication
from dictrace.app.main_window import MainWindow
from dictrace.app.runner import Runner
from dictrace.engine.experiment import Experiment

application = QApplication([])
runner = Runner()
window = MainWindow(runner)
window.show()
runner.rows.connect(lambda rows: [print(row.pid, flush=True) for row in rows if hasattr(row, "serve")])
window.completed.connect(lambda: runner.start(Experiment(processes=2, tasks=2000, think_ms=20)))
application.exec()
"""


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window with a real runner."""
    made = MainWindow(Runner())
    with qtbot.waitSignal(made.completed, timeout=30_000):
        made.show()
    yield made
    made.close()
    made.deleteLater()


def strike(qtbot: QtBot, window: MainWindow, role: Role) -> tuple[int, int]:
    """Kill the first process of a run that has this role, once it goes; its process id, and the operations before."""
    rows: list[AnyRow] = []
    window.runner.rows.connect(rows.extend)
    window.runner.start(LONG)
    qtbot.waitUntil(lambda: len(rows) > 50, timeout=30_000)
    pid = next(row.pid for row in rows if isinstance(row, ProcessRow) and row.role is role)
    operations = sum(isinstance(row, OpRow) for row in rows)
    with qtbot.waitSignal(window.runner.finished, timeout=60_000):
        os.kill(pid, signal.SIGKILL)
    window.runner.rows.disconnect(rows.extend)
    return pid, operations


@pytest.mark.parametrize("role", [Role.MAIN, Role.MANAGER])
def test_the_window_says_who_died_and_can_run_again_at_once(qtbot: QtBot, window: MainWindow, role: Role) -> None:
    pid, operations = strike(qtbot, window, role)
    bar = window.findChild(VerdictBar)
    assert f"(PID {pid})" in bar.accessibleName() + bar.accessibleDescription()
    assert window.session is not None
    assert len(window.session.recording.events) >= operations > 0
    with qtbot.waitSignal(window.runner.finished, timeout=30_000):
        window.runner.start(preset("counter", tasks=4))
    assert window.session.recording.complete


def test_nothing_grows_when_runs_are_started_and_stopped(qtbot: QtBot) -> None:
    rows: list[AnyRow] = []
    runner = Runner()
    runner.rows.connect(rows.extend)

    def run_and_stop() -> None:
        rows.clear()
        runner.start(LONG)
        qtbot.waitUntil(lambda: len(rows) > 3, timeout=30_000)
        with qtbot.waitSignal(runner.finished, timeout=30_000):
            runner.stop()

    with apart() as folder:
        run_and_stop()
        before, children = inventory(folder), len(runner.findChildren(QObject))
        for _cycle in range(CYCLES):
            run_and_stop()
        qtbot.waitUntil(lambda: len(runner.findChildren(QObject)) <= children, timeout=10_000)
        assert_nothing_left(folder, before)


def test_a_killed_window_takes_everything_with_it(tmp_path: Path) -> None:
    with apart() as folder:
        before = inventory(folder)
        environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        window = subprocess.Popen([sys.executable, "-c", WINDOW], stdout=subprocess.PIPE, env=environment)
        assert window.stdout is not None
        worker = int(window.stdout.readline())
        os.kill(worker, signal.SIGSTOP)
        window.kill()
        killed_s = time.monotonic()
        window.wait()
        window.stdout.close()
        wait_until(lambda: not list(processes_of(folder)))
        assert time.monotonic() - killed_s < GONE_WITHIN_S
        assert_nothing_left(folder, before)
