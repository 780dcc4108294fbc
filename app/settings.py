"""What the window remembers from one start to the next, in a settings file of the user."""

from typing import Any

import msgspec
from PySide6.QtCore import QSettings

from dictrace.app.appearance import PRESENTED
from dictrace.app.exporting.wish import Wish
from dictrace.app.open_scripts import Known
from dictrace.app.player import FACTORS
from dictrace.engine.experiment import Experiment, ExperimentError, checked
from dictrace.widgets.theme import ZOOM_STEPS

RECENT = 8


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered; the defaults are a first start.

    Attributes:
        geometry, layout: of window and desk, as Qt packs them; empty: the usual ones.
        dark: the theme; None: the desktop's.
        zoom: one of `ZOOM_STEPS`.
        reduced_motion: playing jumps from event to event.
        loops: playing starts again at the end.
        by_clock: playing moves by the true time.
        factor: speed of playing by event, one of `FACTORS`; that by clock is chosen anew for each recording.
        presented: name of the panel that presentation mode shows.
        experiment: what was set last.
        recent: paths of recordings, newest first, at most `RECENT`.
        scripts: those that ran last, and that may run.
        export: what was exported last.
    """

    geometry: bytes = b""
    layout: bytes = b""
    dark: bool | None = None
    zoom: float = 1.0
    reduced_motion: bool = False
    loops: bool = False
    by_clock: bool = False
    factor: float = 1.0
    presented: str = PRESENTED
    experiment: Experiment = msgspec.field(default_factory=Experiment)
    recent: tuple[str, ...] = ()
    scripts: Known = msgspec.field(default_factory=Known)
    export: Wish = msgspec.field(default_factory=Wish)


def user_settings() -> QSettings:
    """The settings file of this user."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "dictrace", "dictrace")


def load(store: QSettings) -> Remembered:
    """What the store holds; anything that is missing, damaged or out of range is as at a first start."""
    known = {}
    for field in msgspec.structs.fields(Remembered):
        text = store.value(field.name)
        if isinstance(text, str):
            try:
                value = msgspec.json.decode(text, type=field.type)
                _check(field.name, value)
            except (msgspec.MsgspecError, ExperimentError, ValueError):
                continue
            known[field.name] = value
    return Remembered(**known)


def save(store: QSettings, remembered: Remembered) -> None:
    """Write everything to the store's file."""
    for name, value in msgspec.structs.asdict(remembered).items():
        store.setValue(name, msgspec.json.encode(value).decode())
    store.sync()


def with_recent(recent: tuple[str, ...], path: str) -> tuple[str, ...]:
    """The list of recent files after this one was opened or saved."""
    return (path, *(other for other in recent if other != path))[:RECENT]


def _check(name: str, value: Any) -> None:
    """Raises ValueError or ExperimentError for a value that the window can't take."""
    if isinstance(value, Experiment):
        checked(value)
    elif name == "zoom" and value not in ZOOM_STEPS:
        raise ValueError(f"zoom {value} is not one of {ZOOM_STEPS}")
    elif name == "factor" and value not in FACTORS:
        raise ValueError(f"factor {value} is not one of {FACTORS}")
