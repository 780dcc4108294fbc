"""Damaged recordings in a real window: opened, looked at in every panel, at several moments, off screen."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import TracebackType

from stress.recordings import fuzzed, real_recordings
from stress.table import Trial
from tests.engine.fuzzing import damaged, positions

TIMES = 500


def trials() -> Iterator[Trial]:
    """One window for all of them, as a person who opens file after file has it."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    good = list(real_recordings())
    with tempfile.TemporaryDirectory() as folder:
        opening = _Opening(Path(folder, "run.dictrace"))
        yield fuzzed("window", "a damaged recording opened, every panel shown", TIMES, lambda c: opening.look(c, good))
        opening.window.close()


class _Opening:
    """A window, and what went wrong in its slots, which Qt only prints."""

    def __init__(self, path: Path) -> None:
        from PySide6.QtCore import QEventLoop
        from PySide6.QtWidgets import QApplication

        from dictrace.app.main_window import MainWindow
        from dictrace.app.runner import Runner

        self.path = path
        self.application = QApplication.instance() or QApplication(["dictrace"])
        self.wrong: list[BaseException] = []
        sys.excepthook = self._note
        self.window = MainWindow(Runner())
        self.window.show()
        waiting = QEventLoop()
        self.window.completed.connect(waiting.quit)
        waiting.exec()

    def look(self, chance: Random, good: list[bytes]) -> str:
        """Open one; what became of it."""
        self.path.write_bytes(damaged(chance, good))
        told: list[str] = []
        feed = self.window._feed
        feed.opened.connect(told.append)
        feed.failed.connect(told.append)
        self.window.open_recording(self.path)
        while not told and not self.wrong:
            self.application.processEvents()
        feed.opened.disconnect(told.append)
        feed.failed.disconnect(told.append)
        session = self.window.session
        is_open = told == [str(self.path)]
        if is_open and session is not None:
            panels = list(self.window.desk.panels.values())
            for position in positions(chance, len(session.recording.events)):
                self.window.player.seek(position)
                panels[chance.randrange(len(panels))].raise_()
                self.window.settle()
                self.application.processEvents()
            self.window.grab()
        wrong, self.wrong = self.wrong, []
        if wrong:
            raise wrong[0]
        return "shown" if is_open else "refused in a sentence"

    def _note(self, _kind: type[BaseException], error: BaseException, _place: TracebackType | None) -> None:
        self.wrong.append(error)
