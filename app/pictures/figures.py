"""Makes all figures of a document: runs what is not recorded yet, checks claims, paints, and writes what changed."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dictrace.app.pictures.claims import counts_of
from dictrace.app.pictures.embedding import Shown, embedded_in
from dictrace.app.pictures.figure_file import Figure
from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.painters import Job, Painters
from dictrace.app.pictures.subject import Subject
from dictrace.app.pictures.texts import alt_text, caption_of
from dictrace.engine.experiment import Experiment
from dictrace.engine.files import written_whole
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _, choose_language, chosen_language

PICTURES_PER_PAINTER = 8
"""With fewer to paint, another process takes longer to start than it saves."""

Run = Callable[[Experiment, Path], None]


@dataclass(slots=True)
class Account:
    """What became of the figures.

    Attributes:
        written, unchanged: the pictures.
        problems: what is wrong, each in one sentence that names the figure.
    """

    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A figure whose claim holds: the run it shows, its moment, and its texts by file."""

    figure: Figure
    subject: Subject
    position: float
    texts: dict[Path, bytes]


class FigureMaker:
    """Makes or checks figures; the figures of one recording share what is looked up in it."""

    def __init__(self, figures: list[Figure]) -> None:
        self._figures = figures
        self._subjects: dict[Path, Subject] = {}

    def make(self, run: Run, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Account:
        """Write the pictures and texts that are not as they should be.

        `run` is called for a preset without a recording, and makes one. `progress` is called with the pictures done
        and all of them. What either raises, except a `RecordingError`, ends the work.
        """
        account = Account()
        plans = self._plans(account, run)
        count = sum(len(plan.figure.pictures) for plan in plans)
        with Painters(1 + count // PICTURES_PER_PAINTER) as painters:
            coming = [(plan, path, painted) for plan in plans for path, painted in _begun(plan, painters).items()]
            for done, (plan, path, painted) in enumerate(coming):
                progress(done, count)
                with _told(plan.figure, account):
                    _keep(path, painted.result(), account)
                    for text, content in plan.texts.items():
                        _keep(text, content)
        progress(count, count)
        return account

    def check(self) -> Account:
        """The same without running, painting or writing: whether claims hold, and pictures show what they should.

        The look of a picture differs a little from machine to machine, as fonts do: its texts are compared, and what
        it carries, where it carries its recording.
        """
        account = Account()
        for plan in self._plans(account):
            for path in plan.figure.pictures:
                if _is_current(plan, path):
                    account.unchanged.append(path)
                else:
                    text = _("“{file}” is missing or shows something else; make the figures again.")
                    account.problems.append(_about(plan.figure, text.format(file=path.name)))
        return account

    def _plans(self, account: Account, run: Run | None = None) -> list[_Plan]:
        """Every figure that can be made and whose claim holds; the others are told of in the account."""
        plans = []
        for figure in self._figures:
            with _told(figure, account):
                if run is not None and figure.experiment is not None and not figure.recording.exists():
                    _make_room(figure.recording)
                    run(figure.experiment, figure.recording)
                plans.append(self._plan(figure))
        return plans

    def _plan(self, figure: Figure) -> _Plan:
        subject = self._subject(figure)
        if figure.claim is not None:
            counts = counts_of(subject.recording)
            if not figure.claim.holds(counts):
                raise RecordingError(figure.claim.refuted(counts))
        position = position_at(subject.recording, figure.at)
        view = next(iter(figure.pictures.values())).view
        with _spoken(figure.language):
            alt = alt_text(subject, position, view)
            caption = "\n".join(filter(None, (figure.caption, caption_of(subject, position))))
        texts = {path: f"{text}\n".encode() for path, text in zip(figure.texts, (alt, caption), strict=True)}
        return _Plan(figure, subject, position, texts)

    def _subject(self, figure: Figure) -> Subject:
        if figure.recording not in self._subjects:
            self._subjects[figure.recording] = Subject.opened(figure.recording)
        return self._subjects[figure.recording]


def _begun(plan: _Plan, painters: Painters) -> "dict[Path, Future[bytes]]":
    figure = plan.figure
    language = figure.language or chosen_language()
    return {
        path: painters.paint(
            plan.subject.lines, Job(plan.position, picture, path.suffix.lower(), figure.embed, language)
        )
        for path, picture in figure.pictures.items()
    }


def _keep(path: Path, content: bytes, account: Account | None = None) -> None:
    """Write a file unless it is just so already."""
    with suppress(OSError):
        if path.read_bytes() == content:
            if account is not None:
                account.unchanged.append(path)
            return
    _make_room(path)
    with written_whole(path) as file:
        file.write(content)
    if account is not None:
        account.written.append(path)


def _make_room(path: Path) -> None:
    """Make the folder of a file; where that fails, writing the file says why."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)


def _is_current(plan: _Plan, path: Path) -> bool:
    try:
        if any(text.read_bytes() != content for text, content in plan.texts.items()) or not path.exists():
            return False
        if not plan.figure.embed or path.suffix.lower() == ".pdf":
            return True
        found = embedded_in(path)
    except (OSError, RecordingError):
        return False
    wanted = Shown(plan.position, plan.figure.pictures[path])
    return found is not None and (found.shown, found.lines) == (wanted, plan.subject.lines)


def _about(figure: Figure, problem: str) -> str:
    return _("Figure “{name}”: {problem}").format(name=figure.name, problem=problem)


@contextmanager
def _told(figure: Figure, account: Account) -> Iterator[None]:
    """What goes wrong within is put down in the account; the other figures are made all the same."""
    try:
        yield
    except RecordingError as error:
        account.problems.append(_about(figure, str(error)))


@contextmanager
def _spoken(language: str | None) -> Iterator[None]:
    """Within, texts are in this language."""
    before = chosen_language()
    choose_language(language or before)
    try:
        yield
    finally:
        choose_language(before)
