"""What a wish comes to: sizes, names, moments, motions."""

from pathlib import Path

import msgspec
import pytest

from dictrace.app.exporting.plan import (
    Source,
    motion_of,
    picture_of,
    position_of,
    preview_of,
    proposed_name,
    size_of,
)
from dictrace.app.exporting.wish import Kind, Part, Sizing, When, Wish
from dictrace.app.pictures.picture import USUAL_SIZES, ZOOMS, Picture, Size, View
from dictrace.engine.recording import RecordingError
from tests.app.pictures.subjects import subject_of_race


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(subject_of_race(tmp_path).recording, 21.5)


@pytest.mark.parametrize("sizing", Sizing)
@pytest.mark.parametrize("view", View)
def test_every_view_has_room_for_its_usual_detail_in_every_size(view: View, sizing: Sizing) -> None:
    size, zoom = size_of(Wish(view=view.value, sizing=sizing))
    assert ZOOMS[0] <= zoom <= ZOOMS[1]
    usual = USUAL_SIZES[view]
    if sizing in (Sizing.SLIDE, Sizing.README) and zoom > 0.75:
        assert size.width_px / zoom >= 0.97 * usual.width_px
        assert size.height_px / zoom >= 0.97 * usual.height_px


def test_view_of_a_newer_version_counts_as_the_stage() -> None:
    assert picture_of(Wish(view="hologram")).view is View.STAGE


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        (Wish(), "fetch-mutate-commit-stage-event-21.png"),
        (Wish(kind=Kind.SVG, view="why", when=When.EVENT, event=7), "fetch-mutate-commit-why-event-7.svg"),
        (Wish(kind=Kind.GIF, view="window"), "fetch-mutate-commit-window.gif"),
        (Wish(kind=Kind.COMMITS), "fetch-mutate-commit-commits.csv"),
        (Wish(kind=Kind.TRACE), "fetch-mutate-commit-trace.json"),
        (Wish(kind=Kind.PAGE), "fetch-mutate-commit.html"),
    ],
)
def test_name_tells_what_is_in_the_file(source: Source, wish: Wish, name: str) -> None:
    source.recording.header = msgspec.structs.replace(source.recording.header, what="fetch-mutate-commit")
    assert proposed_name(wish, source) == name


@pytest.mark.parametrize(
    ("what", "name"), [("../a dir/my script.py", "my-script.html"), ("..", "run.html"), ("竞争.py", "竞争.html")]
)
def test_name_of_a_script_is_made_one_of_a_file(source: Source, what: str, name: str) -> None:
    source.recording.header = msgspec.structs.replace(source.recording.header, what=what)
    assert proposed_name(Wish(kind=Kind.PAGE), source) == name


def test_moments_are_those_of_the_recording(source: Source) -> None:
    losses = source.recording.history.losses.events
    assert position_of(Wish(), source) == 21.5
    assert position_of(Wish(when=When.FIRST_LOSS), source) == losses[0]
    assert position_of(Wish(when=When.END), source) == source.events
    with pytest.raises(RecordingError, match="after the end"):
        position_of(Wish(when=When.EVENT, event=source.events + 1), source)


@pytest.mark.parametrize(("part", "start", "end"), [(Part.ONWARDS, "21.5", None), (Part.AROUND, "11.5", "31.5")])
def test_animation_of_a_part_is_told_in_moments(source: Source, part: Part, start: str, end: str | None) -> None:
    motion = motion_of(Wish(kind=Kind.GIF, part=part, seconds=3), source)
    assert (motion.start, motion.end, motion.seconds) == (start, end or str(source.events), 3)


@pytest.mark.parametrize("sharpness", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("size", [Size(8192, 64), Size(1920, 1080), Size(64, 8192), Size(160, 47, in_mm=True)], ids=str)
def test_preview_has_the_same_shape_and_as_much_in_it(size: Size, sharpness: float) -> None:
    picture = Picture(size=size, zoom=1.5, caption="a", dark=True)
    small = preview_of(picture, 500 * sharpness, 300 * sharpness, sharpness)
    share = small.zoom / picture.zoom
    assert small.whole.width_px == pytest.approx(share * size.width_px)
    assert small.whole.height_px == pytest.approx(share * size.height_px)
    assert (small.caption, small.dark) == ("a", True)
