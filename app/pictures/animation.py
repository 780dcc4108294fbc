"""Animations of a recording: painted by other processes, as pictures are, and encoded here. No Qt is needed for that.

The same subject, motion and picture give the same bytes.
"""

import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import IO

from dictrace.app.pictures.motion import Motion, positions_of
from dictrace.app.pictures.painters import Job, Painters
from dictrace.app.pictures.picture import Picture, WishError
from dictrace.app.pictures.reel import Reel, Shot
from dictrace.app.pictures.subject import Subject
from dictrace.engine.files import written_whole
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _

SUFFIXES = (".gif", ".webp", ".mp4")

SHOTS_PER_PAINTER = 60
"""With fewer to paint, another process takes longer to start than it saves."""

_SAMPLES = 10
_INSTALL = "pip install 'dictrace[video]'"

Write = Callable[[IO[bytes], Reel], None]


def write_animation(
    subject: Subject,
    motion: Motion,
    picture: Picture,
    path: str | os.PathLike[str],
    *,
    loops: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Write an animation to a file that ends in one of `SUFFIXES`, whole or not at all.

    `progress` is called with the pictures done and all of them; what it raises ends the work.

    Raises:
        WishError: the file has another ending, or something is out of range.
        RecordingError: the file can't be written, what writes it is not installed, or the recording has nothing to
            show from start to end.
    """
    write = _writer(Path(path).suffix.lower(), motion)
    moments = [(position, len(list(same))) for position, same in groupby(positions_of(subject.recording, motion))]
    jobs = [Job(position, picture) for position, _frames in moments]
    lines, count = subject.lines, len(jobs)
    if not lines:
        raise RecordingError(_("The file of this recording has changed or is gone; open it again."))

    def shots(pictures: Iterator[bytes]) -> Iterator[Shot]:
        for done, (pixels, (_position, frames)) in enumerate(zip(pictures, moments, strict=True), start=1):
            yield Shot(pixels, frames)
            progress(done, count)

    progress(0, count)
    with written_whole(path) as file, Painters(1 + count // SHOTS_PER_PAINTER) as painters:
        size, scale = picture.whole, picture.scale
        write(
            file,
            Reel(
                width_px=round(size.width_px * scale),
                height_px=round(size.height_px * scale),
                fps=motion.fps,
                loops=loops,
                count=count,
                shots=shots(painters.each(lines, jobs)),
                sample=lambda: painters.each(lines, jobs[:: -max(1, count // _SAMPLES)]),
            ),
        )


def _writer(suffix: str, motion: Motion) -> Write:
    """What writes files that end so; loaded only now, as each needs a large library."""
    if suffix == ".gif":
        from dictrace.app.pictures.gif import MOST_FPS, write_gif

        if motion.fps > MOST_FPS:
            text = _("A GIF shows at most {most} frames per second, not {n}.")
            raise WishError(text.format(most=f"{MOST_FPS:g}", n=f"{motion.fps:g}"))
        return write_gif
    if suffix == ".webp":
        from dictrace.app.pictures.webp import write_webp

        return write_webp
    if suffix != ".mp4":
        raise WishError(_("An animation is a .gif, .webp or .mp4 file, not “{suffix}”.").format(suffix=suffix))
    if find_spec("av") is None:
        raise RecordingError(
            _("Videos need PyAV, which is not installed; get it with: {command}").format(command=_INSTALL)
        )
    from dictrace.app.pictures.video import write_mp4

    return write_mp4
