"""The stage shows what its Frame says, at any size: losses, and only they, in vermillion; every process labelled."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import LockChoice
from dictrace.engine.frame import ProcessState, ServerState
from dictrace.engine.recording import Recording
from dictrace.widgets import (
    process_painter,
    server_painter,
)
from dictrace.widgets.icons import Icon
from dictrace.widgets.stage import Stage
from dictrace.widgets.stage_layout import lay_out
from dictrace.widgets.stage_painter import paint_stage
from dictrace.widgets.theme import DARK, LIGHT, Theme, process_colour
from tests.engine.races import race
from tests.widgets.frames import (
    HEIGHT,
    WIDTH,
    context_of,
    crowded,
    frame_where,
    frame_with_loss,
    opening_frame,
    painted,
    picture,
    share_of,
)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(WIDTH, HEIGHT)
    return made


def test_before_a_frame_there_is_one_button_that_runs(qtbot: QtBot, stage: Stage, recording: Recording) -> None:
    stage.show()
    button = stage.findChild(QPushButton)
    assert button is not None
    assert button.isVisible()
    with qtbot.waitSignal(stage.run_requested, timeout=1000):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert share_of(stage.grab().toImage(), LIGHT.lost) > 0, "the empty stage explains what a lost update looks like"
    stage.set_frame(frame_with_loss(recording), context_of(recording))
    assert not button.isVisible()


def test_button_waits_while_a_run_starts(stage: Stage) -> None:
    button = stage.findChild(QPushButton)
    assert button is not None
    stage.set_running(True)
    assert not button.isEnabled()


def test_widget_shows_what_the_painter_paints(stage: Stage, recording: Recording) -> None:
    frame = frame_with_loss(recording)
    stage.set_frame(frame, context_of(recording))
    shown = stage.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    direct = painted(frame, recording).convertToFormat(QImage.Format.Format_RGB32)
    assert share_of(shown, LIGHT.lost) == pytest.approx(share_of(direct, LIGHT.lost), rel=0.2)
    assert share_of(shown, process_colour(0)) == pytest.approx(share_of(direct, process_colour(0)), rel=0.2)
    assert stage.accessibleDescription() == frame.happened


def test_on_a_large_screen_all_of_it_is_painted_twice_as_large(stage: Stage, recording: Recording) -> None:
    frame, context = frame_with_loss(recording), context_of(recording)
    stage.set_frame(frame, context)
    stage.resize(3160, 1140)
    shown = stage.grab().toImage()

    def paint(painter: QPainter, rect: QRectF) -> None:
        painter.scale(2, 2)
        paint_stage(painter, QRectF(0, 0, rect.width() / 2, rect.height() / 2), frame, LIGHT, context)

    direct = picture(paint, 3160, 1140, LIGHT.panel)
    for colour in (LIGHT.lost, process_colour(0), LIGHT.text):
        assert share_of(shown, colour) == pytest.approx(share_of(direct, colour), rel=0.02)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lost_colour_is_in_lost_cells_and_in_the_announcement_only(recording: Recording, theme: Theme) -> None:
    frame = frame_with_loss(recording)
    layout = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0)
    image = painted(frame, recording, theme=theme)
    (lost,) = frame.losses
    cell = recording.history.losses.cells[lost]
    room = layout.grids[0].cell(layout.fields[0].topLeft(), cell).translated(0, 20)
    assert share_of(image, theme.lost, room) > 0.1
    present = int((frame.cells.states == 1).argmax())
    inside = layout.grids[0].cell(layout.fields[0].topLeft(), present).translated(0, 20).adjusted(9, 9, -9, -9)
    assert share_of(image, theme.lost, inside) == 0
    assert share_of(image, theme.lost_fill, layout.aside) > 0.5
    assert all(share_of(image, theme.lost, box) == 0 for box in layout.processes)


def test_announcement_is_gone_at_the_next_event(recording: Recording) -> None:
    frame = replace(frame_with_loss(recording), losses=())
    aside = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0).aside
    assert share_of(painted(frame, recording), LIGHT.panel, aside) == 1


def test_packet_is_where_its_progress_says(recording: Recording) -> None:
    whole = frame_where(recording, lambda frame: bool(frame.packets))
    packet = replace(whole.packets[0], up=True)
    wire = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0).wires[packet.process].path
    for progress in (0.2, 0.8):
        frame = replace(whole, packets=(replace(packet, progress=progress),), losses=())
        image = painted(frame, recording)
        at, away = wire.pointAtPercent(1 - progress), wire.pointAtPercent(progress)
        pill = QRectF(at.x() - 20, at.y() - 8, 40, 16)
        empty = QRectF(away.x() - 20, away.y() - 8, 40, 16)
        assert share_of(image, process_colour(packet.process), pill) > 0.4
        assert share_of(image, process_colour(packet.process), empty) < 0.3


def test_cards_of_usual_runs_cut_no_text(elisions: list[str], recording: Recording) -> None:
    for made in (recording, race(lock=LockChoice.SHARED), race(lock=LockChoice.PRIVATE), race(counter=True)):
        for share in (0.1, 0.4, 0.7, 1.0):
            frame = frame_where(made, lambda f, s=share, m=made: f.event >= s * len(m.events))
            painted(frame, made)
    assert elisions == []


@pytest.mark.parametrize("workers", [2, 4, 16, 64])
@pytest.mark.parametrize("size", [(1240, 520), (870, 390), (640, 260), (320, 146)], ids=str)
def test_every_process_is_labelled_whatever_the_room(
    words: Callable[[ModuleType], list[str]], workers: int, size: tuple[int, int]
) -> None:
    made = race(workers, 80)
    drawn = words(process_painter)
    painted(frame_with_loss(made), made, *size)
    labels = {f"P{n}" for n in range(1, workers + 1)}
    if (workers, size) != (64, (320, 146)):
        assert labels <= set(drawn)


@pytest.mark.parametrize("state", ProcessState)
@pytest.mark.parametrize(("workers", "size"), [(4, (870, 390)), (4, (660, 390)), (4, (560, 300)), (16, (870, 390))])
def test_states_are_told_in_words(
    words: Callable[[ModuleType], list[str]], state: ProcessState, workers: int, size: tuple[int, int]
) -> None:
    made = race(workers, 80)
    frame, lost = frame_with_loss(made), 0 if state is ProcessState.ABSENT else 10
    processes = tuple(replace(view, state=state, copy=None, lost=lost) for view in frame.processes)
    drawn = words(process_painter)
    painted(replace(frame, processes=processes), made, *size)
    assert sum(str(state) in said for said in drawn) == workers


@pytest.mark.parametrize("keys", [1_000, 10_000, 100_000])
def test_any_number_of_keys_becomes_a_field(recording: Recording, keys: int) -> None:
    frame = crowded(frame_with_loss(recording), keys)
    context = replace(context_of(recording), expected_keys=keys)
    image = picture(lambda p, rect: paint_stage(p, rect, frame, LIGHT, context), 870, 390, LIGHT.panel)
    field = lay_out(QRectF(0, 0, 870, 390), 4, (keys,), 0).fields[0].adjusted(0, 20, 0, -4)
    assert share_of(image, LIGHT.lost, field) > 0.08
    assert keys > 10_000 or share_of(image, process_colour(1), field) > 0.02


def test_zoom_scales_everything(stage: Stage, recording: Recording) -> None:
    frame = replace(frame_with_loss(recording), losses=())
    stage.set_theme(replace(LIGHT, zoom=2.0))
    stage.resize(2 * WIDTH, 2 * HEIGHT)
    stage.set_frame(frame, context_of(recording))
    large, usual = stage.grab().toImage(), painted(frame, recording)
    for process, box in enumerate(lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60,), 0).processes):
        bar = QPointF(box.left() + 3, box.center().y())
        assert usual.pixelColor(bar.toPoint()) == process_colour(process)
        assert large.pixelColor((2 * bar).toPoint()) == process_colour(process)


def test_a_card_with_a_lock_says_the_task_in_full(elisions: list[str]) -> None:
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: any(view.holds is not None for view in f.processes))
    painted(frame, made, 850, 300)
    assert elisions == []


@pytest.mark.parametrize("size", [(870, 390), (500, 300), (320, 150)], ids=str)
def test_names_and_absence_are_told_in_any_room(
    words: Callable[[ModuleType], list[str]], elisions: list[str], recording: Recording, size: tuple[int, int]
) -> None:
    by_server, by_process = words(server_painter), words(process_painter)
    painted(opening_frame(recording, ServerState.UP, None), recording, *size)
    assert by_server[0] == ("Manager" if size[0] == 320 else "Manager server")
    assert by_server[0] not in elisions
    assert by_process.count("not started") == (0 if size[0] == 320 else 4), "a chip is dashed and has a sign only"


@pytest.mark.parametrize("lock", [LockChoice.SHARED, LockChoice.PRIVATE])
@pytest.mark.parametrize("size", [(1240, 520), (500, 300), (440, 200), (400, 200)], ids=str)
def test_who_holds_a_lock_has_a_sign_of_it(
    monkeypatch: pytest.MonkeyPatch, lock: LockChoice, size: tuple[int, int]
) -> None:
    made = race(lock=lock)
    frame = frame_where(made, lambda f: any(view.holds is not None or view.holds_private for view in f.processes))
    holders = [view.holds is not None or view.holds_private for view in frame.processes]
    signs: list[QRectF] = []
    paint_icon = process_painter.paint_icon

    def watched(painter: QPainter, room: QRectF, icon: Icon, colour: QColor) -> None:
        if icon is Icon.LOCKED:
            signs.append(room)
        paint_icon(painter, room, icon, colour)

    monkeypatch.setattr(process_painter, "paint_icon", watched)
    painted(frame, made, *size)
    boxes = lay_out(QRectF(0, 0, *size), 4, (60,), len(frame.locks)).processes
    assert [any(box.contains(sign) for sign in signs) for box in boxes] == holders
