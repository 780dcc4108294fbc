"""Where the run that is shown comes from: the runner's rows as they arrive, or a file."""

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from dictrace.app.autosave import Autosave, KeptRun
from dictrace.engine.experiment import Experiment
from dictrace.engine.order import Order
from dictrace.engine.rows import AnyRow, HeaderRow

if TYPE_CHECKING:
    from dictrace.app.opener import Opener
    from dictrace.app.pictures.embedding import Shown
    from dictrace.app.pictures.subject import Subject
    from dictrace.app.runner import Runner
    from dictrace.app.session import Session
    from dictrace.engine.recording import Recording

GROWTH_MS = 80


class Feed(QObject):
    """One run at a time. What only a run needs is loaded with the first one; a run made here is kept by `autosave`
    until it is saved or another one is shown.

    Attributes:
        session: the run that is shown, or None before the first and until the first row of another one.

    Signals:
        running(bool): a run goes on, or no longer does.
        changed: another run is shown, or none.
        grown: the run that is shown has more events, but not more often than every `GROWTH_MS`, or has ended.
        ended: after the last `grown` of a run made here.
        opened(str): the run was read from the file of this path, empty for one that another window left behind; after
            `changed`.
        reading(bool): a file is being read, or no longer is.
        progressed(float): share of a file that has been read, 0 to 1.
        failed(str): why there is no run, one sentence, or empty.
    """

    running = Signal(bool)
    changed = Signal()
    grown = Signal()
    ended = Signal()
    opened = Signal(str)
    reading = Signal(bool)
    progressed = Signal(float)
    failed = Signal(str)

    def __init__(self, runner: "Runner", parent: QObject | None = None, autosave: Autosave | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self._runner = runner
        self._autosave = autosave or Autosave(None)
        self._recovered: KeptRun | None = None
        self._opener: Opener | None = None
        self._path = ""
        self._growth = QTimer(self, singleShot=True, interval=GROWTH_MS)
        self._growth.timeout.connect(self.grown)
        runner.started.connect(self._on_runner_started)
        runner.rows.connect(self._on_runner_rows)
        runner.finished.connect(self._on_runner_finished)

    def run(self, what: Experiment | Order) -> None:
        """Run it, instead of what is running or being read."""
        if self._opener is not None:
            self._opener.close()
        self._runner.start(what)

    def open(self, path: str | os.PathLike[str]) -> None:
        """Read a recording; a run that is going on ends, and is shown until the file has been read."""
        self._runner.close()
        if self.session is not None and self.session.live:
            self._end("")
        self.running.emit(False)
        self._path = os.path.abspath(path)
        self._leave_recovered()
        self._made_opener().open(path)

    def recover(self, run: KeptRun) -> None:
        """Read a run that another window left behind; here it is like one that was made here."""
        self.open(run.path)
        self._recovered = run

    def stop(self) -> None:
        """End the run that goes on, or read no further: what was shown before stays."""
        self._runner.stop()
        if self._opener is not None:
            self._opener.close()
        self._leave_recovered()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the run that is shown, which there must be, to a file.

        Raises:
            RecordingError: it can't be written.
        """
        assert self.session is not None
        self.session.save(path)
        self._autosave.discard()

    @property
    def subject(self) -> "Subject":
        """The run that is shown, which there must be, as what pictures are made of."""
        from dictrace.app.pictures.subject import Subject

        assert self.session is not None
        return Subject.of(self.session, self._path)

    @property
    def shown(self) -> "Shown | None":
        """What the picture that was opened last shows, None where a recording was opened."""
        return self._opener.shown if self._opener is not None else None

    def close(self) -> None:
        """Nothing comes any more."""
        if self._opener is not None:
            self._opener.close()
        self._growth.stop()
        self._runner.close()
        self._leave_recovered()
        self._autosave.discard()

    def _made_opener(self) -> "Opener":
        if self._opener is None:
            from dictrace.app.opener import Opener

            self._opener = Opener(self)
            self._opener.reading.connect(self.reading)
            self._opener.progressed.connect(self.progressed)
            self._opener.opened.connect(self._on_opener_opened)
            self._opener.failed.connect(self._on_opener_failed)
        return self._opener

    def _leave_recovered(self) -> None:
        """What is being read of another window's is read no further, and is for the next window."""
        if self._recovered is not None:
            self._recovered.release()
            self._recovered = None

    def _on_runner_started(self) -> None:
        self._leave_recovered()
        self._autosave.begin()
        self.running.emit(True)
        self._show(None)

    def _on_runner_rows(self, rows: list[AnyRow]) -> None:
        from dictrace.app.session import Session
        from dictrace.engine.recording import RecordingError

        self._autosave.write(rows)
        try:
            if self.session is None:
                first, *rows = rows
                assert isinstance(first, HeaderRow)
                self._show(Session.begun(first))
            assert self.session is not None
            self.session.extend(rows)
        except (RecordingError, OverflowError) as error:
            self._runner.close()
            self._on_runner_finished(str(error))
        else:
            if not self._growth.isActive():
                self._growth.start()

    def _on_runner_finished(self, problem: str) -> None:
        self.running.emit(False)
        if self.session is None:
            self.failed.emit(problem)
        else:
            self._end(problem)

    def _on_opener_opened(self, recording: "Recording") -> None:
        from dictrace.app.session import Session
        from dictrace.engine.files import whole_lines

        recovered, self._recovered = self._recovered, None
        if recovered is None:
            self._autosave.discard()
            self._show(Session(recording, live=False))
            self.opened.emit(self._path)
        else:
            self._autosave.adopt(recovered)
            self._path = ""
            self._show(Session(recording, live=False, kept=whole_lines(recovered.path)))
            self.opened.emit("")

    def _on_opener_failed(self, problem: str) -> None:
        self._leave_recovered()
        self.failed.emit(problem)

    def _show(self, session: "Session | None") -> None:
        self._growth.stop()
        self.session = session
        self.changed.emit()

    def _end(self, problem: str) -> None:
        assert self.session is not None
        self._growth.stop()
        self.session.end(problem)
        self.grown.emit()
        self.ended.emit()
