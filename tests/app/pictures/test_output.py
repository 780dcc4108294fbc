"""Pictures as files: their sizes, their vectors and texts, and that they are the same every time."""

import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QTransform

from dictrace.app.pictures.output import bytes_of, image_of, write
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.app.pictures.subject import Subject
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import file_of_race, subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")
SVG = "{http://www.w3.org/2000/svg}"
SIZES = (Size(640, 360), Size(1000, 700), Size(160, 90, in_mm=True))


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return subject_of_race(tmp_path)


def streams_of(pdf: bytes) -> list[bytes]:
    """The unpacked streams of a PDF."""
    found = re.findall(rb"/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return [zlib.decompressobj().decompress(stream) for stream in found]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("view", View)
def test_every_view_has_the_right_size_in_every_format(subject: Subject, view: View, size: Size) -> None:
    picture = Picture(view, size, scale=2)
    image = QImage.fromData(bytes_of(subject, 30, picture, ".png"))
    assert (image.width(), image.height()) == (round(2 * size.width_px), round(2 * size.height_px))
    assert image.dotsPerMeterX() == pytest.approx(2 * 96 / 0.0254, abs=1)
    root = ElementTree.fromstring(bytes_of(subject, 30, picture, ".svg"))
    unit = "mm" if size.in_mm else ""
    assert (root.get("width"), root.get("height")) == (f"{size.width:g}{unit}", f"{size.height:g}{unit}")
    left, top, width, height = map(float, (root.get("viewBox") or "").split())
    assert (left, top, width, height) == (0, 0, *(pytest.approx(length, abs=0.01) for length in sides(size)))
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", bytes_of(subject, 30, picture, ".pdf"))
    assert box is not None
    assert [float(number) for number in box.groups()] == [pytest.approx(n * 0.75, abs=0.01) for n in sides(size)]


def sides(size: Size) -> tuple[float, float]:
    return size.width_px, size.height_px


@pytest.mark.parametrize("view", View)
def test_vectors_hold_no_images_and_their_texts_are_texts(subject: Subject, view: View) -> None:
    root = ElementTree.fromstring(bytes_of(subject, 30, Picture(view), ".svg"))
    assert not root.findall(f".//{SVG}image")
    assert not root.findall(f".//{SVG}pattern")
    words = [element.text or "" for element in root.iter(f"{SVG}text")]
    assert any("3 real processes" in text for text in words)
    pdf = bytes_of(subject, 30, Picture(view), ".pdf")
    assert b"/Subtype /Image" not in pdf
    assert pdf.count(b"/ToUnicode") >= 1
    assert any(b" Tj" in stream or b" TJ" in stream for stream in streams_of(pdf))


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_two_processes_write_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    recording = file_of_race(tmp_path)
    paths = [tmp_path / f"{name}{suffix}" for name in ("one", "two")]
    for path in paths:
        subprocess.run(
            [sys.executable, "-m", "dictrace.app", "picture", recording, "-o", path, "--at", "first-loss"], check=True
        )
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_transparent_pictures_have_no_background(subject: Subject) -> None:
    assert image_of(subject, 30, Picture(transparent=True)).pixelColor(1, 1).alpha() == 0
    assert image_of(subject, 30, Picture()).pixelColor(1, 1).alpha() == 255


def test_a_bare_picture_does_not_say_where_it_comes_from(subject: Subject) -> None:
    svg = bytes_of(subject, 30, Picture(bare=True, caption="Two of them"), ".svg").decode()
    assert "real processes ·" not in svg
    assert "Two of them</text>" in svg


def test_another_ending_is_refused(subject: Subject, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"\.png, \.svg or \.pdf"):
        write(subject, 1, Picture(), tmp_path / "picture.gif")
    assert list(tmp_path.glob("*.gif")) == []


@pytest.mark.parametrize("view", View)
def test_a_picture_too_small_for_its_texts_shows_all_of_them_smaller(subject: Subject, view: View) -> None:
    small, large = (bytes_of(subject, 30, Picture(view, Size(100 / n, 66 / n)), ".svg") for n in (1, 0.95**7))
    assert texts_in(large)
    assert set(texts_in(large)) <= set(texts_in(small))


@pytest.mark.parametrize("size", [Size(480, 270), Size(1600, 300), Size(300, 800), Size(960, 540)], ids=str)
@pytest.mark.parametrize("view", View)
def test_no_text_is_cut_by_the_edge(subject: Subject, view: View, size: Size) -> None:
    inside = QRectF(1, 1, size.width - 2, size.height - 2)
    for position in (subject.losses[0], len(subject.recording.events)):
        root = ElementTree.fromstring(bytes_of(subject, position, Picture(view, size), ".svg", embed=False))
        for text, room in rooms_of_texts(root, QTransform()):
            assert inside.contains(room), text


def rooms_of_texts(element: ElementTree.Element, outer: QTransform) -> Iterator[tuple[str, QRectF]]:
    """Every text and where it is, from its baseline up."""
    matrix = re.match(r"matrix\((.*)\)", element.get("transform", ""))
    numbers = map(float, matrix[1].split(",")) if matrix else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    to_picture = QTransform(*numbers) * outer
    if element.tag == f"{SVG}text":
        x, baseline, width, height = (float(element.get(name, "")) for name in ("x", "y", "textLength", "font-size"))
        yield element.text or "", to_picture.mapRect(QRectF(x, baseline - 0.75 * height, width, 0.75 * height))
    for child in element:
        yield from rooms_of_texts(child, to_picture)


def texts_in(svg: bytes) -> list[str]:
    """All but the numbers on cells, which are there where cells have the pixels for them."""
    texts = [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    return [text for text in texts if not text.isdigit()]
