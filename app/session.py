"""The run that the window shows: its recording, live or from a file, and what the views look up in it."""

import os
from array import array
from collections.abc import Iterable, Iterator

import msgspec

from dictrace.engine.clock import Clock
from dictrace.engine.experiment import MAX_TASKS, PRESETS, Experiment, ExperimentError, Target, checked
from dictrace.engine.explain import caution
from dictrace.engine.files import RecordingWriter
from dictrace.engine.frame import Counts, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.history import Curve
from dictrace.engine.opening import opening_stops
from dictrace.engine.recording import Recording
from dictrace.engine.rows import AnyRow, HeaderRow, Outcome
from dictrace.engine.words import _, joined, ngettext
from dictrace.widgets.experiment_texts import preset_title
from dictrace.widgets.stage_painter import StageContext

_encode = msgspec.json.Encoder().encode_lines


class Session:
    """One run.

    Attributes:
        recording: what has been recorded so far.
        live: rows may still come.
        problem: what went wrong, one sentence, or empty.
    """

    def __init__(self, recording: Recording, *, live: bool, kept: bytes = b"") -> None:
        """`kept`: the lines of a run that was made here, or in a window that is no more, and is not saved yet."""
        self.recording = recording
        self._kept = kept
        self.live = live
        self.problem = ""
        self._rows: list[AnyRow] = [recording.header]
        self._lines: dict[tuple[str, int], str] = {}
        self._sources = 0
        self._take_sources()
        if not live:
            self.end("")

    @classmethod
    def begun(cls, header: HeaderRow) -> "Session":
        """A run of which only the first row is known."""
        return cls(Recording(header), live=True)

    def extend(self, rows: Iterable[AnyRow]) -> None:
        """Add rows of a live run.

        Raises:
            RecordingError, OverflowError: they are no rows of this recording.
        """
        rows = list(rows)
        self._rows += rows
        self.recording.extend(rows)
        self._take_sources()

    def end(self, problem: str) -> None:
        """No row will come any more; `problem` is what the runner had to say, or empty."""
        recording, end = self.recording, self.recording.end
        self.live = False
        if end is None and not recording.damage:
            recording.damage = problem or _("This recording is incomplete.")
        failure = end.text if end is not None and end.outcome is not Outcome.FINISHED else ""
        self.problem = problem or recording.damage or failure

    @property
    def finished(self) -> bool:
        """It came to its own end, and nothing went wrong."""
        end = self.recording.end
        return end is not None and end.outcome is Outcome.FINISHED and not self.problem

    @property
    def title(self) -> str:
        """What was run: a preset's title, or a script's name as it is."""
        what = self.recording.header.what
        return preset_title(what) if what in PRESETS else what

    @property
    def start_methods(self) -> str:
        """How the run's workers were started, as far as that is known; empty before there are any."""
        return self.recording.start_methods

    @property
    def saveable(self) -> bool:
        """It was run here, or in a window that is no more, and is over."""
        return not self.live and (len(self._rows) > 1 or bool(self._kept))

    @property
    def lines(self) -> bytes:
        """All rows as a file has them; empty where it was not run here."""
        return self._kept or (_encode(self._rows) if self.saveable else b"")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write all rows to a file.

        Raises:
            RecordingError: it can't be written.
        """
        with RecordingWriter(path) as writer:
            writer.write(self._kept or _encode(self._rows))

    def frame_at(self, position: float) -> Frame:
        """What is to be seen at a position, from 0 to the number of events."""
        return frame_at(self.recording, position)

    @property
    def clock(self) -> Clock:
        """True times of the events so far."""
        return Clock(self.recording.event_ns)

    @property
    def stops(self) -> list[float]:
        """Positions at which something has just happened while the run begins; see `Player.stops`."""
        return opening_stops(self.recording)

    @property
    def losses(self) -> "array[int]":
        """Events at which updates were lost, each once, ascending."""
        return array("q", self.recording.history.losses.moments)

    @property
    def curve(self) -> Curve:
        """Attempted and surviving updates so far."""
        return self.recording.history.curve()

    @property
    def counts(self) -> Counts:
        """Fate of all updates so far."""
        return self.recording.history.counts_at(len(self.recording.events))

    @property
    def experiment(self) -> Experiment | None:
        """The settings it was run with, where it is a run of the built-in program."""
        try:
            return checked(msgspec.convert(self.recording.header.parameters, Experiment))
        except (msgspec.ValidationError, ExperimentError):
            return None

    @property
    def expected_updates(self) -> int:
        """Updates that the experiment sets out to make, 0 where that is not known."""
        tasks = self.recording.header.parameters.get("tasks")
        return tasks if type(tasks) is int and 0 < tasks <= MAX_TASKS else 0

    @property
    def context(self) -> StageContext:
        """What the stage looks up."""
        recording, history = self.recording, self.recording.history
        first = recording.header.source[0].file if recording.header.source else ""
        keys = 0 if recording.header.parameters.get("target") == Target.COUNTER else self.expected_updates
        return StageContext(
            lambda line, file: self._lines.get((file or first, line), ""),
            history.certificate,
            lambda loss: history.losses.cells[loss],
            keys,
        )

    @property
    def note(self) -> str:
        """What a person should know when judging the numbers; empty while it runs."""
        if self.live:
            return ""
        recording = self.recording
        notes = [caution(recording, self.counts), *self._nothing_to_lose(), *self._ghosts()]
        seen, processes = recording.workers_seen, len(recording.workers)
        if seen < processes:
            text = ngettext(
                "Only {seen} of {n} process took part: with fewer a wrong program can look right.",
                "Only {seen} of {n} processes took part: with fewer a wrong program can look right.",
                processes,
            )
            notes.append(text.format(seen=seen, n=processes))
        if recording.end is not None and recording.end.dropped:
            text = ngettext(
                "{n} row is missing because a limit was reached.",
                "{n} rows are missing because a limit was reached.",
                recording.end.dropped,
            )
            notes.append(text.format(n=f"{recording.end.dropped:,}"))
        return joined(notes)

    def _nothing_to_lose(self) -> Iterator[str]:
        """Why a script has no update to judge."""
        recording = self.recording
        if recording.script is None or self.counts.attempted:
            return
        if not recording.managers:
            yield _("This program made no manager, so there was nothing shared to watch.")
        elif not recording.workers:
            yield _("This program started no process that could share something with it.")
        else:
            yield _("No task of this program fetched and changed a shared value, so none could be lost.")

    def _ghosts(self) -> Iterator[str]:
        """What the program started that can't be followed."""
        names = tuple(dict.fromkeys(row.text for row in self.recording.ghosts))
        if names:
            shown = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
            yield _("What it started besides can't be followed: {names}.").format(names=shown)

    def _take_sources(self) -> None:
        """Know the lines of the files that have been told of since."""
        for source in self.recording.sources[self._sources :]:
            for number, text in enumerate(source.text.splitlines(), source.first_line):
                self._lines[source.file, number] = text.strip()
        self._sources = len(self.recording.sources)

    def pace(self, shown_s: float) -> str:
        """How much slower or faster than it ran the recording is shown, if the whole of it takes `shown_s`."""
        duration_s = self.recording.duration_ns / 1e9
        if not duration_s:
            return ""
        factor = shown_s / duration_s
        text = _("shown {n}× slower than it ran") if factor > 1 else _("shown {n}× faster than it ran")
        number = max(factor, 1 / factor)
        return text.format(n=f"{number:,.0f}" if number >= 10 else f"{number:.1f}")
