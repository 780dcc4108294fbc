"""A window that is in the middle of a long run, for a test that kills it: says so on its standard output."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from dictrace.app.autosave import Autosave
from dictrace.app.main_window import MainWindow
from dictrace.app.runner import Runner
from dictrace.app.settings import Remembered
from dictrace.engine.experiment import preset

ENOUGH_EVENTS = 60


def main(folder: Path) -> None:
    """Run until killed."""
    application = QApplication(["dictrace"])
    experiment = preset("fetch-mutate-commit", tasks=5000, think_ms=2)
    window = MainWindow(Runner(), Remembered(experiment=experiment), autosave=Autosave(folder))
    window.runner.rows.connect(lambda _rows: tell(window))
    window.show()
    window.run()
    application.exec()


def tell(window: MainWindow) -> None:
    """Say how many events there are, once there are enough."""
    session = window.session
    if session is not None and len(session.recording.events) >= ENOUGH_EVENTS:
        print(window.runner.host.processId() if window.runner.host else 0, len(session.recording.events), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
