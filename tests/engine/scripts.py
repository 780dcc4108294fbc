"""Programs of many kinds, run bare and watched: what each printed, how it ended, and how long it took."""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from dictrace.engine.launch import Run
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.recording import Recording
from tests.engine.runs import PROGRAMS, recording_of, rows_of

KINDS = PROGRAMS / "kinds"
# The files beside these programs that are part of them.
PARTS = {"app.py", "dataclasses.py", "engine.py", "queue.py", "__init__.py"}
ARGUMENTS = ("--option", "two words", "ü", "")
INPUT = b"one\ntwo\nthree\n"

_ADDRESS = re.compile(rb"0x[0-9a-f]+")


@dataclass(frozen=True)
class Done:
    """A run: what it printed, its exit status, and how many seconds the program took."""

    stdout: bytes
    stderr: bytes
    status: int
    seconds: float

    def same_as(self, other: "Done") -> bool:
        """Whether both printed the same, on both streams, and ended alike; addresses of objects aside."""
        return [_ADDRESS.sub(b"", text) for text in (self.stdout, self.stderr)] == [
            _ADDRESS.sub(b"", text) for text in (other.stdout, other.stderr)
        ] and self.status == other.status


def kinds() -> list[Path]:
    """All programs, as paths from `KINDS`."""
    return sorted(path.relative_to(KINDS) for path in KINDS.rglob("*.py") if path.name not in PARTS)


def bare(path: Path) -> Done:
    """A run of the program alone."""
    begun = perf_counter()
    done = subprocess.run(
        [sys.executable, path, *ARGUMENTS], cwd=KINDS, input=INPUT, capture_output=True, timeout=60, check=False
    )
    return Done(done.stdout, done.stderr, done.returncode, perf_counter() - begun)


def watched(path: Path) -> tuple[Done, Recording]:
    """A run of the program as by `dictrace run`, and its recording."""
    with tempfile.TemporaryFile() as read, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        read.write(INPUT)
        read.seek(0)
        script = Script(str(path), ARGUMENTS, str(KINDS), (read.fileno(), out.fileno(), err.fileno()))
        with Run(Order(script=script, limits=Limits(seconds=60), live=False)) as run:
            recording = recording_of(rows_of(run))
        out.seek(0)
        err.seek(0)
        end = recording.end
        assert end is not None
        assert end.status is not None
        seconds = (end.duration_ns - recording.main_ns) / 1e9
        return Done(out.read(), err.read(), end.status, seconds), recording
