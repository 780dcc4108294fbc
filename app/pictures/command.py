"""What ``dictrace picture`` does. Qt is loaded only here, and needs no display."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtGui import QGuiApplication

from dictrace.app.pictures.embedding import Shown
from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text
from dictrace.engine.files import written_whole


def make_picture(
    file: Path, output: Path, *, at: str | None = None, embed: bool = True, alt: Path | None = None, **look: Any
) -> None:
    """Write a picture of the recording in `file` to `output`, and what it shows, in words, to `alt`.

    `at` is a moment as `position_at` reads it, `look` are attributes of a `Picture`. What is not given is as in the
    picture that `file` is; of a plain recording it is the end, and as a `Picture` begins with.

    Raises:
        RecordingError: the recording can't be read, or a file can't be written; one plain sentence.
    """
    subject = Subject.opened(file)
    shown = subject.shown or Shown(float(len(subject.recording.events)), Picture())
    position = position_at(subject.recording, at) if at is not None else shown.position
    picture = replace(shown.picture, **look)
    _application = QGuiApplication.instance() or offscreen_application()
    write(subject, position, picture, output, embed)
    if alt is not None:
        with written_whole(alt) as text:
            text.write((alt_text(subject, position, picture.view) + "\n").encode())


def offscreen_application() -> QGuiApplication:
    """What painting needs, made without a display; nothing is ever shown."""
    if sys.platform not in ("win32", "darwin"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(["dictrace"])
