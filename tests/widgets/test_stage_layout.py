"""The stage's parts have rooms that never overlap, whatever the size and however many processes."""

from itertools import combinations

import pytest
from PySide6.QtCore import QRectF

from dictrace.widgets.stage_layout import LEAST_LINE_HEIGHT, MOST_ENLARGED, CardKind, enlargement, lay_out

SIZES = ((1340, 560), (980, 330), (870, 390), (680, 250), (500, 220), (320, 146))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("processes", [1, 2, 4, 7, 16, 64])
@pytest.mark.parametrize(("cells", "locks"), [((100,), 0), ((1,), 0), ((1, 400), 1), ((10_000,), 2), ((), 0)])
def test_rooms_do_not_overlap(size: tuple[int, int], processes: int, cells: tuple[int, ...], locks: int) -> None:
    rect = QRectF(0, 0, *size)
    layout = lay_out(rect, processes, cells, locks)
    boxes = layout.processes
    assert len(boxes) == len(layout.wires) == processes
    assert all(rect.contains(box) for box in (layout.server, *boxes))
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    assert not any(layout.server.intersects(box) or layout.aside.intersects(box) for box in boxes)
    assert not layout.server.intersects(layout.aside)
    assert layout.aside.right() <= rect.right()
    assert layout.wires_height >= 29
    assert all(layout.server.adjusted(-1, -1, 1, 1).contains(field) for field in layout.fields)
    assert not any(field.intersects(layout.lock) for field in layout.fields)


@pytest.mark.parametrize(
    ("size", "processes", "kind"),
    [
        ((1340, 560), 4, CardKind.CARD),
        ((1340, 560), 14, CardKind.CARD),
        ((870, 390), 16, CardKind.COMPACT),
        ((1340, 560), 64, CardKind.LANE),
        ((870, 390), 64, CardKind.CHIP),
    ],
)
def test_processes_are_shown_as_richly_as_the_room_allows(
    size: tuple[int, int], processes: int, kind: CardKind
) -> None:
    assert lay_out(QRectF(0, 0, *size), processes, (100,), 0).kind is kind


def test_wires_lead_from_the_server_to_above_each_process() -> None:
    layout = lay_out(QRectF(0, 0, 870, 390), 16, (100,), 0)
    for box, wire in zip(layout.processes, layout.wires, strict=True):
        start, end = wire.path.pointAtPercent(0), wire.path.pointAtPercent(1)
        assert start.y() == pytest.approx(layout.server.bottom())
        assert layout.server.left() < start.x() < layout.server.right()
        lower = box.top() > layout.processes[0].top()
        assert wire.tail.isEmpty() is not lower
        assert end.x() == pytest.approx(box.left() - 4 if lower else box.center().x())


def test_a_field_of_one_key_beside_others_takes_one_line() -> None:
    small, large = lay_out(QRectF(0, 0, 1340, 560), 4, (1, 100), 0).fields
    assert small.height() == 20
    assert large.height() > 60
    assert small.bottom() == pytest.approx(large.top())


@pytest.mark.parametrize("height", range(200, 600, 40))
def test_of_too_many_fields_as_many_are_shown_as_can_be_read(height: int) -> None:
    layout = lay_out(QRectF(0, 0, 700, height), 4, (1, 8) * 6, 0)
    heights = [field.height() for field in layout.fields]
    shown = sum(height >= LEAST_LINE_HEIGHT for height in heights)
    assert all(height >= LEAST_LINE_HEIGHT for height in heights[:shown])
    assert shown
    line = LEAST_LINE_HEIGHT if shown < len(heights) else 0.0
    bottoms = [field.bottom() for field in layout.fields[:shown]]
    assert max(bottoms, default=layout.server.top()) + line <= layout.server.bottom() + 0.01


@pytest.mark.parametrize("processes", [0, 2, 4, 16, 64])
@pytest.mark.parametrize("size", [(640, 330), (935, 330), (1900, 700), (3160, 1130), (6000, 3000)])
def test_a_stage_with_room_to_spare_is_larger_but_says_no_less(size: tuple[int, int], processes: int) -> None:
    width, height = size
    scale = enlargement(width, height, processes)
    assert 1.0 <= scale <= MOST_ENLARGED
    usual = lay_out(QRectF(0, 0, width, height), processes, (100,), 0)
    larger = lay_out(QRectF(0, 0, width / scale, height / scale), processes, (100,), 0)
    assert larger.kind is usual.kind


def test_a_usual_stage_is_as_large_as_the_zoom_says() -> None:
    assert enlargement(935, 330, 4) == 1.0
    assert enlargement(3160, 1130, 4) == 2.0
