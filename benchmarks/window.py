"""How fast the window is: start-up, frames while playing, seeking, and opening a large recording; off screen.

Every figure stands beside something measured in the same run: a bare Qt window with one pyqtgraph plot, repainting
such a plot, or raw decoding of the same bytes.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dictrace.engine.rows import (
    FORMAT,
    VERSION,
    AnyRow,
    Change,
    EndRow,
    GateMode,
    HeaderRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    Outcome,
    ProcessRow,
    ReplyRow,
    Role,
    TaskRow,
    TaskStep,
)

if TYPE_CHECKING:
    from dictrace.app.main_window import MainWindow

SIZE_PX = (1600, 900)
PROCESSES, KEYS = 16, 400
FRAMES = 400
FRAMES_PER_S = 60
PLAYING_S = 5
WHOLE_RUN_S = 30

FIRST_PAINT = """
import sys, time
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication
class FirstPaint(QObject):
    def eventFilter(self, thing, event):
        if event.type() == QEvent.Type.Expose:  # upon which everything is painted at once
            QTimer.singleShot(0, self.tell)
        return False
    def tell(self):
        print(time.time(), time.process_time(), flush=True)
        import os
        os._exit(0)
run = QApplication.exec
def exec(*_application):
    # For all that the whole application hears, objects would be made, in both programs.
    first = FirstPaint()
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.windowHandle().installEventFilter(first)
    return run()
QApplication.exec = exec
"""
BARE = """
application = QApplication([])
from PySide6.QtWidgets import QMainWindow
import pyqtgraph
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1600, 900)
window.show()
application.exec()
"""
DICTRACE = """
sys.argv = ["dictrace"]
from dictrace.app.entry import main
main()
"""


def rows(events: int) -> Iterator[AnyRow]:
    """A made-up race of `PROCESSES` on one dict: for size, not for truth."""
    yield HeaderRow(FORMAT, VERSION, "0", "3.11", "linux", "fork", "benchmark", {}, GateMode.FREE, (), "")
    yield ProcessRow(2, Role.MANAGER, "SyncManager-1", 0)
    yield from (ProcessRow(100 + p, Role.WORKER, f"ForkPoolWorker-{p}", 0) for p in range(PROCESSES))
    yield ObjectRow(1, "dict", 0)
    yield NameRow(1, "d", 1)
    chance = random.Random(1)
    base: list[int | None] = [None] * PROCESSES
    tasks = [0] * PROCESSES
    seqs = [0] * PROCESSES
    known: set[str] = set()
    version = task = ns = 0
    for serve in range(1, events):
        p = chance.randrange(PROCESSES)
        pid, ns = 100 + p, ns + chance.randrange(2_000, 20_000)
        seqs[p] += 1
        asked = {"serve": serve, "serve_ns": ns, "pid": pid, "seq": seqs[p], "object": 1, "key": "'test'"}
        asked |= {"line": 32, "file": "lessons.py", "request_ns": ns - 800}
        held = base[p]
        if held is None:
            task += 1
            tasks[p], base[p] = task, version
            yield TaskRow(task, TaskStep.BEGIN, ns - 1_200, pid)
            yield OpRow(method="__getitem__", kind=OpKind.FETCH, task=task, version=version, **asked)
        else:
            key = str(chance.randrange(KEYS))
            change = Change(changed={key: "1"}) if key in known else Change(added={key: "1"})
            known.add(key)
            own = None if held == version else change
            version += 1
            made = {"version": version, "base": held, "change": change, "own": own}
            yield OpRow(method="__setitem__", kind=OpKind.COMMIT, task=tasks[p], **asked, **made)
            yield TaskRow(tasks[p], TaskStep.END, ns + 1_000, pid)
            base[p] = None
        yield ReplyRow(pid, seqs[p], ns + 700)
    yield EndRow(Outcome.FINISHED, ns + 5_000, 0)


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of this thread's processor time that `act` takes: other programs' work is not in it."""
    start = time.thread_time()
    act()
    return (time.thread_time() - start) * 1e3


def turn() -> tuple[float, float]:
    """One turn of the event loop: milliseconds that a person waits, other programs' work and the collector's included,
    and those of the processor.
    """
    from PySide6.QtCore import QCoreApplication

    start = time.perf_counter()
    processor_ms = timed(QCoreApplication.processEvents)
    return (time.perf_counter() - start) * 1e3, processor_ms


def spread(times_ms: list[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(times_ms)
    return f"median {statistics.median(ordered):.2f} ms, 95th percentile {ordered[int(len(ordered) * 0.95)]:.2f} ms"


def first_paint(program: str, folder: Path) -> tuple[float, float]:
    """Seconds, and those of the processor, from the start of an interpreter to its first painted frame.

    `folder` is its home, without settings, and keeps what it compiled.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "PYTHONPYCACHEPREFIX"), str(folder))
    start = time.time()
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT + program], env=environment, capture_output=True, text=True, check=True
    )
    painted, processor_s = map(float, done.stdout.split())
    return painted - start, processor_s


def start_up(pairs: int, folder: Path) -> None:
    """Print the ratio of first frames, both compiled before, as what is installed is."""
    first_paint(DICTRACE, folder), first_paint(BARE, folder)
    times = [(first_paint(DICTRACE, folder), first_paint(BARE, folder)) for _ in range(pairs)]
    for unit, name in enumerate(("time", "processor time")):
        ratio = statistics.median(ours[unit] / bare[unit] for ours, bare in times)
        print(
            f"window: first frame, dictrace / bare window with a plot, {name}: {ratio:.2f} "
            f"({statistics.median(ours[unit] for ours, _bare in times):.2f} s)"
        )


def playing(path: Path) -> None:
    """Print frame times of the window at `SIZE_PX` as playing moves on, of a bare plot beside it, and how often what is
    painted while it plays by itself.
    """
    import numpy as np
    import pyqtgraph
    from PySide6.QtCore import QCoreApplication

    window = opened(path)
    events = window.session.recording.events
    paint_at(window, len(events) / 2)
    step = len(events) / WHOLE_RUN_S / FRAMES_PER_S
    played = [timed(lambda n=n: paint_at(window, len(events) / 2 + n * step)) for n in range(FRAMES)]
    print(f"window: playing {len(events):,} events, {PROCESSES} processes: {spread(played)}")
    print(f"window: painted in a second of it: {', '.join(frames_of(window))}")
    window.close()
    plot = pyqtgraph.PlotWidget()
    plot.resize(*SIZE_PX)
    x = np.arange(len(events))
    curve = plot.plot(x, x)
    plot.show()

    def repaint(n: int) -> None:
        curve.setData(x, x + n)
        QCoreApplication.processEvents()

    bare = [timed(lambda n=n: repaint(n)) for n in range(FRAMES // 4)]
    print(f"window: a bare plot of as many points: {spread(bare)}")
    print(f"window: a frame / a bare plot: {statistics.median(played) / statistics.median(bare):.2f}")
    plot.close()


def seeking(path: Path) -> None:
    """Print how long the window takes to open, never blocked for longer than it says, and to show random positions."""
    start = time.perf_counter()
    window = opened(path)
    took_s = time.perf_counter() - start
    events = len(window.session.recording.events)
    print(f"window: {events:,} events are shown after {took_s:.1f} s")
    chance = random.Random(2)
    for what, settle in (("the stage and one view", False), ("all views at once", True)):
        seeks = [timed(lambda s=settle: paint_at(window, chance.uniform(0, events), s)) for _ in range(FRAMES // 2)]
        print(f"window: seeking in {events:,} events, {what}: {spread(seeks)}")
    window.close()


def opened(path: Path) -> "MainWindow":
    """The whole window with a recording, paused; prints how long its event loop was blocked at worst."""
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from dictrace.app.main_window import MainWindow
    from dictrace.app.runner import Runner
    from dictrace.widgets.slices import Slices

    QApplication.instance() or QApplication([])
    window = MainWindow(Runner())
    window.resize(*SIZE_PX)
    window.show()
    while not window.is_complete:
        QCoreApplication.processEvents()
    window.open_recording(path)
    reading = []
    while window.session is None:
        reading.append(turn())
    window.player.pause()
    showing = [turn()]
    while any(slices.is_working for slices in window.findChildren(Slices)):
        showing.append(turn())
    for what, turns in (("reading", reading), ("showing", showing)):
        walls, processor = zip(*turns, strict=True)
        print(
            f"window: {what} blocked the event loop for at most {max(walls):.0f} ms, 99 of 100 turns for less than "
            f"{sorted(walls)[int(len(walls) * 0.99)]:.0f} ms; of the processor for at most {max(processor):.0f} ms"
        )
    return window


def frames_of(window: "MainWindow") -> list[str]:
    """How many times in a second some widgets are painted, as the window plays by itself."""
    from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer

    from dictrace.widgets.losses_plot import LossesPlot
    from dictrace.widgets.stage import Stage
    from dictrace.widgets.timeline import Timeline

    class Paints(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            self.count += event.type() == QEvent.Type.Paint
            return False

    paints = {}
    for kind in (Stage, Timeline, LossesPlot):
        paints[kind] = Paints(window)
        window.findChild(kind).installEventFilter(paints[kind])
    waiting = QEventLoop()
    QTimer.singleShot(PLAYING_S * 1000, waiting, waiting.quit)
    window.player.play()
    waiting.exec()
    window.player.pause()
    return [f"{kind.__name__} {made.count / PLAYING_S:.0f}" for kind, made in paints.items()]


def paint_at(window: "MainWindow", position: float, settle: bool = False) -> None:
    """Show a position, painted: at once in all views, or, as in playing, in one of them with the stage."""
    from PySide6.QtCore import QCoreApplication

    window.player.seek(position)
    if settle:
        window.settle()
    QCoreApplication.processEvents()


def opening(path: Path) -> None:
    """Print the time of opening against raw decoding of the same bytes, and the memory of an event."""
    from dictrace.engine.files import read_recording

    lines = path.read_bytes().splitlines()
    decoder = msgspec.json.Decoder(AnyRow)
    ratios = [
        timed(lambda: read_recording(path)) / timed(lambda: [decoder.decode(line) for line in lines]) for _ in range(3)
    ]
    print(f"window: opening {len(lines):,} rows / raw decoding: {statistics.median(ratios):.2f}")
    few = path.with_suffix(".few")
    few.write_bytes(b"".join(line + b"\n" for line in lines[: len(lines) // 5]))
    tracemalloc.start()
    recording = read_recording(few)
    before = tracemalloc.get_traced_memory()[0] / len(recording.events)
    recording.history  # noqa: B018  taken in
    after = tracemalloc.get_traced_memory()[0] / len(recording.events)
    tracemalloc.stop()
    print(f"window: memory of an event before its history: {before:.0f} bytes, with it {after:.0f} bytes")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "default.warning=false"
    encode = msgspec.json.Encoder().encode
    with tempfile.TemporaryDirectory() as folder:
        start_up(options.pairs, Path(folder, "home"))
        for name, events in (("playing", options.events // 10), ("large", options.events)):
            path = Path(folder, f"{name}.dictrace")
            path.write_bytes(b"".join(encode(row) + b"\n" for row in rows(events)))
        playing(Path(folder, "playing.dictrace"))
        opening(Path(folder, "large.dictrace"))
        seeking(Path(folder, "large.dictrace"))


if __name__ == "__main__":
    main()
