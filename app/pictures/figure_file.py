"""Reads the figures of a document from a TOML file, and says of each mistake in which figure and at which key it is."""

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from dictrace.app.pictures.claims import Claim, ClaimError
from dictrace.app.pictures.picture import SCALES, ZOOMS, Picture, View, size_from
from dictrace.engine.experiment import Experiment, ExperimentError, preset
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import LANGUAGES, _

RUNS = "recordings"
"""Folder beside the file, with what the presets of its figures recorded."""

SUFFIXES = (".png", ".svg", ".pdf")
KEYS = (
    *("recording", "preset", "settings", "view", "at", "size", "scale", "zoom", "theme", "language"),
    *("bare", "transparent", "embed", "caption", "expect", "output"),
)
SETTINGS: dict[str, tuple[type, ...]] = {
    "processes": (int,),
    "tasks": (int,),
    "think_ms": (int, float),
    "start_method": (str,),
    "seed": (int,),
}


class FiguresError(ValueError):
    """A file of figures that can't be carried out; one plain sentence."""


class Colours(StrEnum):
    """In which theme a figure is made: one, or both, the dark one with ``-dark`` in the name of its file."""

    LIGHT = "light"
    DARK = "dark"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a document.

    Attributes:
        name: what it is called in the file.
        recording: what it shows.
        experiment: what is run where `recording` does not exist yet; None: it must exist.
        at: the moment, as `position_at` reads it.
        pictures: how it is painted, by file to write; one per theme.
        language: of its texts, a key of `LANGUAGES`; None: the chosen one.
        embed: put the recording into it.
        caption: for the document to print below it.
        claim: what must be true of the run, or None.
    """

    name: str
    recording: Path
    experiment: Experiment | None
    at: str
    pictures: Mapping[Path, Picture]
    language: str | None
    embed: bool
    caption: str
    claim: Claim | None

    @property
    def texts(self) -> tuple[Path, Path]:
        """The files for what it shows, in words, and for its caption."""
        first = next(iter(self.pictures))
        return first.with_suffix(".alt.txt"), first.with_suffix(".caption.txt")


def read_figures(path: str | os.PathLike[str]) -> list[Figure]:
    """The figures in a file; what they name is looked for beside it.

    Raises:
        RecordingError: the file can't be read.
        FiguresError: there is a mistake in it.
    """
    file = Path(path)
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RecordingError(_("There is no file “{path}”.").format(path=file)) from None
    except OSError as error:
        text = _("“{name}” can't be read: {reason}.")
        raise RecordingError(text.format(name=file.name, reason=error.strerror)) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FiguresError(_("“{name}” is no TOML: {reason}.").format(name=file.name, reason=error)) from None
    tables = _tables(content, file.name)
    shared = tables.pop("")
    figures = [_figure(_Entry(name, {**shared, **table}), file.parent) for name, table in tables.items()]
    _check_names(figures)
    figure_of = {path: figure for figure in figures for path in figure.pictures}
    return [_followed(figure, figure_of) for figure in figures]


def _tables(content: dict[str, Any], file: str) -> dict[str, dict[str, Any]]:
    """What is given for each figure, and under the empty name what holds for all."""
    for key in content:
        if key not in ("defaults", "figures"):
            text = _("“{name}” has “{key}” outside of a figure; write [defaults] or [figures.NAME] above it.")
            raise FiguresError(text.format(name=file, key=key))
    figures, shared = content.get("figures"), content.get("defaults", {})
    if not (isinstance(figures, dict) and figures):
        raise FiguresError(_("“{name}” has no figures; begin one with [figures.NAME].").format(name=file))
    for name, table in {**figures, "defaults": shared}.items():
        if not isinstance(table, dict):
            raise FiguresError(_("Figure “{name}” is no table; begin it with [figures.NAME].").format(name=name))
    return {"": shared, **figures}


class _Entry:
    """What is given for one figure, each key checked as it is taken."""

    def __init__(self, name: str, given: dict[str, Any]) -> None:
        self.name = name
        self._given = given
        for key in given:
            if key not in KEYS:
                raise self.wrong(key, _("there is no such key; choose of {names}.").format(names=", ".join(KEYS)))

    def wrong(self, key: str, what: str) -> FiguresError:
        """That something is wrong with a key."""
        return FiguresError(_("Figure “{name}”, {key}: {what}").format(name=self.name, key=key, what=what))

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """What goes wrong within is about this key."""
        try:
            yield
        except (RecordingError, ExperimentError, ClaimError) as error:
            raise self.wrong(key, str(error)) from None

    def has(self, key: str) -> bool:
        return key in self._given

    def text(self, key: str, default: str = "") -> str:
        value = self._given.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, _("a text is needed, in quotation marks."))
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._given.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, _("either true or false is needed."))
        return value

    def number(self, key: str, limits: tuple[float, float]) -> float:
        value = self._given.get(key, 1.0)
        if type(value) not in (int, float) or not limits[0] <= value <= limits[1]:
            text = _("a number from {least} to {most} is needed.")
            raise self.wrong(key, text.format(least=f"{limits[0]:g}", most=f"{limits[1]:g}"))
        return float(value)

    def choice(self, key: str, names: list[str], default: str) -> str:
        value = self._given.get(key, default)
        if value not in names:
            raise self.wrong(key, _("choose one of {names}.").format(names=", ".join(names)))
        return str(value)

    def moment(self) -> str:
        value = self._given.get("at", "end")
        if type(value) not in (int, float, str):
            raise self.wrong("at", _("a moment is needed, such as 96 or “first-loss”."))
        return str(value)

    def settings(self) -> dict[str, Any]:
        value = self._given.get("settings", {})
        if not isinstance(value, dict):
            raise self.wrong("settings", _("settings are needed, such as {example}.").format(example="{ tasks = 40 }"))
        for name, setting in value.items():
            if name not in SETTINGS:
                text = _("there is no setting “{name}”; choose of {names}.")
                raise self.wrong("settings", text.format(name=name, names=", ".join(SETTINGS)))
            if type(setting) not in SETTINGS[name]:
                raise self.wrong("settings", _("“{name}” can't be that.").format(name=name))
        return value


def _figure(entry: _Entry, folder: Path) -> Figure:
    recording, experiment = _source(entry, folder)
    claim = None
    if entry.has("expect"):
        with entry.of("expect"):
            claim = Claim(entry.text("expect"))
    return Figure(
        name=entry.name,
        recording=recording,
        experiment=experiment,
        at=entry.moment(),
        pictures=_pictures(entry, folder),
        language=entry.choice("language", list(LANGUAGES), "en") if entry.has("language") else None,
        embed=entry.flag("embed", True),
        caption=entry.text("caption"),
        claim=claim,
    )


def _source(entry: _Entry, folder: Path) -> tuple[Path, Experiment | None]:
    """The recording, and what to run where there is none."""
    if entry.has("recording") == entry.has("preset"):
        raise entry.wrong("recording", _("either a recording or a preset is needed."))
    if entry.has("recording"):
        if entry.has("settings"):
            raise entry.wrong("settings", _("they are for presets only."))
        return folder / entry.text("recording"), None
    name, settings = entry.text("preset"), entry.settings()
    with entry.of("preset"):
        experiment = preset(name, **settings)
    parts = [name, *(f"{key}-{settings[key]}" for key in sorted(settings))]
    return folder / RUNS / f"{'-'.join(parts)}.dictrace", experiment


def _pictures(entry: _Entry, folder: Path) -> dict[Path, Picture]:
    """How the figure is painted, by file."""
    with entry.of("size"):
        size = size_from(entry.text("size")) if entry.has("size") else None
    picture = Picture(
        view=View(entry.choice("view", list(View), View.STAGE)),
        size=size,
        scale=entry.number("scale", SCALES),
        zoom=entry.number("zoom", ZOOMS),
        bare=entry.flag("bare", False),
        transparent=entry.flag("transparent", False),
    )
    path = folder / entry.text("output", f"{entry.name}.png")
    if path.suffix.lower() not in SUFFIXES:
        raise entry.wrong("output", _("let it end in .png, .svg or .pdf."))
    dark = replace(picture, dark=True)
    made: dict[Colours, Callable[[], dict[Path, Picture]]] = {
        Colours.LIGHT: lambda: {path: picture},
        Colours.DARK: lambda: {path: dark},
        Colours.BOTH: lambda: {path: picture, path.with_name(f"{path.stem}-dark{path.suffix}"): dark},
    }
    return made[Colours(entry.choice("theme", list(Colours), Colours.LIGHT))]()


def _followed(figure: Figure, figure_of: Mapping[Path, Figure]) -> Figure:
    """The figure, of the run that the picture it names will show, where another one of the file makes that picture."""
    source, names = figure, set[str]()
    while source.recording in figure_of and source.name not in names:
        names.add(source.name)
        source = figure_of[source.recording]
    return replace(figure, recording=source.recording, experiment=source.experiment)


def _check_names(figures: list[Figure]) -> None:
    """No two figures write the same file; a picture's texts have its name too."""
    taken: dict[Path, str] = {}
    for figure in figures:
        for path in figure.pictures:
            other = taken.setdefault(path.with_suffix(""), figure.name)
            if other != figure.name:
                text = _("Figure “{name}”, output: figure “{other}” writes “{file}” too.")
                raise FiguresError(text.format(name=figure.name, other=other, file=path.stem))
