"""What `dictrace run` does with somebody's own script: its part of the command line, its limits, its order."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dictrace.engine.experiment import PRESETS
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.words import _

_own = Limits()


class RunCommand(click.Command):
    """`dictrace run`: what follows the name of a script goes to the script, also what looks like an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See the class."""
        with_value = {name for p in self.params if isinstance(p, click.Option) and not p.is_flag for name in p.opts}
        is_value = False
        for place, word in enumerate(args):
            if not is_value and not word.startswith("-") and is_script(word):
                args = [*args[:place], "--", *args[place:]]
                break
            is_value = word in with_value
        return super().parse_args(ctx, args)


def is_script(what: str | None) -> bool:
    """Whether WHAT of the command line is a script and no preset."""
    return what is not None and what not in PRESETS and (what.endswith(".py") or os.path.isfile(what))


@contextlib.contextmanager
def script_order(path: str, arguments: tuple[str, ...], *, json: bool, limits: dict[str, Any]) -> Iterator[Order]:
    """The order for a script that reads and prints where this command does; with `json`, standard output is kept free.

    Raises:
        click.UsageError: there is no such file.
    """
    if not Path(path).is_file():
        raise click.UsageError(_("There is no file “{path}”.").format(path=path))
    if os.name != "posix":
        yield Order(script=Script(path, arguments, os.getcwd()), limits=limits_of(limits))
        return
    sys.stdout.flush()
    own = [os.dup(number) for number in (0, 2 if json else 1, 2)]
    try:
        stdio = own[0], own[1], own[2]
        yield Order(script=Script(path, arguments, os.getcwd(), stdio), limits=limits_of(limits))
    finally:
        for number in own:
            os.close(number)


def limits_of(given: dict[str, Any]) -> Limits:
    """The limits given on the command line, by the names of their options."""
    return Limits(
        rows=given.get("max_rows", _own.rows),
        output_bytes=given.get("max_output", _own.output_bytes),
        processes=given.get("max_processes", _own.processes),
        seconds=given.get("max_seconds", _own.seconds),
    )
