"""How long a picture takes: ``dictrace picture`` from a cold start, beside a bare Qt program saving an empty one."""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TASKS = 100  # an acquire, a fetch, a commit and a release each: about 400 events
SIZE = 960, 540

BARE = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtGui import QGuiApplication, QImage
application = QGuiApplication([])
image = QImage({SIZE[0]}, {SIZE[1]}, QImage.Format.Format_RGB32)
image.fill(0xFFFFFF)
image.save(sys.argv[1])
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15, help="starts of each program, by turns")
    repeats = parser.parse_args().repeats
    with tempfile.TemporaryDirectory() as folder:
        recording, picture = Path(folder, "run.dictrace"), Path(folder, "figure.png")
        dictrace = [sys.executable, "-m", "dictrace.app"]
        subprocess.run(
            [*dictrace, "run", "shared-lock", "--tasks", str(TASKS), "-o", recording], check=True, capture_output=True
        )
        programs = {
            "bare Qt, empty PNG": [sys.executable, "-c", BARE, picture],
            **{
                f"dictrace picture --view {view} .{suffix}": [
                    *(*dictrace, "picture", recording, "-o", picture.with_suffix(f".{suffix}")),
                    *("--at", "50%", "--view", view, "--size", "{}x{}".format(*SIZE)),
                ]
                for view, suffix in (("stage", "png"), ("stage", "svg"), ("stage", "pdf"), ("window", "png"))
            },
        }
        # What they compile is kept, as it is where dictrace is installed.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
        times = taken(programs, repeats)
    bare = statistics.median(times["bare Qt, empty PNG"])
    print(f"picture of {SIZE[0]}x{SIZE[1]}, cold start, median of {repeats}")
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"  {name:40s} {1000 * median:6.0f} ms   {median / bare:4.1f} times")


def taken(programs: dict[str, list[object]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each start of each program; the first of each, which fills the caches, is not counted."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for number in range(repeats + 1):
        for name, command in programs.items():
            began = time.perf_counter()
            subprocess.run([str(part) for part in command], check=True, capture_output=True)
            if number:
                times[name].append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    main()
