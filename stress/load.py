"""Much of everything: what a recording of it holds in memory, and what is left out and said to be."""

import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from dictrace.engine.files import Reader, RecordingWriter, read_recording
from dictrace.engine.framing import frame_at
from dictrace.engine.launch import Run
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.recording import Recording
from dictrace.engine.rows import EndRow, OpKind, OpRow, Outcome, ReplyRow
from stress.table import Trial
from tests.engine.histories import FIRST_WORKER_PID, Simulation

EVENTS, KEYS, WORKERS = 1_000_000, 100_000, 64
MOST_BYTES_PER_EVENT = 1500

LARGE_VALUE = """
    import multiprocessing
    if __name__ == "__main__":
        with multiprocessing.Manager() as manager:
            d = manager.dict()
            d["x"] = "a" * 100_000_000
            d["n"] = len(d["x"])
            print(d["n"])
"""
MUCH_OUTPUT = """
    import multiprocessing
    if __name__ == "__main__":
        with multiprocessing.Manager() as manager:
            d = manager.dict(n=1)
            for _ in range(100_000):
                print("x" * 999)
"""
HOUR = """
    import multiprocessing
    def work(d, n, times):
        for i in range(times):
            d[n, i % 10] = i
            d[n, i % 10]
    if __name__ == "__main__":
        with multiprocessing.Manager() as manager, multiprocessing.Pool(4) as pool:
            pool.starmap(work, [(manager.dict(), n, 45_000) for n in range(4)])
"""
HOUR_OPERATIONS, HOUR_ROWS = 360_000, 500_000


def trials() -> Iterator[Trial]:
    """Each in a process of its own, so that its memory is its own."""
    for name, (tried, times, _act) in _ACTS.items():
        done = subprocess.run([sys.executable, "-m", "stress.load", name], capture_output=True, text=True)
        failures = (done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]) if done.returncode else []
        yield Trial("load", tried, times, done.stdout.strip(), tuple(failures))


def memory_bytes(process: int | str = "self") -> int:
    """Most memory that a process had; not what `getrusage` tells, in which is what its parent had at its start."""
    status = Path(f"/proc/{process}/status").read_text()
    return next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM")), 0)


def many_events() -> str:
    """A file of a million events of 64 processes, read, and looked at in the middle."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run.dictrace")
        with RecordingWriter(path) as writer:
            writer.write_rows([Simulation(WORKERS).header, *Simulation(WORKERS).rows])
            for first in range(1, EVENTS + 1, 10_000):
                writer.write(b"".join(map(_event_lines, range(first, first + 10_000))))
            writer.write_rows([EndRow(Outcome.FINISHED, EVENTS * 1000, 0)])
        size, before = path.stat().st_size, memory_bytes()
        recording, read_s = _timed(lambda: _read(path))
    per_event = (memory_bytes() - before) // EVENTS
    assert len(recording.events) == EVENTS + 1
    assert recording.complete
    _frame, frame_s = _timed(lambda: frame_at(recording, EVENTS / 2))
    assert 0 < per_event < MOST_BYTES_PER_EVENT, f"{per_event} bytes per event"
    return (
        f"{size >> 20:,} MB of file read in {read_s:.0f} s, {per_event:,} bytes of memory per event; "
        f"a frame in the middle in {1000 * frame_s:.0f} ms"
    )


def many_keys() -> str:
    """A dict of 100,000 keys, fetched and committed as a whole by two processes."""
    run = Simulation(2)
    before = memory_bytes()
    run.commit(0, None, {str(key): "0" for key in range(KEYS)}, None)
    for worker in (1, 2):
        run.fetch(worker, worker)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    recording = run.finish()
    counts = recording.history.counts_at(len(recording.events))
    assert counts.overwritten == 1
    frame, frame_s = _timed(lambda: frame_at(recording, len(recording.events) / 2))
    assert len(frame.cells.states) >= KEYS
    held = (memory_bytes() - before) // KEYS
    assert held > 0
    return f"{held:,} bytes of memory per key, the simulation's included; a frame in {1000 * frame_s:.0f} ms"


def large_value() -> str:
    """A program that puts a text of 100 MB into a shared dict and reads it again."""
    recording, size, host_mb = _run_of(LARGE_VALUE, Limits())
    assert recording.complete
    assert [output.text for output in recording.outputs] == ["100000000\n"]
    assert size < 100_000
    return (
        f"{size >> 10} kB of recording; the host had at most {host_mb:,} MB, this process {memory_bytes() >> 20:,} MB"
    )


def much_output() -> str:
    """A program that prints 100 MB as fast as it can."""
    begun_s = time.monotonic()
    recording, _size, host_mb = _run_of(MUCH_OUTPUT, Limits())
    assert recording.end is not None
    kept = sum(len(output.text) for output in recording.outputs)
    assert kept + recording.end.dropped_bytes == 100_000_000
    took_s, dropped = time.monotonic() - begun_s, recording.end.dropped_bytes
    return (
        f"in {took_s:.0f} s, {kept / 1e6:,.0f} MB kept, {dropped / 1e6:,.0f} MB left out and counted; "
        f"the host had at most {host_mb:,} MB, this process {memory_bytes() >> 20:,} MB"
    )


def an_hour() -> str:
    """A program that asks as often as one does that asks a hundred times a second for an hour, and a limit of rows."""
    begun_s = time.monotonic()
    recording, size, host_mb = _run_of(HOUR, Limits(rows=HOUR_ROWS))
    took_s, end = time.monotonic() - begun_s, recording.end
    assert end is not None
    assert end.outcome is Outcome.FINISHED
    assert recording.rows - 2 <= HOUR_ROWS + len(recording.outputs), "without the first and the last"
    assert end.dropped + recording.rows >= 2 * HOUR_OPERATIONS, "each operation, and each reply, was kept or counted"
    return (
        f"in {took_s:.0f} s, {recording.rows:,} rows of {size >> 20:,} MB kept, {end.dropped:,} rows left out and "
        f"counted; the host had at most {host_mb:,} MB, this process {memory_bytes() >> 20:,} MB"
    )


def _event_lines(event: int) -> bytes:
    """An event and its reply: fetches, and commits to one of a hundred keys."""
    pid, key, ns = FIRST_WORKER_PID + 1 + event % WORKERS, f"'{event % 100}'", event * 1000
    made = {"key": key, "version": event, "base": event - 1} if event % 2 else {"key": key, "version": event - 1}
    kind = OpKind.COMMIT if event % 2 else OpKind.FETCH
    row = OpRow(
        event, ns, pid, event, 1, "__setitem__", kind, event // 2, line=5, file="a.py", request_ns=ns - 500, **made
    )
    return msgspec.json.Encoder().encode_lines([row, ReplyRow(pid, event, ns + 400)])


def _read(path: Path) -> Recording:
    with Reader(path) as reader:
        while reader.read_some():
            reader.recording.history  # noqa: B018  taken in slice by slice, as in the window
        reader.recording.history  # noqa: B018
        return reader.recording


def _run_of(program: str, limits: Limits) -> tuple[Recording, int, int]:
    """Its recording, the size of that in bytes, and the most memory of the host, MB."""
    host_bytes = 0
    with tempfile.TemporaryDirectory() as folder:
        script, path = Path(folder, "program.py"), Path(folder, "run.dictrace")
        script.write_text(textwrap.dedent(program))
        with Run(Order(script=Script(str(script)), limits=limits)) as run, open(path, "wb") as file:
            for lines in run.lines():
                file.write(lines)
                host_bytes = max(host_bytes, memory_bytes(run.host_pid))
        return read_recording(path), path.stat().st_size, host_bytes >> 20


def _timed(act: Callable[[], object]) -> tuple[Any, float]:
    begun_s = time.perf_counter()
    result = act()
    return result, time.perf_counter() - begun_s


_ACTS: dict[str, tuple[str, int, Callable[[], str]]] = {
    "events": ("a recording of a million events of 64 processes", 1, many_events),
    "keys": ("a dict of 100,000 keys", 1, many_keys),
    "value": ("a value of 100 MB of text", 1, large_value),
    "hour": ("360,000 operations, those of an hour with a hundred a second, at full speed", 1, an_hour),
    "output": ("100 MB of output at once", 1, much_output),
}

if __name__ == "__main__":
    print(_ACTS[sys.argv[1]][2]())
