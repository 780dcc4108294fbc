"""The command line in the chosen language: its help, and what Click says by itself."""

import gettext
from copy import copy

import click

from dictrace import resources
from dictrace.engine.words import N_, _, ngettext

CLICK_SAYS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Show this message and exit."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("Option {name!r} does not take a value."),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 2),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 2),
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 2),
)
"""Sentences of Click's for which our catalogues have translations; it looks them up with gettext, as we do."""


def have_click_speak_it() -> None:
    """Have Click look up its sentences in our catalogues, in the environment's language."""
    gettext.bindtextdomain("dictrace", str(resources.FOLDER / "locale"))
    gettext.textdomain("dictrace")


def in_chosen_language(command: click.Command) -> click.Command:
    """A copy of a command, and of those below it, with its help translated."""
    said = copy(command)
    said.help = _(command.help) if command.help else None
    said.short_help = _(command.short_help) if command.short_help else None
    said.params = [copy(parameter) for parameter in command.params]
    for parameter in said.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = _(parameter.help)
    if isinstance(said, click.Group):
        said.commands = {name: in_chosen_language(below) for name, below in said.commands.items()}
    return said
