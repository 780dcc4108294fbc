"""Which pictures documents ask for, and what was made of them, as Sphinx keeps them from build to build."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from sphinx.environment import BuildEnvironment

from dictrace.app.pictures.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A picture that a document asks for.

    Attributes:
        what: name of a preset, or of the file of a recording.
        file: whether `what` is a file.
        settings: of a preset's run, as `experiment.preset` takes them.
        picture: how to paint it; the theme is left to the reader.
        at: the moment, as `moments.position_at` reads it.
        expect: what must be true of the run, or empty.
        embed: put the recording into it.
        line: where it stands in its document.
    """

    what: str
    file: bool
    settings: dict[str, Any] = field(default_factory=dict)
    picture: Picture
    at: str = "end"
    expect: str = ""
    embed: bool = True
    line: int = 0

    @property
    def key(self) -> str:
        """The same for all that ask for the same."""
        wanted = (self.what, self.file, self.settings, self.picture, self.at, self.embed)
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
