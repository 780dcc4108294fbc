"""What a person wants exported, as one immutable value that the window remembers. Loads nothing heavy."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What kind of file."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    GIF = "gif"
    WEBP = "webp"
    MP4 = "mp4"
    STORYBOARD = "storyboard"
    TRACE = "trace"
    OPERATIONS = "operations"
    COMMITS = "commits"
    PAGE = "page"


PICTURES = (Kind.PNG, Kind.SVG, Kind.PDF)
ANIMATIONS = (Kind.GIF, Kind.WEBP, Kind.MP4)
PAINTED = (*PICTURES, *ANIMATIONS, Kind.STORYBOARD)


class When(StrEnum):
    """Which moment a picture shows: that of the window, or one of the recording."""

    NOW = "now"
    FIRST_LOSS = "first-loss"
    END = "end"
    EVENT = "event"


class Part(StrEnum):
    """Which part of the run an animation shows: all, what comes after the window's moment, or a little around it."""

    WHOLE = "whole"
    ONWARDS = "onwards"
    AROUND = "around"


class Sizing(StrEnum):
    """Where the size comes from: as the view usually is, for a use, or given."""

    USUAL = "usual"
    SLIDE = "slide"
    README = "readme"
    PAGE = "page"
    OWN = "own"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be exported.

    Attributes:
        kind: of the file.
        view: name of a `pictures.picture.View`.
        when: the moment of a picture; `event`: its number, for `When.EVENT`.
        part, seconds: of an animation; 0 seconds: as long as it needs.
        stills: moments of a storyboard; `every_loss`: instead all at which updates are lost.
        sizing: where the size comes from; `width`, `height` (pixels or, `in_mm`, millimetres) and `zoom`, the size of
            texts, are for `Sizing.OWN`.
        scale: pixels of a PNG per pixel of the size.
        dark, transparent, caption: as in a `Picture`.
        provenance: a line says where the picture comes from.
        embed: the recording goes into it.
        folder: where the last file went, or empty.
    """

    kind: Kind = Kind.PNG
    view: str = "stage"
    when: When = When.NOW
    event: int = 1
    part: Part = Part.WHOLE
    seconds: float = 0.0
    stills: int = 6
    every_loss: bool = False
    sizing: Sizing = Sizing.USUAL
    width: float = 960.0
    height: float = 540.0
    in_mm: bool = False
    zoom: float = 1.0
    scale: int = 2
    dark: bool = False
    transparent: bool = False
    caption: str = ""
    provenance: bool = True
    embed: bool = True
    folder: str = ""
