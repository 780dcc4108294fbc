"""Has the command line make a storyboard in a process of its own: the same pictures, and the window answers."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from dictrace.app.exporting.plan import picture_of
from dictrace.app.exporting.wish import Wish
from dictrace.app.pictures.subject import Subject
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _, chosen_language

POLL_S = 0.05


def write_stills(
    wish: Wish, subject: Subject, path: str | os.PathLike[str], progress: Callable[[int, int], None]
) -> None:
    """Make a new folder of all pictures; it appears when they are all there.

    `progress` is called with the pictures done and all of them; what it raises ends the work.

    Raises:
        RecordingError: the folder can't be made, or the pictures can't; one sentence.
    """
    target = Path(path)
    count = 1 + (len(subject.session.losses) if wish.every_loss else wish.stills)
    try:
        with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            recording, stills = Path(folder, "run.dictrace"), Path(folder, "stills")
            recording.write_bytes(subject.lines)
            _run(_command(wish, recording, stills), lambda: progress(len(list(stills.glob("*.png"))), count))
            os.rename(stills, target)
    except OSError as error:
        text = _("“{name}” can't be written: {reason}.")
        raise RecordingError(text.format(name=target.name, reason=error.strerror)) from None


def _command(wish: Wish, recording: Path, folder: Path) -> list[str]:
    """The command that a person would type."""
    picture = picture_of(wish)
    options = ["--view", picture.view.value, "--scale", f"{picture.scale:g}", "--zoom", f"{picture.zoom:g}"]
    options += ["--theme", "dark" if picture.dark else "light", "--lang", chosen_language()]
    options += ["--size", str(picture.size)] if picture.size is not None else []
    options += ["--caption", picture.caption] if picture.caption else []
    options += ["--bare"] if picture.bare else []
    options += ["--losses"] if wish.every_loss else ["--stills", str(wish.stills)]
    options += [] if wish.embed else ["--no-embed"]
    return [sys.executable, "-m", "dictrace.app", "storyboard", str(recording), "-o", str(folder), *options]


def _run(command: list[str], step: Callable[[], None]) -> None:
    """Run it to its end, with a step now and then; if a step raises, it is ended."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            while True:
                step()
                try:
                    _output, said = process.communicate(timeout=POLL_S)
                    break
                except subprocess.TimeoutExpired:
                    continue
        finally:
            process.kill()
    if process.returncode:
        lines = said.strip().splitlines() or [_("A process that paints ended unexpectedly.")]
        raise RecordingError(lines[-1])
