"""What an animation is made of once it is painted: pictures one after the other, each shown for some frames."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """One picture: `pixels` row by row, red, green, blue and a byte of no meaning; shown for so many frames."""

    pixels: bytes
    frames: int


@dataclass(frozen=True, slots=True, eq=False)
class Reel:
    """All of an animation.

    Attributes:
        width_px, height_px: size of every picture.
        fps: frames per second.
        loops: at its end it begins again.
        count: number of shots.
        shots: the shots, each once; they are painted while they are asked for.
        sample: paints a few of them, for what must be known of all before the first is written.
    """

    width_px: int
    height_px: int
    fps: float
    loops: bool
    count: int
    shots: Iterator[Shot]
    sample: Callable[[], Iterable[bytes]]

    def timed(self, per_second: int) -> Iterator[tuple[bytes, int]]:
        """Pixels and duration in ticks, `per_second` of them; rounded so that errors never add up."""
        frames = 0
        for shot in self.shots:
            begun = round(frames * per_second / self.fps)
            frames += shot.frames
            yield shot.pixels, round(frames * per_second / self.fps) - begun
