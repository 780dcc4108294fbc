"""The directive ``dictrace`` and the node that stands for its picture until a document is written."""

import shlex
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from dictrace.app.pictures.claims import Claim, ClaimError
from dictrace.app.pictures.picture import Picture, View, size_from
from dictrace.app.sphinx.asked import Asked, Source, asked_in
from dictrace.engine.experiment import ExperimentError, LockChoice, preset
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _

_SOURCES = {
    ".py": Source.SCRIPT,
    **dict.fromkeys((".dictrace", ".gz", ".png", ".svg"), Source.RECORDING),
}
"""By how the name of the file ends; what ends otherwise is a preset."""

_SETTINGS: dict[str, Callable[[str], Any]] = {
    "processes": int,
    "tasks": int,
    "think": float,
    "start-method": directives.unchanged_required,
    "lock": lambda text: LockChoice(directives.choice(text, tuple(LockChoice))),
    "nested": directives.flag,
    "flat": directives.flag,
    "seed": int,
}
"""As the options of ``dictrace run``."""


class PictureNode(nodes.General, nodes.Inline, nodes.Element):
    """Where a picture stands.

    Its attributes are `key`, of what is asked for, `alt`, what it shows where the author says it, `width` and `height`.
    """


class PictureDirective(SphinxDirective):
    """A picture of a real run.

    The argument is a preset or a script, run while the document is built, or the file of a recording.
    """

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]]] = {
        "view": lambda text: directives.choice(text, tuple(View)),
        "at": directives.unchanged_required,
        "size": directives.unchanged_required,
        "zoom": float,
        "expect": directives.unchanged_required,
        "caption": directives.unchanged_required,
        "alt": directives.unchanged_required,
        "bare": directives.flag,
        "transparent": directives.flag,
        "no-embed": directives.flag,
        "name": directives.unchanged,
        "class": directives.class_option,
        "arguments": directives.unchanged_required,
        **_SETTINGS,
    }

    def run(self) -> list[nodes.Node]:
        """Note what is asked for; it is made once all documents are read."""
        try:
            asked = self._asked()
        except (ClaimError, ExperimentError, RecordingError) as problem:
            raise self.error(str(problem)) from None
        asked_in(self.env).setdefault(self.env.docname, []).append(asked)
        size = asked.picture.whole
        node = PictureNode(
            key=asked.key, alt=self.options.get("alt", ""), width=round(size.width_px), height=round(size.height_px)
        )
        self.set_source_info(node)
        figure = nodes.figure("", node, classes=["dictrace", *self.options.get("class", ())])
        self.set_source_info(figure)
        if "caption" in self.options:
            texts, messages = self.parse_inline(self.options["caption"], lineno=self.lineno)
            figure += nodes.caption(self.options["caption"], "", *texts, *messages)
        self.add_name(figure)
        return [figure]

    def _asked(self) -> Asked:
        """What the options say.

        Raises:
            ClaimError, ExperimentError, RecordingError: there is no such claim, preset, setting, size or zoom.
        """
        options = self.options
        size = size_from(options["size"]) if "size" in options else None
        look = Picture(
            View(options.get("view", View.STAGE)),
            size,
            zoom=options.get("zoom", 1.0),
            transparent="transparent" in options,
            bare="bare" in options,
        )
        what, settings = self.arguments[0], _settings(options)
        source = _SOURCES.get(PurePath(what).suffix, Source.PRESET)
        if source is Source.PRESET:
            preset(what, **settings)
        else:
            if settings:
                raise RecordingError(_("Settings are for presets only; leave them out."))
            relative, what = self.env.relfn2path(what)
            self.env.note_dependency(relative)
        if "arguments" in options and source is not Source.SCRIPT:
            raise RecordingError(_("Arguments are for scripts only; leave them out."))
        expect = Claim(options["expect"]).text if "expect" in options else ""
        return Asked(
            source=source,
            what=what,
            settings=settings,
            arguments=tuple(shlex.split(options.get("arguments", ""))),
            picture=look,
            at=options.get("at", "end"),
            expect=expect,
            embed="no-embed" not in options,
            line=self.lineno,
        )


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """What the options set of a preset's run, as `experiment.preset` takes it."""
    settings = {name.replace("-", "_"): options[name] for name in _SETTINGS if name in options}
    if "think" in settings:
        settings["think_ms"] = settings.pop("think")
    for flag, nested in (("nested", True), ("flat", False)):
        if flag in options:
            settings.pop(flag)
            settings["nested"] = nested
    return settings
