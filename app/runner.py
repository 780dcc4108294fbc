"""The window's way to the host process: starts it and hands its rows on, never blocking the event loop."""

import msgspec
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from dictrace.engine.experiment import Experiment
from dictrace.engine.harmless import harmless_json
from dictrace.engine.launch import HOST, STOP
from dictrace.engine.order import Order, order_of
from dictrace.engine.rows import AnyRow
from dictrace.engine.words import _

SLICE_ROWS = 500
FAREWELL_MS = 5000

_decoder = msgspec.json.Decoder(AnyRow)


class Runner(QObject):
    """One run at a time.

    Attributes:
        running: a host is at work, or rows of it are still being handed on.
        host: that host process, or None.

    Signals:
        started(): a new run began; every later row is the new run's.
        rows(list): decoded rows, in order, at most `SLICE_ROWS` at a time.
        finished(str): the run is over and all its rows were handed on; a sentence where the host itself failed.
    """

    started = Signal()
    rows = Signal(list)
    finished = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.host: QProcess | None = None
        self._lines: list[bytes] = []
        self._given = 0
        self._rest = b""
        self._ended = False
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._hand_on)

    @property
    def running(self) -> bool:
        """See the class."""
        return self.host is not None

    def start(self, what: Experiment | Order) -> None:
        """Start a run; one that is still going is ended first."""
        self.close()
        self._lines, self._given, self._rest, self._ended = [], 0, b"", False
        if isinstance(what, Experiment):
            what = order_of(what)
        host = self.host = QProcess(self)
        host.readyReadStandardOutput.connect(self._on_output)
        host.finished.connect(self._on_host_ended)
        host.errorOccurred.connect(self._on_error)
        host.start(HOST[0], list(HOST[1:]))
        host.write(msgspec.json.encode(what) + b"\n")
        self.started.emit()

    def stop(self) -> None:
        """Ask for the end of the run; its last rows and `finished` follow."""
        if self.host is not None and not self._ended:
            self.host.write(STOP)

    def close(self) -> None:
        """End the run now, with every process it started; nothing of it is handed on any more."""
        host, self.host = self.host, None
        self._slices.stop()
        if host is None:
            return
        host.blockSignals(True)
        host.closeWriteChannel()
        if host.state() != QProcess.ProcessState.NotRunning and not host.waitForFinished(FAREWELL_MS):
            host.kill()
            host.waitForFinished()
        host.deleteLater()

    def _on_output(self) -> None:
        assert self.host is not None
        *lines, self._rest = (self._rest + self.host.readAllStandardOutput().data()).split(b"\n")
        self._lines.extend(lines)
        self._slices.start()

    def _on_host_ended(self) -> None:
        self._on_output()
        self._ended = True

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._ended = True
            self._slices.start()

    def _hand_on(self) -> None:
        lines = self._lines[self._given : self._given + SLICE_ROWS]
        self._given += len(lines)
        if lines:
            self.rows.emit([_decoder.decode(harmless_json(line)) for line in lines])
        if self._given < len(self._lines):
            return
        self._slices.stop()
        if self._ended:
            self._finish(b'"row":"end"' in self._lines[-1] if self._lines else False)

    def _finish(self, complete: bool) -> None:
        host, self.host = self.host, None
        if host is not None:
            host.deleteLater()
        self._lines = []
        self.finished.emit("" if complete else _("The run broke off: its host process ended unexpectedly."))
