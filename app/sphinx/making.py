"""Makes what documents ask for once all are read: runs programs, checks claims, paints what is not painted yet.

Painting is done by other processes, several at a time; runs and pictures are kept beside Sphinx's own cache.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import msgspec
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from dictrace.app.cli import record
from dictrace.app.pictures.claims import Claim, counts_of
from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.painters import Job, Painters
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text
from dictrace.app.sphinx.asked import Asked, Made, Source, asked_in, made_in
from dictrace.engine import program_version
from dictrace.engine.experiment import preset
from dictrace.engine.files import written_whole
from dictrace.engine.order import Limits, Order, Script, order_of
from dictrace.engine.recording import RecordingError
from dictrace.engine.rows import Outcome
from dictrace.engine.words import LANGUAGES, _, choose_language, chosen_language, joined

MOST_PAINTERS = 4
MOST_SECONDS = 60.0
"""A script that takes longer is ended, so that no document waits for it for ever."""

_SUFFIXES = {"html": ".svg", "latex": ".pdf"}
"""What a builder's format shows; one that is not here shows no pictures, but says what they show."""

_logger = logging.getLogger(__name__)


def make_pictures(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Make what all documents ask for. What goes wrong is a warning with file and line, of type ``dictrace``.

    Returns the documents whose pictures changed, to be written anew.
    """
    folder = Path(app.doctreedir, "dictrace")
    folder.mkdir(parents=True, exist_ok=True)
    with _language(app.config.language):
        making = _Making(folder, _SUFFIXES.get(app.builder.format, ""), app.config.dictrace_themes)
        for docname, wishes in sorted(asked_in(env).items()):
            for asked in wishes:
                with _warned((docname, asked.line)):
                    making.take(asked, (docname, asked.line))
        made = making.finish()
    kept = made_in(env)
    changed = {key for key in kept | made if kept.get(key) != made.get(key)}
    kept.clear()
    kept.update(made)
    return [docname for docname, wishes in asked_in(env).items() if any(asked.key in changed for asked in wishes)]


@dataclass(frozen=True, slots=True)
class _Painted:
    """A picture to paint: how, of which recording, for which place in which document, and where to keep it."""

    job: Job
    lines: bytes
    location: tuple[str, int]
    path: Path


class _Making:
    """One build's pictures."""

    def __init__(self, folder: Path, suffix: str, themes: list[str]) -> None:
        self._folder, self._suffix = folder, suffix
        self._themes = themes if suffix == ".svg" else ["light"]
        self._subjects: dict[Path, Subject | RecordingError] = {}
        self._made: dict[str, Made] = {}
        self._missing: dict[str, _Painted] = {}

    def take(self, asked: Asked, location: tuple[str, int]) -> None:
        """Note which files show `asked`, and which of them are still to be painted.

        Raises:
            RecordingError: there is no such recording or moment, or the run failed.
        """
        subject = self._subject(asked)
        _check(asked, subject, location)
        position = position_at(subject.recording, asked.at)
        names: dict[str, str] = {}
        for theme in self._themes if self._suffix else ():
            look = replace(asked.picture, dark=theme == "dark")
            job = Job(position, look, self._suffix, asked.embed)
            path = self._folder / _name_of(job, subject.lines)
            names[theme] = path.name
            if not path.exists():
                self._missing[path.name] = _Painted(job, subject.lines, location, path)
        self._made[asked.key] = Made(alt_text(subject, position, asked.picture.view), names)

    def finish(self) -> dict[str, Made]:
        """Paint what is missing; everything that was made, by `Asked.key`."""
        if self._missing:
            with Painters(min(MOST_PAINTERS, len(self._missing))) as painters:
                coming = [(each, painters.paint(each.lines, each.job)) for each in self._missing.values()]
                for painted, future in coming:
                    with _warned(painted.location):
                        _keep(painted.path, future)
        return self._made

    def _subject(self, asked: Asked) -> Subject:
        """The recording, each read once, and run for only where it is not kept; what fails, fails once."""
        run = asked.source is not Source.RECORDING
        path = self._folder / _run_of(asked) if run else Path(asked.what)
        if path not in self._subjects:
            try:
                if run and not path.exists():
                    _run(asked, path)
                self._subjects[path] = Subject.opened(path)
            except RecordingError as problem:
                self._subjects[path] = problem
        subject = self._subjects[path]
        if isinstance(subject, RecordingError):
            raise subject
        return subject


def _run_of(asked: Asked) -> str:
    """The same name for the same run by the same version.

    Raises:
        RecordingError: there is no such script.
    """
    try:
        script = Path(asked.what).read_text("utf-8") if asked.source is Source.SCRIPT else ""
    except OSError:
        raise RecordingError(_("There is no file “{path}”.").format(path=asked.what)) from None
    content = msgspec.json.encode((asked.settings, asked.arguments, script, program_version()), order="sorted")
    return f"{Path(asked.what).stem}-{sha256(content).hexdigest()[:12]}.dictrace"


def _name_of(job: Job, lines: bytes) -> str:
    """The same name for the same picture of the same recording, made by the same version."""
    content = msgspec.json.encode(job) + program_version().encode() + lines
    return f"dictrace-{sha256(content).hexdigest()[:20]}{job.suffix}"


def _run(asked: Asked, path: Path) -> None:
    """Run a preset or a script to its end and keep its recording.

    Raises:
        RecordingError: the run failed, or the recording can't be written.
    """
    what = Path(asked.what).name
    _logger.info(_("dictrace: running {what}").format(what=what))
    making = path.with_suffix(".part")
    recording = record(_order(asked), making)
    if recording.end is None or recording.end.outcome is not Outcome.FINISHED:
        text = recording.end.text if recording.end is not None else ""
        raise RecordingError(joined((_("The run of “{what}” failed.").format(what=what), text)))
    making.replace(path)


def _order(asked: Asked) -> Order:
    if asked.source is Source.SCRIPT:
        path = Path(asked.what)
        return Order(script=Script(path.name, asked.arguments, str(path.parent)), limits=Limits(seconds=MOST_SECONDS))
    return order_of(preset(asked.what, **asked.settings))


def _check(asked: Asked, subject: Subject, location: tuple[str, int]) -> None:
    """Warn where what is expected of the run is not true."""
    if asked.expect:
        claim, counts = Claim(asked.expect), counts_of(subject.recording)
        if not claim.holds(counts):
            _warn(claim.refuted(counts), location, "claim")


def _keep(path: Path, future: Future[bytes]) -> None:
    data = future.result()
    with written_whole(path) as file:
        file.write(data)


@contextmanager
def _warned(location: tuple[str, int]) -> Iterator[None]:
    """A picture that can't be made is a warning, and the others are made."""
    try:
        yield
    except RecordingError as problem:
        _warn(str(problem), location, "picture")


def _warn(text: str, location: tuple[str, int], subtype: str) -> None:
    _logger.warning("%s", text, location=location, type="dictrace", subtype=subtype)


@contextmanager
def _language(documents: str) -> Iterator[None]:
    """Let pictures speak the language of the documents, where they know it."""
    before = chosen_language()
    language = documents.partition("_")[0]
    choose_language(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        choose_language(before)
