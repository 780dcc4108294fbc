"""What watching costs: the four lessons and 20,000 round trips, or given programs, bare, watched, and by VizTracer.

A program is timed from its start to its end, its interpreter's start-up included. Ratios are medians of pairs, each
against the bare run just before. Compiled modules are kept, as they are where dictrace is installed.
"""

import argparse
import importlib.util
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.engine.scripts import bare, watched  # noqa: E402

PATIENCE_S = 20
PROGRAMS = [
    *sorted((ROOT / "resources" / "examples").glob("lesson_*.py")),
    ROOT / "benchmarks" / "programs" / "round_trips.py",
]


def traced(path: Path, folder: str) -> float | None:
    """Seconds that a run under VizTracer takes, its trace written; None: it came to no end."""
    begun = perf_counter()
    command = [sys.executable, "-m", "viztracer", "--quiet", "-o", str(Path(folder, "trace.json")), str(path)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True) as program:
        try:
            program.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            return None
    return perf_counter() - begun


def tracing_of(path: Path, pairs: int, folder: str) -> str:
    """What VizTracer's runs take against bare ones."""
    if importlib.util.find_spec("viztracer") is None:
        return "not installed"
    ratios = []
    for _ in range(pairs):
        seconds = traced(path, folder)
        if seconds is None:
            return "did not end"
        ratios.append(seconds / bare(path).seconds)
    return f"{statistics.median(ratios):.2f}"


def line_of(path: Path, pairs: int, folder: str) -> str:
    """The program's line of the table."""
    watched(path)  # compiles
    runs = [(bare(path).seconds, watched(path)[0].seconds) for _ in range(pairs)]
    seconds = statistics.median(alone for alone, _watched in runs)
    ratio = statistics.median(watching / alone for alone, watching in runs)
    return f"{path.stem:32} {seconds:6.2f} s {ratio:8.2f} {tracing_of(path, pairs, folder):>14}"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("programs", type=Path, nargs="*", default=PROGRAMS)
    asked = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        print(f"{'program':32} {'bare':>8} {'watched':>8} {'VizTracer':>14}")
        for path in asked.programs:
            print(line_of(path.resolve(), asked.pairs, folder), flush=True)


if __name__ == "__main__":
    main()
