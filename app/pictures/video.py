"""Animations as MP4, with PyAV: H.264 as every browser and every presentation plays it."""

from fractions import Fraction
from typing import IO

import av
import numpy as np

from dictrace.app.pictures.reel import Reel

QUALITY = 16
"""Constant rate factor: how much may be lost; 0 is nothing, 18 can hardly be seen."""

_THREADS = 1  # with more, what comes out is not always the same
_BT709 = 1


def write_mp4(file: IO[bytes], reel: Reel) -> None:
    """Write all of the animation; an odd last row or column is shown twice, as H.264 needs even sides."""
    height, width = reel.height_px, reel.width_px
    with av.open(file.name, "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as movie:
        stream = movie.add_stream("libx264", rate=Fraction(reel.fps).limit_denominator(1000))
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        stream.options = {"crf": str(QUALITY), "preset": "medium", "tune": "animation", "threads": str(_THREADS)}
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = 1
        for shot in reel.shots:
            pixels = np.frombuffer(shot.pixels, np.uint8).reshape(height, width, 4)
            even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
            picture = av.VideoFrame.from_ndarray(even, format="rgba")
            frame = picture.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            for _frame in range(shot.frames):
                frame.pts = None
                movie.mux(stream.encode(frame))
        movie.mux(stream.encode())
