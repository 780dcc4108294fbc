"""The beginning of a run is painted as its Frame tells it: main program, server, what travels, absent workers."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from PySide6.QtCore import QRectF

from dictrace.engine.frame import Packet, ServerState
from dictrace.engine.recording import Recording
from dictrace.widgets import (
    opening_painter,
    packet_painter,
    process_painter,
    server_painter,
)
from dictrace.widgets.stage_layout import lay_out
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import (
    HEIGHT,
    WIDTH,
    frame_with_loss,
    opening_frame,
    painted,
    share_of,
)

OPENING = (
    (ServerState.ABSENT, None),
    (ServerState.STARTING, None),
    (ServerState.UP, Packet(-1, False, "its address", 0.5, False)),
)


@pytest.mark.parametrize(("server", "packet"), OPENING)
def test_the_beginning_is_told_in_words(
    words: Callable[[ModuleType], list[str]], recording: Recording, server: ServerState, packet: Packet | None
) -> None:
    by_server, by_opening = words(server_painter), words(opening_painter)
    by_packet, by_process = words(packet_painter), words(process_painter)
    painted(opening_frame(recording, server, packet), recording)
    expected = {ServerState.ABSENT: "not started", ServerState.STARTING: "starting", ServerState.UP: "PID 1001"}
    assert ["Manager server", expected[server]] == by_server[:2]
    assert by_opening == ["Main program", "PID 1000"]
    assert by_packet == ([packet.text] if packet else [])
    assert by_process.count("not started") == len(recording.workers)
    assert "no private copy" not in by_process


@pytest.mark.parametrize("up", [False, True])
def test_what_travels_to_the_main_program_moves_along_the_pipe(recording: Recording, up: bool) -> None:
    way = opening_painter.pipe(lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0))
    for progress in (0.0, 1.0):
        packet = Packet(-1, up, "its address", progress, False)
        image = painted(opening_frame(recording, ServerState.UP, packet), recording)
        here, away = (way.p1(), way.p2()) if up is (progress == 1.0) else (way.p2(), way.p1())
        assert share_of(image, LIGHT.text, QRectF(here.x() - 20, here.y() - 8, 40, 16)) > 0.4
        assert share_of(image, LIGHT.text, QRectF(away.x() - 20, away.y() - 8, 40, 16)) == 0


def test_main_program_and_pipe_are_gone_once_the_run_has_begun(recording: Recording) -> None:
    frame = replace(frame_with_loss(recording), losses=())
    assert frame.opening is None
    aside = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0).aside
    assert share_of(painted(frame, recording), LIGHT.panel, aside) == 1


def test_only_connected_processes_have_a_wire(recording: Recording) -> None:
    whole = replace(frame_with_loss(recording), losses=(), packets=())
    first, *others = whole.processes
    image = painted(replace(whole, processes=(replace(first, connected=False), *others)), recording)
    wires = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0).wires
    middles = [wire.path.pointAtPercent(0.5) for wire in wires]
    rooms = [QRectF(middle.x() - 4, middle.y() - 4, 8, 8) for middle in middles]
    assert [share_of(image, LIGHT.panel, room) == 1 for room in rooms] == [True, False, False, False]
