"""Animations as GIF: one palette for all frames, and of each frame only what differs from the one before."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.GifImagePlugin import getdata, getheader

from dictrace.app.pictures.reel import Reel

TICKS_PER_S = 100
MOST_FPS = 50.0
"""Players take a frame of less than two ticks for a mistake, and show it much longer."""

CLEAR = 255
"""Number of the colour that leaves a pixel as it is; the others are in the palette."""

EXACT = 160
"""So many of the most frequent colours are kept: areas, lines, texts. Most others lie between two of these."""

_RGB = 0xFFFFFF
_WEIGHTS = np.array((2, 4, 3))  # how well the eye tells red, green and blue apart

Colours = npt.NDArray[np.uint32]
Numbers = npt.NDArray[np.uint8]


class Palette:
    """The colours of a GIF, and which of them stands for any other.

    Attributes:
        rgb: 255 colours, shape (255, 3).
    """

    def __init__(self, samples: list[Colours]) -> None:
        found, counts = np.unique(np.concatenate([sample.ravel() for sample in samples]), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        exact, others = found[order[:EXACT]], order[EXACT:]
        self.rgb = _rgb(exact)
        if len(others):
            # A few pixels of a colour are as good a reason for it as an area.
            weights = np.minimum(counts[others], 32)
            mixed = Image.fromarray(_rgb(np.repeat(found[others], weights)).astype(np.uint8)[np.newaxis])
            reduced = mixed.quantize(CLEAR - len(exact), Image.Quantize.MEDIANCUT).getpalette() or []
            self.rgb = np.concatenate([self.rgb, np.array(reduced).reshape(-1, 3)])
        self._numbers = np.full(_RGB + 1, -1, np.int16)

    def numbers_of(self, colours: Colours) -> Numbers:
        """The number of the nearest colour of each pixel; the same colour has the same number in every frame."""
        unknown = np.unique(colours[self._numbers[colours] < 0])
        if len(unknown):
            away = ((_rgb(unknown)[:, np.newaxis] - self.rgb) ** 2 * _WEIGHTS).sum(axis=2)
            self._numbers[unknown] = away.argmin(axis=1)
        return self._numbers[colours].astype(np.uint8)

    @property
    def flat(self) -> list[int]:
        """Red, green and blue of one colour after the other."""
        numbers: list[int] = self.rgb.ravel().tolist()
        return numbers


@dataclass(slots=True)
class _Part:
    """A part of the picture that changes, where it is, and how long it stays so."""

    numbers: Numbers
    left_px: int
    top_px: int
    ticks: int


def write_gif(file: IO[bytes], reel: Reel) -> None:
    """Write all of the animation."""
    shape = reel.height_px, reel.width_px
    palette = Palette([_colours(pixels, shape) for pixels in reel.sample()])
    loops = {"loop": 0} if reel.loops else {}
    begun = False
    for part in _parts(reel, shape, palette):
        image = Image.fromarray(part.numbers)
        image.putpalette(palette.flat)
        if not begun:
            file.writelines(getheader(image, info={"transparency": CLEAR, **loops})[0])
            begun = True
        place = part.left_px, part.top_px
        file.writelines(getdata(image, place, duration=10 * part.ticks, transparency=CLEAR, disposal=1))
    file.write(b";")


def _parts(reel: Reel, shape: tuple[int, int], palette: Palette) -> Iterator[_Part]:
    """The first picture, then of each only the box that changes, clear where it doesn't."""
    waiting: _Part | None = None
    shown: Numbers = np.zeros(shape, np.uint8)
    before: Colours = np.zeros(shape, np.uint32)
    for pixels, ticks in reel.timed(TICKS_PER_S):
        colours = _colours(pixels, shape)
        box = (slice(0, shape[0]), slice(0, shape[1])) if waiting is None else _box(colours != before)
        before = colours
        numbers = palette.numbers_of(colours[box])
        same = numbers == shown[box]
        if waiting is not None and same.all():
            waiting.ticks += ticks
            continue
        if waiting is None:
            part = numbers
        else:
            yield waiting
            part = np.where(same, np.uint8(CLEAR), numbers)
        shown[box] = numbers
        waiting = _Part(part, box[1].start, box[0].start, ticks)
    if waiting is not None:
        yield waiting


def _box(changed: npt.NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and columns from the first to the last change."""
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    if not len(rows):
        return slice(0, 0), slice(0, 0)
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _colours(pixels: bytes, shape: tuple[int, int]) -> Colours:
    """Each pixel as one number, its red in the lowest byte."""
    return np.frombuffer(pixels, "<u4").reshape(shape) & np.uint32(_RGB)


def _rgb(colours: Colours) -> npt.NDArray[np.int64]:
    """Red, green and blue of each colour, shape (…, 3)."""
    return np.stack([(colours >> shift & 0xFF).astype(np.int64) for shift in (0, 8, 16)], axis=-1)
