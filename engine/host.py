"""The host process: starts one watched program, gathers its rows, and leaves nothing behind.

``python -m dictrace.engine.host`` reads JSON lines from standard input: first an `Order`, later ``"stop"``; the end of
its input means the same. It writes the rows of the recording to standard output, the header first, the end row last.
It has no Qt, runs none of the program's code in itself, and never forks without exec.
"""

import marshal
import os
import platform
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from time import perf_counter_ns
from typing import IO

import msgspec

from dictrace.engine import program_version
from dictrace.engine.exhibits import sources_of
from dictrace.engine.experiment import Experiment, ExperimentError, checked
from dictrace.engine.order import Order
from dictrace.engine.recorder.channel import ADDRESS, Settings
from dictrace.engine.recorder.entries import Entry
from dictrace.engine.rows import FORMAT, VERSION, AnyRow, EndRow, HeaderRow, Outcome, OutputRow
from dictrace.engine.transcript import Transcript
from dictrace.engine.words import _, choose_language

POLITE_S = 1.5
ORDERLY_S = 0.5
BACKLOG = 128  # all workers may end, and tell so, at once
SWITCH_S = 0.0002  # so that taking entries in doesn't wait for making rows
NICENESS = 10  # making rows must not take the processor from the processes that are watched

_encoder = msgspec.json.Encoder()


class Sink:
    """Standard output, for several threads, with a limit on the rows."""

    def __init__(self, stream: IO[bytes], transcript: Transcript, max_rows: int, on_broken: Callable[[], None]) -> None:
        self._stream = stream
        self._transcript = transcript
        self._left = max_rows
        self._on_broken = on_broken
        self._lock = threading.Lock()
        self.dropped = 0

    def row(self, row: AnyRow) -> None:
        """Write a row that is always kept."""
        with self._lock:
            self._write(_encoder.encode(row) + b"\n")

    def entries(self, entries: list[Entry]) -> None:
        """Write the rows of `entries`, those beyond the limit only counted."""
        with self._lock:
            rows = self._transcript.rows(entries)
            kept = rows[: self._left]
            self._left -= len(kept)
            self.dropped += len(rows) - len(kept)
            self._write(b"".join(_encoder.encode(row) + b"\n" for row in kept))

    def _write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError:
            self._on_broken()


class Host:
    """One run, from the order to the end row. `command` starts another program than the built-in one."""

    def __init__(self, order: Order, command: Sequence[str] = ()) -> None:
        self._order = order
        self._command = command or _built_in(order.experiment)
        self._origin_ns = perf_counter_ns()
        self._happenings: queue.SimpleQueue[str] = queue.SimpleQueue()
        transcript = Transcript(self._origin_ns)
        self._sink = Sink(sys.stdout.buffer, transcript, order.max_rows, lambda: self._happenings.put("stop"))
        self._folder = tempfile.mkdtemp(prefix="dictrace-")
        self._listener = Listener(str(Path(self._folder, "channel")) if os.name == "posix" else None, backlog=BACKLOG)
        self._arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._maker = self._spawn(self._make_rows)
        self._readers: list[threading.Thread] = []
        self._errors: list[str] = []

    def run(self) -> int:
        """Run the program to its end or until asked to stop; the exit status."""
        self._sink.row(self._header())
        self._spawn(self._read_commands)
        try:
            program = self._start()
            self._spawn(self._await, program)
            stopped = self._happenings.get() == "stop"
            self._take_down(program)
        finally:
            self._listener.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._arrived.put(b"")
        self._maker.join()
        self._sink.row(self._end_row(program, stopped))
        return 0

    def _header(self) -> HeaderRow:
        experiment = self._order.experiment
        return HeaderRow(
            format=FORMAT,
            version=VERSION,
            program=program_version(),
            python=platform.python_version(),
            platform=sys.platform,
            start_method=experiment.start_method,
            what=experiment.what,
            parameters=msgspec.to_builtins(experiment),
            gate=self._order.gate,
            source=sources_of(experiment),
            recorded=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the program in a session of its own, all its temporary files in the private folder."""
        settings = Settings(self._order.gate.value, self._order.experiment.seed or 0, self._order.order)
        self._spawn(self._accept, marshal.dumps(tuple(settings)))
        program = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, ADDRESS: str(self._listener.address), "TMPDIR": self._folder},
            start_new_session=True,
        )
        for name, stream in (("stdout", program.stdout), ("stderr", program.stderr)):
            self._readers.append(self._spawn(self._read_output, name, stream))
        return program

    def _take_down(self, program: subprocess.Popen[bytes]) -> None:
        """End the whole group: politely, then in order, then by force; then read what is still in the pipes."""
        if program.poll() is None:
            program.terminate()
            with suppress(subprocess.TimeoutExpired):
                program.wait(POLITE_S)
        for signum in (signal.SIGTERM, signal.SIGKILL):
            _join(self._readers, ORDERLY_S)
            with suppress(ProcessLookupError):  # nobody is left
                os.killpg(program.pid, signum)
        _join(self._readers, ORDERLY_S)
        program.wait()

    def _end_row(self, program: subprocess.Popen[bytes], stopped: bool) -> EndRow:
        failed = program.returncode != 0
        outcome = Outcome.STOPPED if stopped else Outcome.FAILED if failed else Outcome.FINISHED
        text = ""
        if outcome is Outcome.FAILED:
            lines = "".join(self._errors).strip().splitlines()
            text = lines[-1] if lines else _("The program ended with status {n}.").format(n=program.returncode)
        return EndRow(outcome, perf_counter_ns() - self._origin_ns, self._sink.dropped, text)

    def _accept(self, settings: bytes) -> None:
        with suppress(OSError):
            while True:
                self._readers.append(self._spawn(self._read_entries, self._listener.accept(), settings))

    def _read_entries(self, connection: Connection, settings: bytes) -> None:
        """Take what comes as fast as it comes: a process that has to wait for us would be slowed down."""
        with suppress(EOFError, OSError):
            while True:
                message = connection.recv_bytes()
                if message:
                    self._arrived.put(message)
                else:
                    connection.send_bytes(settings)

    def _make_rows(self) -> None:
        if sys.platform == "linux":
            os.nice(NICENESS)  # there it concerns this thread only
        while message := self._arrived.get():
            self._sink.entries(marshal.loads(message))

    def _read_output(self, name: str, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 1 << 16):
            text = chunk.decode(errors="replace")
            if name == "stderr":
                self._errors.append(text)
            self._sink.row(OutputRow(name, text, perf_counter_ns() - self._origin_ns))

    def _read_commands(self) -> None:
        while _read_line() not in ("", '"stop"\n'):
            pass
        self._happenings.put("stop")

    def _await(self, program: subprocess.Popen[bytes]) -> None:
        program.wait()
        self._happenings.put("ended")

    @staticmethod
    def _spawn(target: Callable[..., None], *args: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        return thread


def _built_in(experiment: Experiment) -> list[str]:
    return [sys.executable, "-m", "dictrace.engine.program", _encoder.encode(experiment).decode()]


def _join(threads: list[threading.Thread], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def _read_line() -> str:
    """The next line of standard input, read without a buffer: a buffered read could not be given up at exit."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return line.decode()


def _break_off(failure: threading.ExceptHookArgs) -> None:
    """A run of which a part can't be told must not look whole: end at once, and with us the program."""
    sys.excepthook(failure.exc_type, failure.exc_value or failure.exc_type(), failure.exc_traceback)
    os._exit(70)


def main() -> int:
    """Carry out the order on standard input."""
    sys.setswitchinterval(SWITCH_S)
    threading.excepthook = _break_off
    choose_language(None)
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: None)  # the one who ordered decides when to stop, by closing our input
    try:
        order = msgspec.json.decode(_read_line(), type=Order)
        checked(order.experiment)
    except (msgspec.DecodeError, ExperimentError) as error:
        print(error, file=sys.stderr)
        return 2
    return Host(order).run()


if __name__ == "__main__":
    sys.exit(main())
