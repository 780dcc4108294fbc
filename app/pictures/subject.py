"""What pictures are made of: a recording, and everything looked up in it, each thing once however many pictures."""

import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from dictrace.app.pictures.embedding import Shown, recording_in
from dictrace.app.session import Session
from dictrace.engine.files import recording_lines
from dictrace.engine.frame import Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording, RecordingError

if TYPE_CHECKING:
    from dictrace.engine.graph import Graphs
    from dictrace.engine.history import Curve
    from dictrace.engine.lanes import LaneData
    from dictrace.widgets.dict_model import DictModel
    from dictrace.widgets.stage_painter import StageContext


class Subject:
    """One recording, as far as it has come.

    Attributes:
        recording: the recording.
        lines: the same as in a file, uncompressed, to be embedded in pictures; empty where it is not at hand.
        shown: what the picture that it was found in shows, or None.
    """

    def __init__(self, recording: Recording, lines: bytes = b"", shown: Shown | None = None) -> None:
        self.recording = recording
        self.lines = lines
        self.shown = shown

    @classmethod
    def opened(cls, path: str | os.PathLike[str]) -> "Subject":
        """The recording in a file, or in a picture that carries one.

        Raises:
            RecordingError: there is none, or it can't be read.
        """
        recording, found = recording_in(path)
        if found is None:
            return cls(recording, recording_lines(path))
        return cls(recording, found.lines, found.shown)

    @classmethod
    def of(cls, session: Session, path: str | os.PathLike[str] = "") -> "Subject":
        """The run that a window shows, made there or opened from `path`; live, as far as it has come.

        Where neither the rows nor the same file are at hand any more, it has no lines.
        """
        made = cls(session.recording, session.lines)
        made.session = session
        if not made.lines and path:
            with suppress(RecordingError):
                again = cls.opened(path)
                if (again.recording.header, again.recording.rows) == (session.recording.header, session.recording.rows):
                    made.lines = again.lines
        return made

    def frame(self, position: float) -> Frame:
        """The run at a position, by event."""
        return frame_at(self.recording, position)

    @cached_property
    def session(self) -> Session:
        """The same run as the window takes it."""
        return Session(self.recording, live=False)

    @cached_property
    def context(self) -> "StageContext":
        """What the stage looks up."""
        return self.session.context

    @cached_property
    def curve(self) -> "Curve":
        """What the plot shows."""
        return self.session.curve

    @cached_property
    def losses(self) -> Sequence[int]:
        """Events at which updates were lost, each once, ascending."""
        return self.session.losses

    @cached_property
    def lanes(self) -> "LaneData":
        """What the timeline shows."""
        from dictrace.engine.lanes import Lanes

        lanes = Lanes(self.recording)
        lanes.advance()
        return lanes.data()

    @cached_property
    def graphs(self) -> "Graphs":
        """The history of each key."""
        from dictrace.engine.graph import Graphs

        return Graphs(self.recording)

    @cached_property
    def keys(self) -> "DictModel":
        """What was expected of each key and what is there; the frame is set by whoever shows it."""
        from dictrace.widgets.dict_model import DictModel

        model = DictModel()
        model.set_recording(self.recording)
        model.slices.finish()
        return model
