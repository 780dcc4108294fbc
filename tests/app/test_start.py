"""What ``dictrace`` does where nobody can see a window."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

WITHOUT_DISPLAY = {
    name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def start(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """``dictrace`` in `folder`, without a display."""
    command = [sys.executable, "-m", "dictrace.app", *arguments]
    return subprocess.run(
        command, cwd=folder, env=WITHOUT_DISPLAY, capture_output=True, text=True, timeout=100, check=False
    )


def test_without_a_display_the_default_run_is_reported_and_pictured(tmp_path: Path) -> None:
    done = start(folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    first, verdict, *_others, last = done.stdout.splitlines()
    assert "no display" in first
    assert "of 100 updates survived" in verdict
    assert "dictrace-window.png" in last
    picture = QImage(str(tmp_path / "dictrace-window.png"))
    assert (picture.width(), picture.height()) == (1600, 900)
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1600, 4) for y in range(0, 900, 4)}
    assert {"#0072b2", "#e69f00", "#009e73", "#cc79a7"} <= colours


def test_without_a_display_a_recording_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "run.dictrace").touch()
    done = start("run.dictrace", folder=tmp_path)
    assert done.returncode == 2
    assert "no display" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["run.dictrace"]


def test_what_is_neither_a_command_nor_a_file_opens_no_window(tmp_path: Path) -> None:
    done = start("raport", folder=tmp_path)
    assert (done.returncode, done.stderr) == (2, "There is no file “raport”.\n")


def test_a_picture_that_cannot_be_saved_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "dictrace-window.png").mkdir()
    done = start(folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_the_window_is_there_before_what_its_first_frame_does_not_need(tmp_path: Path) -> None:
    program = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from dictrace.app.entry import main

def told(*_application):
    print(sorted({"numpy", "pyqtgraph", "click", "rich", "dictrace.app.cli"} & set(sys.modules)))
    return 0

QApplication.exec = told
sys.argv = ["dictrace"]
sys.exit(main())
"""
    folders = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"), str(tmp_path))
    environment = WITHOUT_DISPLAY | folders | {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
