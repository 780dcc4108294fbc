"""Drawings look in other programs as pictures do here: SVG in Chromium, PDF in Poppler."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageFilter

from dictrace.app.pictures.output import bytes_of
from dictrace.app.pictures.picture import Picture, Size, View
from dictrace.app.pictures.subject import Subject
from tests.app.browser import Browser
from tests.app.pictures.subjects import subject_of_race

pytestmark = pytest.mark.usefixtures("qapp")
WIDTH, HEIGHT = 640, 360
SHIFT_PX = 2
"""So far a line of text may be off, as each program rounds by itself."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as browser:
        browser.size(WIDTH, HEIGHT)
        yield browser


@pytest.fixture
def subject(tmp_path: Path) -> Subject:
    return subject_of_race(tmp_path)


def off(one: bytes, other: bytes) -> npt.NDArray[np.float64]:
    """How far two pictures are apart, per pixel, where edges and the shapes of letters don't count."""
    smooth = ImageFilter.BoxBlur(SHIFT_PX)
    seen = [Image.open(BytesIO(png)).convert("RGB") for png in (one, other)]
    assert seen[0].size == seen[1].size == (WIDTH, HEIGHT)
    first, second = (np.asarray(image.filter(smooth), float) for image in seen)
    apart: npt.NDArray[np.float64] = np.abs(first - second).max(axis=2)
    return apart


def looks_the_same(one: bytes, other: bytes) -> bool:
    apart = off(one, other)
    return bool(apart.mean() < 6 and np.percentile(apart, 99.5) < 50 and (apart > 80).mean() < 0.001)


def drawn(subject: Subject, view: View, dark: bool, suffix: str) -> bytes:
    return bytes_of(subject, subject.losses[1], Picture(view, Size(WIDTH, HEIGHT), dark=dark), suffix)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", View)
def test_svg_in_chromium(subject: Subject, browser: Browser, tmp_path: Path, view: View, dark: bool) -> None:
    path = tmp_path / "figure.svg"
    path.write_bytes(drawn(subject, view, dark, ".svg"))
    browser.open(path)
    assert looks_the_same(browser.picture(), drawn(subject, view, dark, ".png"))
    assert browser.errors == []


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler-utils is not installed")
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", View)
def test_pdf_in_poppler(subject: Subject, tmp_path: Path, view: View, dark: bool) -> None:
    path = tmp_path / "figure.pdf"
    path.write_bytes(drawn(subject, view, dark, ".pdf"))
    subprocess.run(["pdftoppm", "-r", "96", "-png", "-singlefile", path, tmp_path / "figure"], check=True)
    assert looks_the_same((tmp_path / "figure.png").read_bytes(), drawn(subject, view, dark, ".png"))
    said = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    assert "3 real processes" in said


def test_another_moment_does_not_look_the_same(subject: Subject) -> None:
    one = drawn(subject, View.STAGE, False, ".png")
    picture = Picture(View.STAGE, Size(WIDTH, HEIGHT))
    assert not looks_the_same(one, bytes_of(subject, len(subject.recording.events), picture, ".png"))
