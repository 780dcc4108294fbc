"""A run as a storyboard: a picture of each of several moments, and all of them on one contact sheet."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture
from dictrace.app.pictures.sheet import Sheet
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text
from dictrace.engine.files import written_whole
from dictrace.engine.opening import first_worker_event
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _

MOST_STILLS = 200
SHEET = "contact-sheet.png"


def moments(subject: Subject, count: int | None) -> list[float]:
    """`count` moments, evenly spaced, or, where that is None, all at which updates are lost.

    Raises:
        RecordingError: there is no such moment, or there are too many to be looked at.
    """
    return loss_moments(subject) if count is None else even_moments(subject, count)


def even_moments(subject: Subject, count: int) -> list[float]:
    """So many events, evenly spaced from the first of a worker to the last; fewer where there are not so many.

    Those in between move to a loss that is nearer than the next ones.
    """
    recording, losses = subject.recording, np.array(subject.session.losses, float)
    events = len(recording.events)
    even = np.linspace(min(first_worker_event(recording), events), events, count)
    half = (even[-1] - even[0]) / max(count - 1, 1) / 2
    for index in range(1, count - 1):
        nearest = losses[abs(losses - even[index]).argmin()] if len(losses) else even[index]
        if abs(nearest - even[index]) < half:
            even[index] = nearest
    found: list[float] = np.unique(even.round()).tolist()
    return found


def loss_moments(subject: Subject) -> list[float]:
    """Every event at which updates are lost.

    Raises:
        RecordingError: there is none, or there are too many to be looked at.
    """
    losses = subject.session.losses
    if not losses:
        raise RecordingError(_("No update is lost in this recording."))
    if len(losses) > MOST_STILLS:
        text = _("This recording loses updates at {n} moments, more than {most}; choose fewer with --stills.")
        raise RecordingError(text.format(n=f"{len(losses):,}", most=MOST_STILLS))
    return [float(event) for event in losses]


def write_storyboard(
    subject: Subject,
    positions: list[float],
    picture: Picture,
    folder: str | os.PathLike[str],
    *,
    embed: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> None:
    """Write ``still-01.png`` and so on, and the contact sheet, each with what it shows in an ``.alt.txt`` beside it.

    The folder is made where there is none. `progress` is called with the pictures done and all of them; what it raises
    ends the work.

    Raises:
        RecordingError: a file can't be written.
    """
    target, count = Path(folder), len(positions) + 1
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = _("“{name}” can't be written: {reason}.")
        raise RecordingError(text.format(name=target.name, reason=error.strerror)) from None
    progress(0, count)
    digits = max(2, len(str(len(positions))))
    for number, position in enumerate(positions, start=1):
        path = target / f"still-{number:0{digits}}.png"
        write(subject, position, picture, path, embed)
        _write_text(path, alt_text(subject, position, picture.view))
        progress(number, count)
    with written_whole(target / SHEET) as file:
        file.write(Sheet(subject, positions, picture).png())
    told = [
        _("{number}. {text}").format(number=number, text=alt_text(subject, position, picture.view))
        for number, position in enumerate(positions, start=1)
    ]
    _write_text(target / SHEET, "\n".join([_("Contact sheet of {n} moments.").format(n=len(positions)), *told]))
    progress(count, count)


def _write_text(path: Path, text: str) -> None:
    with written_whole(path.with_suffix(".alt.txt")) as file:
        file.write((text + "\n").encode())
