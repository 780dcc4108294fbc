"""A picture opens again; a foreign, damaged or malicious one is refused in one sentence."""

import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from dictrace.app.pictures import embedding
from dictrace.app.pictures.embedding import CHUNK, Shown, embedded_in, into_png, into_svg
from dictrace.app.pictures.output import write
from dictrace.app.pictures.picture import Picture, View
from dictrace.app.pictures.subject import Subject
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import file_of_race, lines_of_race, subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")
SUFFIXES = (".png", ".svg")


@pytest.fixture(params=SUFFIXES)
def picture(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A picture of the history after event 17."""
    path = tmp_path / f"figure{request.param}"
    write(subject_of_race(tmp_path), 17.5, Picture(View.HISTORY, dark=True, caption="So"), path)
    return path


def test_a_picture_holds_the_recording_and_what_it_shows(picture: Path) -> None:
    found = embedded_in(picture)
    assert found is not None
    assert found.lines == lines_of_race()
    assert found.shown == Shown(17.5, Picture(View.HISTORY, dark=True, caption="So"))
    subject = Subject.opened(picture)
    assert len(subject.recording.events) == len(Subject.opened(file_of_race(picture.parent)).recording.events)
    assert subject.shown == found.shown


def test_a_recording_is_no_picture(tmp_path: Path) -> None:
    assert embedded_in(file_of_race(tmp_path)) is None
    assert embedded_in(tmp_path / "missing.png") is None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_picture_without_a_recording_says_so(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"figure{suffix}"
    write(subject_of_race(tmp_path), 17, Picture(), path, embed=False)
    with pytest.raises(RecordingError, match="without a recording"):
        embedded_in(path)


def test_no_damage_goes_unnoticed(picture: Path) -> None:
    """Wherever a byte of the embedded recording is changed, or the file is cut: a sentence, or what was embedded."""
    whole = picture.read_bytes()
    start = whole.find(CHUNK) if picture.suffix == ".png" else whole.find(b"<metadata")
    expected = embedded_in(picture)
    for at in range(start, start + 1600, 37):
        picture.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with suppress(RecordingError):
            assert embedded_in(picture) == expected
        picture.write_bytes(whole[:at])
        with pytest.raises(RecordingError):
            embedded_in(picture)
    picture.write_bytes(whole)
    assert embedded_in(picture) == expected


@pytest.mark.parametrize("into", [into_png, into_svg])
def test_what_unpacks_to_too_much_is_not_unpacked(
    into: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding, "MOST_BYTES", 100_000)
    bomb = zlib.compress(b'{"position":1,"picture":{}}\n' + bytes(10_000_000))
    suffix = ".png" if into is into_png else ".svg"
    path = tmp_path / f"figure{suffix}"
    write(subject_of_race(tmp_path), 17, Picture(), path, embed=False)
    assert callable(into)
    path.write_bytes(into(path.read_bytes(), bomb))
    with pytest.raises(RecordingError, match="too large"):
        embedded_in(path)


def test_a_large_recording_is_not_embedded_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "MOST_BYTES", 1000)
    with pytest.raises(RecordingError, match="--no-embed"):
        write(subject_of_race(tmp_path), 17, Picture(), tmp_path / "figure.png")


@pytest.mark.parametrize("first", [b"", b"{}", b"[]", b"\xff", b'{"position":1,"picture":{"scale":9}}', b"[" * 100_000])
def test_what_can_not_be_shown_is_damaged(first: bytes, tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    write(subject_of_race(tmp_path), 17, Picture(), path, embed=False)
    path.write_bytes(into_png(path.read_bytes(), zlib.compress(first + b"\n" + lines_of_race())))
    with pytest.raises(RecordingError, match="damaged"):
        embedded_in(path)


def test_a_chunk_that_claims_too_much_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    path.write_bytes(embedding.PNG_MAGIC + struct.pack(">I4s", 0x7FFFFFFF, CHUNK) + b"abc")
    with pytest.raises(RecordingError, match="damaged"):
        embedded_in(path)


@pytest.mark.parametrize("letters", [b"!!", b"<b/>"])
def test_foreign_letters_in_an_svg_are_damage(letters: bytes, tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    write(subject_of_race(tmp_path), 17, Picture(), path)
    before, start, after = path.read_bytes().partition(b'<metadata id="dictrace">')
    path.write_bytes(before + start + after[:50] + letters + after[50 + len(letters) :])
    with pytest.raises(RecordingError, match="damaged"):
        embedded_in(path)


def test_the_smallest_svg_is_a_foreign_picture(tmp_path: Path) -> None:
    path = tmp_path / "figure.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(RecordingError, match="without a recording"):
        embedded_in(path)
