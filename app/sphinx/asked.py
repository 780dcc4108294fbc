"""Which pictures documents ask for, and what was made of them, as Sphinx keeps them from build to build."""

from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from typing import Any

import msgspec
from sphinx.environment import BuildEnvironment

from dictrace.app.pictures.picture import Picture


class Source(Enum):
    """What a picture is of: a preset or a script that is run, or a recording that is there."""

    PRESET = "preset"
    SCRIPT = "script"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A picture that a document asks for.

    Attributes:
        source: what kind of thing `what` is.
        what: name of a preset, or of the file of a script or of a recording.
        settings: of a preset's run, as `experiment.preset` takes them.
        arguments: of a script.
        picture: how to paint it; the theme is left to the reader.
        at: the moment, as `moments.position_at` reads it.
        expect: what must be true of the run, or empty.
        embed: put the recording into it.
        line: where it stands in its document.
    """

    source: Source
    what: str
    settings: dict[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    picture: Picture
    at: str = "end"
    expect: str = ""
    embed: bool = True
    line: int = 0

    @property
    def key(self) -> str:
        """The same for all that ask for the same."""
        wanted = (self.what, self.settings, self.arguments, self.picture, self.at, self.embed)
        return sha256(msgspec.json.encode(wanted, order="sorted")).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Made:
    """A picture that was made: what it shows, in words, and the name of its file by theme."""

    alt: str
    files: dict[str, str]


def asked_in(env: BuildEnvironment) -> dict[str, list[Asked]]:
    """What each document asks for, by name of the document; may be changed."""
    asked: dict[str, list[Asked]] = vars(env).setdefault("dictrace_asked", {})
    return asked


def made_in(env: BuildEnvironment) -> dict[str, Made]:
    """What was made, by `Asked.key`; may be changed."""
    made: dict[str, Made] = vars(env).setdefault("dictrace_made", {})
    return made
