"""The host process: starts one watched program, gathers its rows, and leaves nothing behind.

``python -m dictrace.engine.host`` reads JSON lines from standard input: first an `Order`, later ``"interrupt"``, which
sends the program what Ctrl+C would, and ``"stop"``; the end of its input means the same. It writes the rows of the
recording to standard output, the header first, the end row last.
It has no Qt, runs none of the program's code in itself, and never forks without exec.
"""

import marshal
import multiprocessing
import os
import platform
import queue
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter_ns
from typing import IO, Any

import msgspec

from dictrace.engine import program_version
from dictrace.engine.exhibits import sources_of
from dictrace.engine.experiment import Experiment, ExperimentError, checked
from dictrace.engine.intake import Intake
from dictrace.engine.order import Limits, Order
from dictrace.engine.recorder.channel import ADDRESS, FLUSH_S, SETTINGS, Settings
from dictrace.engine.recorder.entries import Entry, Kind
from dictrace.engine.rows import FORMAT, VERSION, AnyRow, EndRow, HeaderRow, Outcome, OutputRow, Source
from dictrace.engine.sources import Sources, text_of
from dictrace.engine.transcript import Transcript
from dictrace.engine.words import _, choose_language

SITE = Path(__file__).with_name("recorder") / "site"
POLITE_S = 1.5
DESERTED_S = 1.0
ORDERLY_S = 0.5
STEP_S = 0.1
QUIET_S = 2.0  # a server that is still there may have so much to do before its next message comes
GUARD = 'read -r pid; read -r over || { kill -KILL "-$pid"; rm -rf "$0"; } 2>/dev/null'
LATE_S, LATE_BYTES, LATE_PROCESSES = 2.0, 1 << 26, 100  # a program beyond one of these is no short one
SWITCH_S = 0.0002  # so that taking entries in doesn't wait for making rows
NICENESS = 10  # making rows must not take the processor from the processes that are watched, all of one session
MAX_ERROR = 10_000
EXPLAINED = (1, 2)  # an exception, sys.exit with a text, wrong use: what is printed last says why

_encoder = msgspec.json.Encoder()


class Sink:
    """Standard output, for several threads, with limits on what is kept."""

    def __init__(
        self, stream: IO[bytes], transcript: Transcript, limits: Limits, on_broken: Callable[[], None]
    ) -> None:
        self._stream = stream
        self._transcript = transcript
        self._left = limits.rows
        self._bytes_left = limits.output_bytes
        self._on_broken = on_broken
        self._is_broken = False
        self._lock = threading.Lock()
        self.dropped = 0
        self.dropped_bytes = 0

    def row(self, row: AnyRow) -> None:
        """Write a row that is always kept."""
        with self._lock:
            self._write(_encoder.encode(row) + b"\n")

    def entries(self, entries: list[Entry], source: int) -> None:
        """Write the rows of `entries`, those beyond the limit only counted; none where nobody reads them any more."""
        if self._is_broken:
            return
        with self._lock:
            self._keep(self._transcript.rows(entries, source))

    def is_any_working(self) -> bool:
        """Whether a process goes on, after the entries so far."""
        with self._lock:
            return self._transcript.roster.working

    def finish(self) -> None:
        """Write the last rows that are made of entries."""
        with self._lock:
            self._keep(self._transcript.finish())

    def output(self, stream: str, chunk: bytes, text: str, ns: int) -> None:
        """Write what the program printed, beyond the limit only counted."""
        if self._bytes_left < len(chunk):
            self.dropped_bytes += len(chunk)
            return
        self._bytes_left -= len(chunk)
        self.row(OutputRow(stream, text, ns))

    def _keep(self, rows: list[AnyRow]) -> None:
        kept = rows[: self._left]
        self._left -= len(kept)
        self.dropped += len(rows) - len(kept)
        self._write(b"".join(_encoder.encode(row) + b"\n" for row in kept))

    def _write(self, data: bytes) -> None:
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError:
            self._is_broken = True
            self._on_broken()


class Host:
    """One run, from the order to the end row. `command` starts another program than the built-in one."""

    def __init__(self, order: Order, command: Sequence[str] = ()) -> None:
        self._order = order
        self._command = command or _command_of(order)
        self._origin_ns = perf_counter_ns()
        self._happenings: queue.SimpleQueue[str] = queue.SimpleQueue()
        script = order.script
        folder = os.path.dirname(os.path.join(script.cwd, script.path)) if script is not None else None
        self._sources = Sources(folder, script.cwd, (os.path.basename(script.path),)) if script else Sources()
        self._transcript = Transcript(self._origin_ns, self._sources)
        self._sink = Sink(sys.stdout.buffer, self._transcript, order.limits, lambda: self._happenings.put("stop"))
        self._folder = tempfile.mkdtemp(prefix="dictrace-")
        self._guard = self._start_guard()
        self._due = threading.Event()
        if order.live:
            self._due.set()
        self._arrived: queue.SimpleQueue[tuple[int, bytes | list[Entry] | threading.Event]] = queue.SimpleQueue()
        self._maker = self._spawn(self._make_rows)
        self._address = str(Path(self._folder, "channel"))
        self._intake = Intake(self._address, self._hear, self._miss)
        self._readers: list[threading.Thread] = []
        self._errors = ""
        self._program: subprocess.Popen[bytes] | None = None
        self._ended_ns = 0

    def run(self) -> int:
        """Run the program to its end or until asked to stop; the exit status."""
        self._sink.row(self._header())
        self._spawn(self._read_commands)
        try:
            program = self._program = self._start()
            _tell_guard(self._guard, program.pid)
            self._spawn(self._await, program)
            if self._order.limits.seconds is not None:
                self._spawn(self._await_limit, self._order.limits.seconds)
            happened = self._happenings.get()
            self._due.set()
            if happened == "deserted":
                self._leave_nothing(program)
            else:
                self._take_down(program, happened == "ended")
            _tell_guard(self._guard, 0)
        finally:
            self._intake.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._arrived.put((0, b""))
        self._maker.join()
        self._sink.finish()
        self._sink.row(self._end_row(program, happened))
        return 0

    def _header(self) -> HeaderRow:
        experiment, script = self._order.experiment, self._order.script
        about: dict[str, Any]
        if script is not None:
            name = os.path.basename(script.path)
            about = {
                "start_method": multiprocessing.get_start_method(),
                "what": name,
                "parameters": {"script": name, "arguments": list(script.arguments)},
                "source": (Source(name, 1, text_of(os.path.join(script.cwd, script.path))),),
            }
        else:
            assert experiment is not None
            about = {
                "start_method": experiment.start_method,
                "what": experiment.what,
                "parameters": msgspec.to_builtins(experiment),
                "source": sources_of(experiment),
            }
        return HeaderRow(
            format=FORMAT,
            version=VERSION,
            program=program_version(),
            python=platform.python_version(),
            platform=sys.platform,
            gate=self._order.gate,
            recorded=datetime.now(UTC).isoformat(timespec="seconds"),
            **about,
        )

    def _start_guard(self) -> subprocess.Popen[bytes]:
        """Start what ends the program's process group, and removes the private folder, where we are killed."""
        return subprocess.Popen(
            ["/bin/sh", "-c", GUARD, self._folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the program in a process group of its own, watched, its sockets in the private folder."""
        seed = self._order.experiment.seed if self._order.experiment is not None else None
        settings = Settings(self._order.gate.value, seed or 0, self._order.order)
        Path(self._folder, SETTINGS).write_bytes(marshal.dumps(vars(settings)))
        script = self._order.script
        stdio = script.stdio if script is not None else None
        search = os.pathsep.join(filter(None, (str(SITE), os.environ.get("PYTHONPATH"))))
        started_ns = perf_counter_ns()
        program = subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL if stdio is None else stdio[0],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=script.cwd if script is not None else None,
            env={**os.environ, ADDRESS: self._address, "PYTHONPATH": search},
            process_group=0,
        )
        _have_room()
        self._arrived.put((0, [(Kind.PROCESS, program.pid, "MainProcess", started_ns, "main", 0, "")]))
        for number, (name, stream) in enumerate((("stdout", program.stdout), ("stderr", program.stderr)), 1):
            copy_to = stdio[number] if stdio is not None else None
            self._readers.append(self._spawn(self._read_output, name, stream, copy_to))
        return program

    def _take_down(self, program: subprocess.Popen[bytes], ended: bool) -> None:
        """End the whole group: politely, then in order, then by force; what still comes is waited for each time."""
        if ended and self._order.script is not None:
            self._catch_up()
            while self._sink.is_any_working() and not self._are_all_gone(ORDERLY_S):
                if not self._happenings.empty():
                    break  # children outlived the main program, as they may, until now
        self._arrived.put((0, [(Kind.ALL_ASKED,)]))
        self._intake.ask_servers()
        if program.poll() is None:
            program.terminate()
            with suppress(subprocess.TimeoutExpired):
                program.wait(POLITE_S)
        self._are_all_gone(ORDERLY_S)
        for signum in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):  # nobody is left
                os.killpg(program.pid, signum)
            self._hear_out()
        self._catch_up()
        _join(self._readers, ORDERLY_S)
        program.wait()

    def _catch_up(self) -> None:
        """Wait until rows were made of all that was sent."""
        done = threading.Event()
        self._intake.catch_up(lambda: self._arrived.put((0, done)))
        done.wait()

    def _are_all_gone(self, within_s: float) -> bool:
        """Wait until nobody can tell or print anything any more; whether it is so."""
        deadline = time.monotonic() + within_s
        return _join(self._readers, within_s) and self._intake.alone.wait(deadline - time.monotonic())

    @staticmethod
    def _leave_nothing(program: subprocess.Popen[bytes]) -> None:
        """End the whole group soon: nobody is there any more to whom anything could be told."""
        program.terminate()
        with suppress(subprocess.TimeoutExpired):
            program.wait(DESERTED_S)
        with suppress(ProcessLookupError):  # nobody is left
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()

    def _hear_out(self) -> None:
        """Wait until nobody is left to tell anything, or nothing came for a while."""
        heard, since = self._intake.messages, time.monotonic()
        deadline = since + FLUSH_S
        while not self._are_all_gone(STEP_S) and time.monotonic() < deadline:
            if self._intake.messages != heard:
                heard, since = self._intake.messages, time.monotonic()
            elif time.monotonic() - since > (QUIET_S if self._intake.servers else ORDERLY_S):
                return

    def _end_row(self, program: subprocess.Popen[bytes], happened: str) -> EndRow:
        failed = program.returncode != 0
        stopped = happened != "ended"
        outcome = Outcome.STOPPED if stopped else Outcome.FAILED if failed else Outcome.FINISHED
        text = happened if happened not in ("ended", "stop", "deserted") else ""
        if outcome is Outcome.FAILED and program.returncode < 0:
            sentence = _("The main program (PID {pid}) was ended by signal {n}.")
            text = sentence.format(pid=program.pid, n=-program.returncode)
        elif outcome is Outcome.FAILED:
            lines = self._errors.strip().splitlines() if program.returncode in EXPLAINED else []
            text = lines[-1] if lines else _("The program ended with status {n}.").format(n=program.returncode)
        return EndRow(
            outcome,
            (self._ended_ns or perf_counter_ns()) - self._origin_ns,
            self._sink.dropped,
            text,
            self._sink.dropped_bytes,
            program.returncode,
            len(self._transcript.unclosed),
        )

    def _hear(self, source: int, message: bytes) -> None:
        if source > LATE_PROCESSES or self._intake.size > LATE_BYTES:
            self._due.set()
        self._arrived.put((source, message))

    def _miss(self, source: int) -> None:
        self._arrived.put((source, [(Kind.GONE, perf_counter_ns())]))

    def _make_rows(self) -> None:
        if sys.platform == "linux":
            os.nice(NICENESS)  # there it concerns this thread only
        self._due.wait(LATE_S)
        limit = self._order.limits.processes
        while True:
            source, message = self._arrived.get()
            if isinstance(message, threading.Event):
                message.set()
                continue
            if not message:
                return
            self._sink.entries(marshal.loads(message) if isinstance(message, bytes) else message, source)
            if self._transcript.roster.seen > limit:
                self._happenings.put(_("More than {n} processes were started.").format(n=f"{limit:,}"))

    def _read_output(self, name: str, stream: IO[bytes], copy_to: int | None) -> None:
        decoder = getincrementaldecoder("utf-8")(errors="replace")
        while chunk := os.read(stream.fileno(), 1 << 16):
            if copy_to is not None:
                try:
                    _write_all(copy_to, chunk)
                except OSError:
                    self._happenings.put("stop")  # nobody reads it any more
                    copy_to = None
            text = decoder.decode(chunk)
            if name == "stderr":
                self._errors = (self._errors + text)[-MAX_ERROR:]
            self._sink.output(name, chunk, text, perf_counter_ns() - self._origin_ns)

    def _read_commands(self) -> None:
        while (line := _read_line()) not in ("", '"stop"\n'):
            if line == '"interrupt"\n' and self._program is not None:
                with suppress(ProcessLookupError):  # nobody is left
                    os.killpg(self._program.pid, signal.SIGINT)
        self._happenings.put("stop" if line else "deserted")

    def _await_limit(self, seconds: float) -> None:
        time.sleep(seconds)
        self._happenings.put(_("It took longer than {n} s.").format(n=f"{seconds:,.0f}"))

    def _await(self, program: subprocess.Popen[bytes]) -> None:
        program.wait()
        self._ended_ns = perf_counter_ns()
        self._happenings.put("ended")

    @staticmethod
    def _spawn(target: Callable[..., None], *args: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=args, daemon=True)
        thread.start()
        return thread


def _command_of(order: Order) -> list[str]:
    if order.script is not None:
        return [sys.executable, order.script.path, *order.script.arguments]
    return [sys.executable, "-P", "-m", "dictrace.engine.program", _encoder.encode(order.experiment).decode()]


def _have_room() -> None:
    """May each process have a connection to us. The program has started, with the limit that it has unwatched."""
    _now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError):  # it has no end, and may not be taken so
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _tell_guard(guard: subprocess.Popen[bytes], group: int) -> None:
    """Tell the guard the process group to end with us, or, the next time, that nothing is left to guard."""
    assert guard.stdin is not None
    with suppress(OSError):
        guard.stdin.write(f"{group}\n".encode())
        guard.stdin.flush()


def _join(threads: list[threading.Thread], within_s: float) -> bool:
    """Wait for all threads; whether they all ended."""
    deadline = time.monotonic() + within_s
    for thread in list(threads):
        thread.join(max(0.0, deadline - time.monotonic()))
    return not any(thread.is_alive() for thread in list(threads))


def _write_all(to: int, data: bytes) -> None:
    while data:
        data = data[os.write(to, data) :]


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
    with suppress(AttributeError, PermissionError):  # Windows has no sessions; one that leads one has its own
        os.setsid()
    sys.setswitchinterval(SWITCH_S)
    threading.excepthook = _break_off
    choose_language(None)
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: None)  # the one who ordered decides when to stop, by closing our input
    try:
        order = msgspec.json.decode(_read_line(), type=Order)
        if order.script is None:
            checked(order.experiment or Experiment())
    except (msgspec.DecodeError, ExperimentError) as error:
        print(error, file=sys.stderr)
        return 2
    return Host(order).run()


if __name__ == "__main__":
    sys.exit(main())
