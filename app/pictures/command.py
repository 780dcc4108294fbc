"""What ``dictrace picture`` does. Qt is loaded only here, and needs no display."""

import os
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text
from dictrace.engine.files import written_whole


def make_picture(
    file: Path, output: Path, picture: Picture, *, at: str | None = None, embed: bool = True, alt: Path | None = None
) -> None:
    """Write `picture` of the recording in `file` to `output`, and what it shows, in words, to `alt`.

    `at` is a moment as `position_at` reads it; without it, that of the picture that `file` is, or the end.

    Raises:
        RecordingError: the recording can't be read, or a file can't be written; one plain sentence.
    """
    subject = Subject.opened(file)
    if at is None and subject.shown is not None:
        position = subject.shown.position
    else:
        position = position_at(subject.recording, at or "end")
    _application = application()
    write(subject, position, picture, output, embed)
    if alt is not None:
        with written_whole(alt) as text:
            text.write((alt_text(subject, position, picture.view) + "\n").encode())


def application() -> QGuiApplication:
    """The Qt application that painting needs, made off screen where there is none yet."""
    if sys.platform not in ("win32", "darwin"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QApplication.instance() or QApplication(["dictrace"])  # type: ignore[return-value]
