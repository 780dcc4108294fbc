"""What a wish comes to for one recording: the picture, the moment, the motion, the file's name."""

import re
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from dictrace.app.exporting.wish import ANIMATIONS, PICTURES, Kind, Part, Sizing, When, Wish
from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.motion import Motion
from dictrace.app.pictures.picture import LEAST_PX, MOST_PX, PX_PER_MM, USUAL_SIZES, ZOOMS, Picture, Size, View
from dictrace.engine.recording import Recording
from dictrace.engine.words import _

SLIDE, README = Size(1920.0, 1080.0), Size(1280.0, 720.0)  # floats, as those a person types: a PNG tells them
PAGE_WIDTH_MM = 160.0
AROUND = 10
"""Events before and after the window's moment."""

_LEAST_ZOOM, _ZOOM_STEP = 0.75, 0.05
_SUFFIXES = {
    Kind.STORYBOARD: "",
    Kind.TRACE: ".json",
    Kind.OPERATIONS: ".csv",
    Kind.COMMITS: ".csv",
    Kind.PAGE: ".html",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported from: a recording, and the position at which the window shows it."""

    recording: Recording
    position: float

    @property
    def events(self) -> int:
        return len(self.recording.events)

    @property
    def has_losses(self) -> bool:
        return bool(len(self.recording.history.losses.events))


def view_of(wish: Wish) -> View:
    """The view to paint; one that is not known any more counts as the stage."""
    return View(wish.view) if wish.view in list(View) else View.STAGE


def size_of(wish: Wish) -> tuple[Size, float]:
    """The size of the picture, and of its texts: for a use, the view is as detailed as it usually is.

    Raises:
        RecordingError: the wish's own size is out of range.
    """
    usual = USUAL_SIZES[view_of(wish)]
    if wish.sizing is Sizing.OWN:
        return Size(wish.width, wish.height, wish.in_mm), wish.zoom
    if wish.sizing is Sizing.USUAL:
        return usual, 1.0
    page = Size(PAGE_WIDTH_MM, float(round(PAGE_WIDTH_MM * usual.height / usual.width)), in_mm=True)
    size = {Sizing.SLIDE: SLIDE, Sizing.README: README, Sizing.PAGE: page}[wish.sizing]
    zoom = min(size.width_px / usual.width_px, size.height_px / usual.height_px)
    steps = round(min(max(zoom, _LEAST_ZOOM), ZOOMS[1]) / _ZOOM_STEP)
    return size, round(steps * _ZOOM_STEP, 2)


def picture_of(wish: Wish) -> Picture:
    """The picture, or every one of an animation.

    Raises:
        RecordingError: its size is out of range.
    """
    size, zoom = size_of(wish)
    return Picture(
        view=view_of(wish),
        size=None if wish.sizing is Sizing.USUAL else size,
        scale=float(wish.scale) if wish.kind in (Kind.PNG, Kind.STORYBOARD) else 1.0,
        dark=wish.dark,
        zoom=zoom,
        transparent=wish.transparent and wish.kind in PICTURES,
        caption=wish.caption,
        bare=not wish.provenance,
    )


def preview_of(picture: Picture, width_px: float, height_px: float, sharpness: float) -> Picture:
    """The same picture for a room of so many pixels of the screen, `sharpness` of them to a logical pixel."""
    whole = picture.whole
    share = min(sharpness, width_px / whole.width_px, height_px / whole.height_px, ZOOMS[1] / picture.zoom)
    share = max(share, ZOOMS[0] / picture.zoom, LEAST_PX / min(whole.width_px, whole.height_px))
    size = Size(min(whole.width_px * share, MOST_PX), min(whole.height_px * share, MOST_PX))
    return replace(picture, size=size, zoom=picture.zoom * share, scale=1.0)


def position_of(wish: Wish, source: Source) -> float:
    """The position that a picture shows; of what shows several, one of them.

    Raises:
        RecordingError: the recording has no such moment.
    """
    if wish.kind in ANIMATIONS:
        return float(source.events) if wish.part is Part.WHOLE else source.position
    if wish.kind is Kind.STORYBOARD:
        return position_at(source.recording, When.FIRST_LOSS.value) if wish.every_loss else source.position
    if wish.when is When.EVENT:
        return position_at(source.recording, str(wish.event))
    return source.position if wish.when is When.NOW else position_at(source.recording, wish.when.value)


def stills_of(wish: Wish) -> int | None:
    """How many moments a storyboard shows; None: all at which updates are lost."""
    return None if wish.every_loss else wish.stills


def motion_of(wish: Wish, source: Source) -> Motion:
    """How an animation moves."""
    start, end = 0.0, float(source.events)
    if wish.part is Part.ONWARDS:
        start = source.position
    elif wish.part is Part.AROUND:
        start, end = max(start, source.position - AROUND), min(end, source.position + AROUND)
    return Motion(start=f"{start:.12g}", end=f"{end:.12g}", seconds=wish.seconds or None)


def suffix_of(kind: Kind) -> str:
    """How the name of such a file ends."""
    return _SUFFIXES.get(kind, f".{kind.value}")


def proposed_name(wish: Wish, source: Source) -> str:
    """A name for the file that tells what is in it."""
    what = re.sub(r"[^\w.-]+", "-", Path(source.recording.header.what).stem).strip("-.") or "run"
    parts = [what]
    if wish.kind in PICTURES:
        parts += [view_of(wish).value, f"event-{int(position_of(wish, source))}"]
    elif wish.kind in ANIMATIONS:
        parts.append(view_of(wish).value)
    elif wish.kind is not Kind.PAGE:
        parts.append(wish.kind.value)
    return "-".join(parts) + suffix_of(wish.kind)


def obstacle(kind: Kind) -> str:
    """Why such a file can't be made here, one sentence, or empty."""
    if kind is Kind.MP4 and find_spec("av") is None:
        return _("Videos need PyAV, which is not installed.")
    return ""


def pixels_of(wish: Wish) -> tuple[int, int]:
    """Width and height of the image that is written.

    Raises:
        RecordingError: its size is out of range.
    """
    picture = picture_of(wish)
    whole = picture.whole
    return round(whole.width_px * picture.scale), round(whole.height_px * picture.scale)


def in_unit(length: float, in_mm: bool) -> float:
    """A length of the other unit in millimetres, or else in pixels."""
    return round(length / PX_PER_MM if in_mm else length * PX_PER_MM)
