"""Animations as WebP, without loss: texts and lines stay as sharp as they were painted."""

from collections.abc import Iterator
from typing import IO

from PIL import Image

from dictrace.app.pictures.reel import Reel

TICKS_PER_S = 1000


def write_webp(file: IO[bytes], reel: Reel) -> None:
    """Write all of the animation."""
    frames = _Frames(reel)
    frames.save(
        file,
        "WEBP",
        save_all=True,
        duration=frames.durations_ms,
        loop=0 if reel.loops else 1,
        lossless=True,
        quality=75,
        method=2,
    )


class _Frames(Image.Image):
    """An image of many frames that has only one of them in memory, and can only be read once, from the first on."""

    def __init__(self, reel: Reel) -> None:
        super().__init__()
        self._mode, self._size = "RGB", (reel.width_px, reel.height_px)
        self._shots: Iterator[tuple[bytes, int]] = reel.timed(TICKS_PER_S)
        self._frame = -1
        self.n_frames = reel.count
        self.durations_ms: list[int] = []

    def seek(self, frame: int) -> None:
        """Take the next frame; the encoder goes back to the first when it is done with all of them."""
        if frame > self._frame:
            pixels, ticks = next(self._shots)
            self.im = Image.frombytes("RGB", self.size, pixels, "raw", "RGBX").im
            self.durations_ms.append(ticks)
            self._frame = frame
