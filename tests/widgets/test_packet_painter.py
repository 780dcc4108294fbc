"""Packets say what they carry and never hide each other."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from types import ModuleType

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.frame import Packet
from dictrace.engine.recording import Recording
from dictrace.widgets import (
    packet_painter,
    stage_painter,
)
from tests.widgets.frames import (
    frame_with_loss,
    painted,
)


@pytest.mark.parametrize("width", [1240, 870, 640])
@pytest.mark.parametrize(
    "progress", [(1.0, 1.0, 1.0, 1.0), (1.0, 0.9, 0.6, 1.0), (0.5, 0.9, 1.0, 0.4), (0.8, 0.8, 0.8, 0.8)]
)
def test_packets_do_not_hide_each_other(
    monkeypatch: pytest.MonkeyPatch, recording: Recording, width: int, progress: tuple[float, ...]
) -> None:
    boxes: list[QRectF] = []

    def watched(_painter: QPainter, centre: QPointF, _packet: Packet, said: str, *_more: object) -> None:
        box = QRectF(0, 0, packet_painter.packet_width(said), 22)
        box.moveCenter(centre)
        boxes.append(box)

    monkeypatch.setattr(stage_painter, "paint_packet", watched)
    packets = tuple(Packet(process, True, "set 'test'", progress[process], True) for process in range(4))
    painted(replace(frame_with_loss(recording), packets=packets, losses=()), recording, width, 390)
    assert len(boxes) == 4
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))


def test_a_packet_alone_says_what_it_carries(words: Callable[[ModuleType], list[str]], recording: Recording) -> None:
    packets = (Packet(1, True, "set 'test'", 0.5, True),)
    drawn = words(packet_painter)
    for size in ((1240, 520), (870, 300), (600, 300)):
        painted(replace(frame_with_loss(recording), packets=packets, losses=()), recording, *size)
    assert drawn == ["set 'test' · stale", "set 'test' · stale", "set 'test'"]
