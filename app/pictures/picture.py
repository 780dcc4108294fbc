"""What a picture shows and how: the view, its size, its colours, as one immutable value; and how sizes are written."""

import re
from dataclasses import dataclass
from enum import StrEnum

from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _

PX_PER_MM = 96 / 25.4
LEAST_PX, MOST_PX = 64.0, 8192.0
SCALES = (1.0, 4.0)
ZOOMS = (0.5, 4.0)


class WishError(RecordingError):
    """What somebody wants of a picture makes no sense, whatever the recording; one plain sentence."""


class View(StrEnum):
    """What is painted: a view of the window, or all of them together."""

    WINDOW = "window"
    STAGE = "stage"
    TIMELINE = "timeline"
    HISTORY = "history"
    LOSSES = "losses"
    DICT = "dict"
    CODE = "code"
    WHY = "why"
    LOG = "log"
    BLAME = "blame"


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height, in logical pixels (96 to the inch) or, `in_mm`, in millimetres.

    Raises:
        WishError: it is too small or too large to be painted.
    """

    width: float
    height: float
    in_mm: bool = False

    def __post_init__(self) -> None:
        if not all(LEAST_PX <= length <= MOST_PX for length in (self.width_px, self.height_px)):
            text = _("A picture is {least} to {most} pixels wide and high, {size} is not.")
            raise WishError(text.format(least=f"{LEAST_PX:.0f}", most=f"{MOST_PX:.0f}", size=self))

    @property
    def width_px(self) -> float:
        return self.width * PX_PER_MM if self.in_mm else self.width

    @property
    def height_px(self) -> float:
        return self.height * PX_PER_MM if self.in_mm else self.height

    def __str__(self) -> str:
        return f"{self.width:g}x{self.height:g}{'mm' if self.in_mm else ''}"


USUAL_SIZES = {
    View.WINDOW: Size(1600, 900),
    View.STAGE: Size(960, 540),
    View.TIMELINE: Size(960, 280),
    View.HISTORY: Size(440, 480),
    View.LOSSES: Size(720, 320),
    View.DICT: Size(600, 480),
    View.CODE: Size(560, 200),
    View.WHY: Size(480, 400),
    View.LOG: Size(960, 400),
    View.BLAME: Size(480, 200),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """How to paint a moment of a recording.

    Attributes:
        view: what to paint.
        size: of the whole picture; None: the usual one of the view.
        scale: pixels of a PNG per logical pixel, 1 to 4; SVG and PDF have none.
        dark: use the dark theme.
        zoom: size of texts and lines, 1 as in the window at 100 %.
        transparent: leave the background out.
        caption: a line below the view, or empty.
        bare: leave out the line that says where the picture comes from.

    Raises:
        WishError: scale or zoom is out of range.
    """

    view: View = View.STAGE
    size: Size | None = None
    scale: float = 1.0
    dark: bool = False
    zoom: float = 1.0
    transparent: bool = False
    caption: str = ""
    bare: bool = False

    def __post_init__(self) -> None:
        for value, (least, most) in ((self.scale, SCALES), (self.zoom, ZOOMS)):
            if not least <= value <= most:
                text = _("{n} is not between {least} and {most}.")
                raise WishError(text.format(n=f"{value:g}", least=f"{least:g}", most=f"{most:g}"))

    @property
    def whole(self) -> Size:
        """Size of the whole picture."""
        return self.size or USUAL_SIZES[self.view]


def size_from(text: str) -> Size:
    """The size written as ``960x540`` or ``160x90mm``.

    Raises:
        WishError: it is none, or a `Size` can't be that.
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(mm|px|)\s*", text, re.ASCII | re.IGNORECASE)
    if match is None:
        raise WishError(
            _("“{text}” is no size; write it in pixels, 960x540, or in millimetres, 160x90mm.").format(text=text)
        )
    return Size(float(match[1]), float(match[2]), match[3].lower() == "mm")
