"""Writes what a wish asks for, whole or not at all. Runs off the window's thread."""

import os
from collections.abc import Callable

from dictrace.app.exporting.plan import Source, motion_of, picture_of, position_of, suffix_of
from dictrace.app.exporting.storyboards import write_stills
from dictrace.app.exporting.wish import ANIMATIONS, PICTURES, Kind, Wish
from dictrace.app.pictures.animation import write_animation
from dictrace.app.pictures.painters import Job, Painters
from dictrace.app.pictures.subject import Subject
from dictrace.engine.export.kinds import Format, Table, exported
from dictrace.engine.files import written_whole

Progress = Callable[[int, int], None]

_FORMATS = {
    Kind.TRACE: (Format.JSON, Table.OPERATIONS),
    Kind.OPERATIONS: (Format.CSV, Table.OPERATIONS),
    Kind.COMMITS: (Format.CSV, Table.COMMITS),
    Kind.PAGE: (Format.HTML, Table.OPERATIONS),
}


def write_wish(
    wish: Wish,
    source: Source,
    subject: Subject,
    painters: Painters,
    path: str | os.PathLike[str],
    progress: Progress,
) -> None:
    """Write the file, or the folder of a storyboard.

    `progress` is called with the steps done and all of them (0: not known); what it raises ends the work.

    Raises:
        RecordingError: it can't be made, or not be written; one sentence.
    """
    progress(0, 0)
    if wish.kind in ANIMATIONS:
        write_animation(subject, motion_of(wish, source), picture_of(wish), path, progress=progress)
        return
    if wish.kind is Kind.STORYBOARD:
        write_stills(wish, subject, path, progress)
        return
    if wish.kind in PICTURES:
        job = Job(position_of(wish, source), picture_of(wish), suffix_of(wish.kind), wish.embed)
        content = painters.paint(subject.lines, job).result()
    else:
        content = exported(subject.recording, *_FORMATS[wish.kind])
    progress(1, 1)
    with written_whole(path) as file:
        file.write(content)
