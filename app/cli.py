"""The command line. Everything a person can do wrong ends in one plain sentence and a status: 1 failed, 2 wrong use.

What only one command needs is imported by it, so that the others start quickly.
"""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from dictrace.app import picture_commands
from dictrace.app.pictures.embedding import recording_in
from dictrace.app.pictures.picture import SCALES, ZOOMS, View, WishError, size_from
from dictrace.app.scripts import RunCommand, is_script, limits_of, script_order
from dictrace.app.spoken import have_click_speak_it, in_chosen_language
from dictrace.engine import program_version
from dictrace.engine.experiment import ExperimentError, LockChoice, preset
from dictrace.engine.files import RecordingWriter, written_whole
from dictrace.engine.harmless import harmless, harmless_json
from dictrace.engine.order import Order, order_of
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.rows import AnyRow, HeaderRow, Outcome, TaskRow, TaskStep
from dictrace.engine.words import LANGUAGES, N_, _, choose_language, joined

if TYPE_CHECKING:
    from dictrace.engine.launch import Run

COMMANDS = ("run", "report", "picture", "animate", "storyboard", "figures", "export")
STOPPED = 130
"""Exit status after Ctrl+C, as of a shell's own commands."""

_decoder = msgspec.json.Decoder(AnyRow)

_json = click.option("--json", is_flag=True, help=N_("print one JSON object"))


@click.group(
    invoke_without_command=True,
    help=N_(
        "Watch a real multiprocessing.Manager dict lose updates, and see why. Without a command the window opens, "
        "with a recording when one is given (dictrace FILE.dictrace)."
    ),
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=lambda context, _option, asked: _show_version(context) if asked else None,
    help=N_("Show the version and exit."),
)
def commands() -> None:
    """All commands."""


@commands.command(
    "run",
    cls=RunCommand,
    help=N_(
        "Run WHAT on real processes, without a window, and print the verdict. WHAT is a preset, or a script of your "
        "own with its arguments, which runs as it would without dictrace."
    ),
    short_help=N_("Run a preset or a script on real processes and print the verdict."),
)
@click.argument("what", required=False)
@click.argument("arguments", nargs=-1)
@click.option("-o", "--output", type=click.Path(path_type=Path), help=N_("save the recording here"))
@_json
@click.option(
    "--like", type=click.Path(path_type=Path), help=N_("run the program of this recording again, in its serve order")
)
@click.option("--processes", type=int, help=N_("pool workers"))
@click.option("--tasks", type=int, help=N_("tasks"))
@click.option("--think", "think_ms", type=float, help=N_("pause between fetch and commit, ms"))
@click.option("--start-method", help=N_("fork, forkserver or spawn"))
@click.option("--lock", type=click.Choice(LockChoice, case_sensitive=False), help=N_("who shares the lock"))
@click.option("--nested/--flat", default=None, help=N_("write inside d['test'], or in d"))
@click.option("--seed", type=int, help=N_("delay requests by random times of this seed"))
@click.option("--max-seconds", type=click.FloatRange(0), help=N_("end the run after this time"))
@click.option("--max-processes", type=click.IntRange(1), help=N_("end a script that has started more than these"))
@click.option("--max-rows", type=click.IntRange(0), help=N_("rows to record; what comes after them is counted"))
@click.option("--max-output", type=click.IntRange(0), help=N_("bytes of a script's output to record"))
def run_command(
    what: str | None,
    arguments: tuple[str, ...],
    output: Path | None,
    json: bool,
    like: Path | None,
    **settings: object,
) -> None:
    """Run what is given, or what a recording ran."""
    given = {name: value for name, value in settings.items() if value is not None}
    limits = {name: given.pop(name) for name in list(given) if name.startswith("max_")}
    if what is not None and is_script(what):
        if given or like is not None:
            raise click.UsageError(_("A script takes its own arguments, after its name; leave the settings out."))
        with script_order(what, arguments, json=json, limits=limits) as order:
            recording = record(order, output)
        with contextlib.redirect_stdout(sys.stdout if json else sys.stderr):
            _show(recording, json)
    else:
        if arguments:
            raise click.UsageError(_("A preset takes no arguments."))
        order = msgspec.structs.replace(_order(what, like, given), limits=limits_of(limits))
        recording = record(order, output, quiet=json or not sys.stderr.isatty())
        _show(recording, json)
    if recording.end is None or recording.end.outcome is not Outcome.FINISHED:
        raise RecordingError(_why(recording))


@commands.command("report", help=N_("Print the verdict and the certificates of a recording."))
@click.argument("file", type=click.Path(path_type=Path))
@_json
def report_command(file: Path, json: bool) -> None:
    """Print what a recording tells."""
    recording = recording_in(file)[0]
    _show(recording, json)
    if recording.damage:
        print(recording.damage, file=sys.stderr)


@commands.command("export", help=N_("Write a recording for other tools: a trace, a table or a web page."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=N_("the .json, .csv or .html to write")
)
@click.option(
    "--format",
    "wanted",
    type=click.Choice(("json", "csv", "html"), case_sensitive=False),
    help=N_("what to write, where the name does not tell"),
)
@click.option(
    "--table", type=click.Choice(("operations", "commits"), case_sensitive=False), help=N_("which table a .csv has")
)
def export_command(file: Path, output: Path, wanted: str | None, table: str | None) -> None:
    """Write a recording for other tools: a trace, a table or a web page."""
    from dictrace.engine.export.kinds import Format, Table, exported, format_of

    kind = Format(wanted) if wanted else format_of(output)
    if kind is None:
        raise click.UsageError(_("Let the file's name end in .json, .csv or .html, or give --format."))
    if table and kind is not Format.CSV:
        raise click.UsageError(_("--table is for .csv only."))
    recording = recording_in(file)[0]
    content = exported(recording, kind, Table(table) if table else Table.OPERATIONS)
    with written_whole(output) as target:
        target.write(content)
    if recording.damage:
        print(recording.damage, file=sys.stderr)


@commands.command("picture", help=N_("Make a picture of a recording at one moment, for a document."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help=N_("the .png, .svg or .pdf to write")
)
@click.option(
    "--view", type=click.Choice(View, case_sensitive=False), help=N_("what to show; the stage where not given")
)
@click.option("--at", help=N_("the moment: an event, 12.5ms, 50%, first-loss, last-loss, first-wait, last-wait or end"))
@click.option("--size", help=N_("of the picture: 960x540 or 160x90mm"))
@click.option("--scale", type=click.FloatRange(*SCALES), help=N_("pixels of a PNG per pixel of its size"))
@click.option("--zoom", type=click.FloatRange(*ZOOMS), help=N_("size of texts and lines"))
@click.option("--theme", type=click.Choice(("light", "dark")), help=N_("light or dark"))
@click.option("--lang", type=click.Choice(tuple(LANGUAGES)), help=N_("language of the texts in it"))
@click.option("--caption", help=N_("a line below the view"))
@click.option("--bare", is_flag=True, default=None, help=N_("leave out where the picture comes from"))
@click.option("--transparent", is_flag=True, default=None, help=N_("leave the background out"))
@click.option("--embed/--no-embed", default=True, help=N_("put the recording into it, so that it can be opened again"))
@click.option("--alt", type=click.Path(path_type=Path), help=N_("write what it shows, in words, here"))
def picture_command(
    file: Path,
    output: Path,
    at: str | None,
    size: str | None,
    theme: str | None,
    lang: str | None,
    embed: bool,
    alt: Path | None,
    **look: Any,
) -> None:
    """Make a picture of a recording at one moment, for a document."""
    from dictrace.app.pictures.command import make_picture

    if lang is not None:
        choose_language(lang)
    look |= {"size": size_from(size) if size else None, "dark": theme == "dark" if theme else None}
    given = {name: value for name, value in look.items() if value is not None}
    make_picture(file, output, at=at, embed=embed, alt=alt, **given)


for _command in picture_commands.COMMANDS:
    commands.add_command(_command)


def record(order: Order, output: Path | None = None, *, quiet: bool = True) -> Recording:
    """Run `order` and return the recording, saved to `output` where that is given.

    Ctrl+C is for a script what it is in a terminal; a second one, and any other signal, ends the run early.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from dictrace.engine.launch import Run

    columns = (TextColumn(_("tasks")), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)
    recording: Recording | None = None
    with contextlib.ExitStack() as stack:
        writer = stack.enter_context(RecordingWriter(output)) if output is not None else None
        stack.enter_context(bar)
        progress = bar.add_task("", total=order.experiment.tasks if order.experiment is not None else None)
        run = stack.enter_context(Run(msgspec.structs.replace(order, live=not quiet)))
        stack.enter_context(_signals_for(run, order.script is not None))
        for chunk in map(harmless_json, run.lines()):
            if writer is not None:
                writer.write(chunk)
            rows = [_decoder.decode(line) for line in chunk.splitlines()]
            if recording is None and isinstance(rows[0], HeaderRow):
                recording = Recording(rows.pop(0))
            assert recording is not None
            recording.extend(rows)
            bar.advance(progress, sum(isinstance(row, TaskRow) and row.step is TaskStep.END for row in rows))
    if recording is None:
        raise RecordingError(_("The run broke off: its host process ended unexpectedly."))
    return recording


@contextlib.contextmanager
def _signals_for(run: "Run", is_script: bool) -> Iterator[None]:
    """Meanwhile signals that would end us end the run, whose rows then still come."""
    interrupted = not is_script

    def heed(signum: int, _frame: object) -> None:
        nonlocal interrupted
        if signum == signal.SIGINT and not interrupted:
            interrupted = True
            run.interrupt()
        else:
            run.stop()

    before = {signum: signal.signal(signum, heed) for signum in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _show_version(context: click.Context) -> None:
    print(f"dictrace {program_version()}")
    context.exit()


def _order(what: str | None, like: Path | None, given: dict[str, object]) -> Order:
    if (what is None) == (like is None):
        raise click.UsageError(_("Name either a preset or, with --like, a recording."))
    if like is not None:
        if given:
            raise click.UsageError(_("With --like the recording decides; leave the other settings out."))
        from dictrace.engine.launch import order_like

        return order_like(recording_in(like)[0])
    return order_of(preset(what or "", **given))


def _show(recording: Recording, json: bool) -> None:
    from dictrace.engine.report import report_of, text_of

    report = report_of(recording)
    print(msgspec.json.encode(report).decode() if json else text_of(report))


def _why(recording: Recording) -> str:
    end = recording.end
    if end is None:
        return _("The run broke off: its host process ended unexpectedly.")
    if end.outcome is Outcome.STOPPED:
        return joined((_("The run was stopped before its end."), end.text))
    return end.text


def main() -> int:
    """Carry out the command in ``sys.argv``; the exit status."""
    choose_language(None)
    have_click_speak_it()
    arguments = sys.argv[1:]
    try:
        if not arguments or (arguments[0] not in COMMANDS and not arguments[0].startswith("-")):
            from dictrace.app.start import open_window

            return open_window(arguments)
        in_chosen_language(commands)(args=arguments, prog_name="dictrace", standalone_mode=False)
    except (click.ClickException, ExperimentError) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        print(harmless(text), file=sys.stderr)
        return 2
    except click.Abort:
        return STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        if _was_interrupted(error):
            print(file=sys.stderr)
            return STOPPED
        if not isinstance(error, RecordingError):
            raise
        print(harmless(str(error)), file=sys.stderr)
        return 2 if isinstance(error, WishError) else 1
    return 0


def _was_interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl+C came first: where it comes in the middle of anything, clearing up may fail as well."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None
