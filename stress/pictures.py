"""Damaged and malicious pictures that carry a recording."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

from dictrace.app.pictures.embedding import embedded_in, into_png, into_svg, payload_of
from dictrace.app.pictures.picture import Picture
from dictrace.engine.files import Reader
from dictrace.engine.recording import RecordingError
from stress.recordings import fuzzed, real_recordings
from stress.table import Trial
from tests.engine.fuzzing import assert_sentence, damaged

TIMES = 20_000
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0IEND\xaeB`\x82"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><defs></defs></svg>'


def trials() -> Iterator[Trial]:
    """Bytes of the picture changed, or of what is embedded in it before it is embedded."""
    good = list(real_recordings())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "figure")
        yield fuzzed("pictures", "damaged, or with a damaged recording", TIMES, lambda chance: _try(chance, good, path))


def _try(chance: Random, good: list[bytes], path: Path) -> str:
    lines = damaged(chance, good) if chance.random() < 0.5 else chance.choice(good)
    payload = payload_of(lines, chance.choice((0.0, -1.0, 1e300, 5.5)), Picture())
    picture = bytearray(into_png(PNG, payload) if chance.random() < 0.5 else into_svg(SVG, payload))
    for _ in range(chance.choice((0, 1, 1, 4))):
        picture[chance.randrange(len(picture))] = chance.choice((0, 255, chance.randrange(256)))
    path.write_bytes(picture[: len(picture) if chance.random() < 0.8 else chance.randrange(len(picture))])
    try:
        found = embedded_in(path)
        if found is None:
            return "taken for no picture"
        with Reader(path, found.lines) as reader:
            while reader.read_some():
                pass
    except RecordingError as error:
        assert_sentence(str(error))
        return "refused in a sentence"
    return "opened"
