"""The commands that make more than one picture: ``dictrace animate``, ``storyboard`` and ``figures``.

What only one of them needs is imported by it, so that all commands start quickly.
"""

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from dictrace.app.pictures.motion import Even, Motion
from dictrace.app.pictures.picture import SCALES, ZOOMS, Picture, View, size_from
from dictrace.engine.experiment import Experiment
from dictrace.engine.order import order_of
from dictrace.engine.recording import RecordingError
from dictrace.engine.rows import Outcome
from dictrace.engine.words import LANGUAGES, N_, _, choose_language, ngettext

USUAL_STILLS = 6

_file = click.argument("file", type=click.Path(path_type=Path))


def _look(command: Callable[..., None]) -> Callable[..., None]:
    """Options that say how pictures look."""
    for option in (
        click.option("--bare", is_flag=True, default=None, help=N_("leave out where the picture comes from")),
        click.option("--caption", help=N_("a line below the view")),
        click.option("--lang", type=click.Choice(tuple(LANGUAGES)), help=N_("language of the texts in it")),
        click.option("--theme", type=click.Choice(("light", "dark")), help=N_("light or dark")),
        click.option("--zoom", type=click.FloatRange(*ZOOMS), help=N_("size of texts and lines")),
        click.option("--scale", type=click.FloatRange(*SCALES), help=N_("pixels per pixel of its size")),
        click.option("--size", help=N_("of the picture: 960x540 or 160x90mm")),
        click.option(
            "--view", type=click.Choice(View, case_sensitive=False), help=N_("what to show; the stage where not given")
        ),
    ):
        command = option(command)
    return command


def _looking(picture: Picture, *, size: str | None, theme: str | None, lang: str | None, **look: object) -> Picture:
    """The picture with what was given of `_look`; the language is chosen for all that follows."""
    if lang is not None:
        choose_language(lang)
    look |= {"size": size_from(size) if size else None, "dark": theme == "dark" if theme else None}
    given: dict[str, Any] = {name: value for name, value in look.items() if value is not None}
    return replace(picture, **given)


@click.command("animate", help=N_("Make an animation of a recording, for a document."))
@_file
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=N_("the .gif, .webp or .mp4 to write")
)
@click.option("--from", "start", default="start", help=N_("first moment, as picture's --at; the start where not given"))
@click.option("--to", "end", default="end", help=N_("last moment; the end where not given"))
@click.option("--seconds", type=float, help=N_("length of the animation"))
@click.option("--speed", type=float, help=N_("events per second; by clock, time of the run per second watched"))
@click.option("--fps", type=float, default=20.0, help=N_("frames per second, 1 to 60; 20 where not given"))
@click.option("--by", type=click.Choice(Even, case_sensitive=False), default=Even.EVENT, help=N_("what moves evenly"))
@click.option(
    "--loop/--no-loop", default=None, help=N_("begin again at the end (.gif, .webp); it does where not given")
)
@_look
def animate_command(
    file: Path,
    output: Path,
    start: str,
    end: str,
    seconds: float | None,
    speed: float | None,
    fps: float,
    by: Even,
    loop: bool | None,
    **look: Any,
) -> None:
    """Make an animation of a recording, for a document."""
    from dictrace.app.pictures.animation import SUFFIXES, write_animation
    from dictrace.app.pictures.subject import Subject

    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise click.UsageError(_("Let the file's name end in .gif, .webp or .mp4."))
    if seconds is not None and speed is not None:
        raise click.UsageError(_("Give either --seconds or --speed."))
    if loop is not None and suffix == ".mp4":
        raise click.UsageError(_("A video can't say that it loops; leave --loop out."))
    motion = Motion(start=start, end=end, seconds=seconds, speed=speed, fps=fps, even=by)
    subject = Subject.opened(file)
    picture = _looking(subject.shown.picture if subject.shown else Picture(), **look)
    with _bar(_("pictures")) as advance:
        write_animation(subject, motion, picture, output, loops=loop is not False, progress=advance)


@click.command("storyboard", help=N_("Make pictures of several moments of a recording, and a contact sheet."))
@_file
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help=N_("the folder to write to"))
@click.option(
    "--stills",
    type=click.IntRange(1, 200),
    help=N_("how many moments, evenly spaced, at losses where there are; 6 where not given"),
)
@click.option("--losses", is_flag=True, help=N_("instead: every moment at which updates are lost"))
@_look
@click.option("--embed/--no-embed", default=True, help=N_("put the recording into them, so that they can be opened"))
def storyboard_command(file: Path, output: Path, stills: int | None, losses: bool, embed: bool, **look: Any) -> None:
    """Make pictures of several moments of a recording, and a contact sheet."""
    if losses and stills is not None:
        raise click.UsageError(_("Give either --stills or --losses."))
    from PySide6.QtGui import QGuiApplication

    from dictrace.app.pictures.command import offscreen_application
    from dictrace.app.pictures.storyboard import moments, write_storyboard
    from dictrace.app.pictures.subject import Subject

    subject = Subject.opened(file)
    picture = _looking(subject.shown.picture if subject.shown else Picture(), **look)
    positions = moments(subject, None if losses else stills or USUAL_STILLS)
    _application = QGuiApplication.instance() or offscreen_application()
    with _bar(_("pictures")) as advance:
        write_storyboard(subject, positions, picture, output, embed=embed, progress=advance)


@click.command("figures", help=N_("Make all figures of a document, as a file such as figures.toml lists them."))
@_file
@click.option("--check", is_flag=True, help=N_("write nothing; say what is not true, missing or out of date"))
def figures_command(file: Path, check: bool) -> None:
    """Make all figures of a document."""
    from dictrace.app.pictures.figure_file import FiguresError, read_figures
    from dictrace.app.pictures.figures import FigureMaker

    try:
        maker = FigureMaker(read_figures(file))
    except FiguresError as error:
        raise click.UsageError(str(error)) from None
    if check:
        account = maker.check()
    else:
        with _bar(_("pictures")) as advance:
            account = maker.make(_record_preset, advance)
    for path in account.written:
        print(path)
    count = len(account.written) + len(account.unchanged)
    told = ngettext(
        "{n} picture is as it should be, {m} written.", "{n} pictures are as they should be, {m} written.", count
    )
    print(told.format(n=count, m=len(account.written)))
    if account.problems:
        raise RecordingError("\n".join(account.problems))


def _record_preset(experiment: Experiment, path: Path) -> None:
    """Run it on real processes and keep the recording, if it came to its end.

    Raises:
        RecordingError: it did not.
        click.Abort: a person stopped it.
    """
    from dictrace.app.cli import record

    recording = record(order_of(experiment), path)
    if recording.end is None or recording.end.outcome is not Outcome.FINISHED:
        path.unlink()
        if recording.end is not None and recording.end.outcome is Outcome.STOPPED:
            raise click.Abort  # Ctrl+C
        raise RecordingError(_("The run broke off."))


@contextlib.contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """What shows that so many of all are done, on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, count: bar.update(task, completed=done, total=count)


COMMANDS = (animate_command, storyboard_command, figures_command)
