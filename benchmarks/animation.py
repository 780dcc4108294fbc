"""How fast animations are made: frames per second at 1280x720, painted and written, from start to whole file."""

import argparse
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from dictrace.app.pictures import animation
from dictrace.app.pictures.animation import SUFFIXES, write_animation
from dictrace.app.pictures.motion import Motion
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.app.pictures.subject import Subject

SIZE = Size(1280, 720)
TASKS = 60
FPS = 20.0


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="length of each animation")
    motion = Motion(seconds=parser.parse_args().seconds, fps=FPS)
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder, "run.dictrace")
        run = ("run", "fetch-mutate-commit", "--tasks", str(TASKS), "-o", str(recording))
        subprocess.run([sys.executable, "-m", "dictrace.app", *run], check=True, capture_output=True)
        subject = Subject.opened(recording)
        print(f"animation of {SIZE}, {round(motion.seconds * FPS)} frames, with one painting process and with several")
        for view in (View.STAGE, View.WINDOW):
            for suffix in SUFFIXES:
                if suffix == ".mp4" and find_spec("av") is None:
                    continue
                path = Path(folder, f"film{suffix}")
                rates = [frames_per_s(subject, motion, view, path, shots) for shots in (sys.maxsize, 1)]
                size_kb = path.stat().st_size / 1000
                print(f"  {view:8s} {suffix:6s} {rates[0]:5.0f} {rates[1]:5.0f} frames per second {size_kb:7,.0f} kB")


def frames_per_s(subject: Subject, motion: Motion, view: View, path: Path, shots_per_painter: int) -> float:
    """Frames per second, with one more painting process for so many pictures."""
    animation.SHOTS_PER_PAINTER = shots_per_painter
    begun = time.perf_counter()
    write_animation(subject, motion, Picture(view, SIZE), path)
    assert motion.seconds is not None
    return motion.seconds * motion.fps / (time.perf_counter() - begun)


if __name__ == "__main__":
    main()
