"""The window's way to real processes."""

import statistics
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QCoreApplication, QTimer
from pytestqt.qtbot import QtBot

from dictrace.app import runner as module
from dictrace.app.main_window import MainWindow
from dictrace.app.runner import Runner
from dictrace.engine.experiment import Experiment, preset
from dictrace.engine.rows import AnyRow, EndRow, HeaderRow, Outcome, ProcessRow
from tests.engine.runs import is_alive, wait_until

LONG = Experiment(processes=2, tasks=2000, think_ms=20)
AT_MOST = 4


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[Runner]:
    """A runner that is closed in the end."""
    made = Runner()
    yield made
    made.close()


def collected(runner: Runner) -> list[AnyRow]:
    """A list that grows by the runner's rows."""
    rows: list[AnyRow] = []
    runner.rows.connect(rows.extend)
    return rows


def pids_of(rows: list[AnyRow]) -> list[int]:
    """Processes of a run."""
    return [row.pid for row in rows if isinstance(row, ProcessRow)]


def test_a_run_comes_whole_and_in_order(qtbot: QtBot, runner: Runner) -> None:
    rows = collected(runner)
    with qtbot.waitSignal(runner.finished, timeout=30_000) as finished:
        runner.start(preset("own-key", tasks=10))
        assert runner.running
    assert finished.args == [""]
    assert not runner.running
    assert isinstance(rows[0], HeaderRow)
    assert isinstance(rows[-1], EndRow)
    assert rows[-1].outcome is Outcome.FINISHED


def test_stop_ends_the_run_and_keeps_its_rows(qtbot: QtBot, runner: Runner) -> None:
    rows = collected(runner)
    runner.start(LONG)
    qtbot.waitUntil(lambda: len(rows) > 50, timeout=30_000)
    with qtbot.waitSignal(runner.finished, timeout=30_000):
        runner.stop()
    assert isinstance(rows[-1], EndRow)
    assert rows[-1].outcome is Outcome.STOPPED
    assert not any(map(is_alive, pids_of(rows)))


def test_a_new_run_ends_the_old_one_and_hears_nothing_of_it(qtbot: QtBot, runner: Runner) -> None:
    rows = collected(runner)
    runner.start(LONG)
    qtbot.waitUntil(lambda: len(rows) > 50, timeout=30_000)
    old = pids_of(rows)
    rows.clear()
    with qtbot.waitSignal(runner.finished, timeout=30_000):
        runner.start(preset("counter", tasks=4))
    assert [row.what for row in rows if isinstance(row, HeaderRow)] == ["counter"]
    assert not set(old) & set(pids_of(rows))
    assert not any(map(is_alive, old))


def test_stop_without_a_run_does_nothing(runner: Runner) -> None:
    runner.stop()
    assert not runner.running


def test_a_host_that_cannot_be_started_is_said_so(
    qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HOST", ("/nowhere/python",))
    with qtbot.waitSignal(runner.finished, timeout=30_000) as finished:
        runner.start(Experiment())
    assert finished.args == ["The run broke off: its host process ended unexpectedly."]


def test_a_killed_host_is_said_so_and_leaves_no_process(qtbot: QtBot, runner: Runner) -> None:
    rows = collected(runner)
    runner.start(LONG)
    qtbot.waitUntil(lambda: len(rows) > 50, timeout=30_000)
    with qtbot.waitSignal(runner.finished, timeout=30_000) as finished:
        assert runner.host is not None
        runner.host.kill()
    assert finished.args == ["The run broke off: its host process ended unexpectedly."]
    wait_until(lambda: not any(map(is_alive, pids_of(rows))))


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """The real window with a real runner, its plot loaded."""
    made = MainWindow(Runner())
    with qtbot.waitSignal(made.completed, timeout=30_000):
        made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_window_never_blocks_while_a_run_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    """No turn of its event loop takes much longer than it takes to paint the window, both in processor time."""
    beats: list[float] = []
    beat = QTimer(window, interval=0)
    beat.timeout.connect(lambda: beats.append(time.thread_time()))
    beat.start()
    with qtbot.waitSignal(window.runner.finished, timeout=60_000):
        window.run()
    beat.stop()
    QCoreApplication.processEvents()
    gaps = [after - before for before, after in pairwise(beats)]
    assert len(gaps) > 100
    painting = []
    for _time in range(5):
        begun = time.thread_time()
        window.grab()
        painting.append(time.thread_time() - begun)
    assert max(gaps) < AT_MOST * statistics.median(painting)
    assert window.session is not None
    assert window.session.recording.complete


def test_closing_the_window_mid_run_leaves_no_process(qtbot: QtBot, window: MainWindow) -> None:
    rows = collected(window.runner)
    window.runner.start(LONG)
    qtbot.waitUntil(lambda: len(rows) > 50, timeout=30_000)
    window.close()
    assert pids_of(rows)
    assert not any(map(is_alive, pids_of(rows)))
