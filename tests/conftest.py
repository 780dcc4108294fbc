"""For all tests: Qt without a display; a test that leaves a process, thread, window or timer behind fails.

Works where Qt is not installed too.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# A shell has the jobs that it runs beside it ignore Ctrl+C, and what they start would too.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Helpers of multiprocessing that live as long as the program that first needed them.
LASTING = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know pytest-qt's settings where it is not installed, so that one strict configuration serves both runs."""
    if find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "setting of pytest-qt, which is not installed")


@pytest.fixture(autouse=True)
def nothing_left_over(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a child process, a non-daemon thread, a visible window or a running timer behind."""
    children, threads = child_processes(), set(threading.enumerate())
    has_qt = not {"qtbot", "qapp"}.isdisjoint(request.fixturenames)
    timers = running_timers() if has_qt else set()
    yield
    assert not child_processes().items() - children.items(), "child processes left over"
    assert not [t for t in threading.enumerate() if t not in threads and not t.daemon], "threads left over"
    if has_qt:
        assert not visible_windows(), "windows left open"
        assert not running_timers() - timers, "timers left running"


@pytest.fixture(autouse=True)
def usual_application(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take back what a window set for the whole application, so that no test depends on the one before.

    What lies on the clipboard of the off-screen platform would outlive Python, and end it in a segmentation fault.
    """
    yield
    if not {"qtbot", "qapp"}.isdisjoint(request.fixturenames):
        from PySide6.QtGui import QPalette
        from PySide6.QtWidgets import QApplication

        QApplication.setPalette(QPalette())
        QApplication.clipboard().clear()


def child_processes() -> dict[int, str]:
    """Process number and command of every child of this process that the test must end."""
    if sys.platform != "linux":
        return {child.pid or 0: child.name for child in multiprocessing.active_children()}
    found = {}
    for children in Path("/proc/self/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # the thread ended meanwhile
            for pid in children.read_text().split():
                command = Path("/proc", pid, "cmdline").read_bytes().replace(b"\0", b" ").decode()
                if not any(name in command for name in LASTING):
                    found[int(pid)] = command or "(ended, not waited for)"
    return found


def visible_windows() -> list[object]:
    """Top-level widgets still on screen after what was to be deleted later is deleted."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def running_timers() -> set[object]:
    """Every QTimer of Python that runs."""
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    return {thing for thing in gc.get_objects() if isinstance(thing, QTimer) and isValid(thing) and thing.isActive()}
