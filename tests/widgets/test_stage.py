"""The stage shows what its Frame says, at any size: losses, and only they, in vermillion; every process labelled."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from types import ModuleType

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import LockChoice
from dictrace.engine.frame import Frame, Opening, Packet, ProcessState, ServerState
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.widgets import (
    cells,
    opening_painter,
    packet_painter,
    process_painter,
    server_painter,
    stage_painter,
    text,
)
from dictrace.widgets.icons import Icon
from dictrace.widgets.stage import Stage
from dictrace.widgets.stage_layout import lay_out
from dictrace.widgets.stage_painter import paint_stage
from dictrace.widgets.theme import DARK, LIGHT, Theme, process_colour
from tests.engine.races import race
from tests.widgets.frames import context_of, crowded, frame_where, frame_with_loss, picture, share_of

WIDTH, HEIGHT = 1240, 520


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(WIDTH, HEIGHT)
    return made


@pytest.fixture
def elisions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that were cut because their room was too short."""
    cut: list[str] = []
    fits = text.elided

    def watched(whole: str, width: float, size: text.TextSize, *, bold: bool = False, mono: bool = False) -> str:
        shown = fits(whole, width, size, bold=bold, mono=mono)
        if shown != whole:
            cut.append(whole)
        return shown

    monkeypatch.setattr(text, "elided", watched)
    return cut


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModuleType], list[str]]:
    """Makes a list of every text that a module draws from now on."""
    draw_text = text.draw_text

    def listen_to(module: ModuleType) -> list[str]:
        drawn: list[str] = []

        def watched(painter: QPainter, rect: QRectF, said: str, *args: object, **more: object) -> float:
            drawn.append(said)
            return draw_text(painter, rect, said, *args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(module, "draw_text", watched)
        return drawn

    return listen_to


def painted(
    frame: Frame, recording: Recording, width: int = WIDTH, height: int = HEIGHT, theme: Theme = LIGHT
) -> QImage:
    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_stage(painter, rect, frame, theme, context_of(recording))

    return picture(paint, width, height, theme.panel)


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
def test_states_are_told_in_words(
    words: Callable[[ModuleType], list[str]], recording: Recording, state: ProcessState
) -> None:
    frame = frame_with_loss(recording)
    processes = (replace(frame.processes[0], state=state), *frame.processes[1:])
    drawn = words(process_painter)
    painted(replace(frame, processes=processes), recording)
    assert str(state) in drawn


def test_lock_shows_holder_and_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: bool(f.locks) and len(f.locks[0].queue) == 2)
    chips: list[int] = []
    paint_chip = server_painter.paint_chip

    def watched(painter: QPainter, corner: object, process: int, shown: Frame) -> float:
        chips.append(process)
        return paint_chip(painter, corner, process, shown)  # type: ignore[arg-type]

    monkeypatch.setattr(server_painter, "paint_chip", watched)
    painted(frame, made)
    assert chips == [frame.locks[0].holder, *frame.locks[0].queue]


def test_long_queue_ends_with_how_many_more(words: Callable[[ModuleType], list[str]]) -> None:
    made = race(32, 100, lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: bool(f.locks) and len(f.locks[0].queue) > 25)
    drawn = words(server_painter)
    painted(frame, made)
    (more,) = [words for words in drawn if words.startswith("+")]
    assert 0 < int(more) < len(frame.locks[0].queue)


def test_counter_tells_value_attempts_and_losses(words: Callable[[ModuleType], list[str]]) -> None:
    made = race(counter=True)
    frame = frame_with_loss(made)
    drawn = words(server_painter)
    painted(frame, made)
    assert frame.fields[0].value in drawn
    assert {"d['n']", f"of {frame.counts.attempted} attempted", f"{frame.counts.lost} lost"} <= set(drawn)


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


OPENING = (
    (ServerState.ABSENT, None),
    (ServerState.STARTING, None),
    (ServerState.UP, Packet(-1, False, "its address", 0.5, False)),
)


def opening_frame(recording: Recording, server: ServerState, packet: Packet | None) -> Frame:
    """A frame of the recording, as if it were only beginning."""
    first = frame_at(recording, 0)
    absent = tuple(replace(view, state=ProcessState.ABSENT, connected=False) for view in first.processes)
    return replace(first, processes=absent, opening=Opening(1000, server, packet))


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


@pytest.mark.parametrize("size", [(1240, 520), (870, 390), (590, 300), (440, 250), (300, 150)], ids=str)
@pytest.mark.parametrize("lost", [1, 3])
def test_loss_notice_says_all_of_the_evidence_in_every_size(
    words: Callable[[ModuleType], list[str]],
    elisions: list[str],
    recording: Recording,
    size: tuple[int, int],
    lost: int,
) -> None:
    """The last lines, who wiped it out and with what, used to fall away in a zoomed window."""
    frame = replace(frame_with_loss(recording), packets=())
    (loss,) = frame.losses
    drawn = words(server_painter)
    painted(replace(frame, losses=(loss,) * lost), recording, *size)
    evidence = recording.history.certificate(loss)
    assert evidence.culprit is not None
    assert evidence.culprit.process is not None
    last = [
        f"wiped out by {evidence.culprit.process}’s",
        f"v{evidence.culprit.version} made from v{evidence.culprit.fetched_version}",
    ]
    assert drawn[-2:] == last
    assert evidence.key in drawn if lost == 1 else evidence.slot in drawn
    assert not set(last) & set(elisions)


def test_loss_of_a_counter_is_ringed_at_its_swatch() -> None:
    made = race(counter=True)
    frame = frame_with_loss(made)
    field = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (1,), 0).fields[0]
    left = QRectF(field.left(), field.top() + 24, 60, field.height() - 28)
    assert share_of(painted(frame, made), LIGHT.lost, left) > 0.01
    assert share_of(painted(replace(frame, losses=()), made), LIGHT.lost, left) == 0


def test_a_lost_cell_outside_a_field_of_one_line_is_not_ringed() -> None:
    """The field of a single key beside another is one line of text, without cells."""
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: len(f.fields) == 1 and len(f.cells.states) > 5)
    layout = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (1, 60), 0)
    seen = picture(lambda p, _rect: server_painter.ring_cells(p, layout, frame, [0], LIGHT), WIDTH, HEIGHT, LIGHT.panel)
    assert share_of(seen, LIGHT.lost) == 0


@pytest.mark.parametrize(("width", "said"), [(1240, "key written by P1"), (820, "by P1")])
def test_legend_is_never_cut(
    words: Callable[[ModuleType], list[str]], elisions: list[str], recording: Recording, width: int, said: str
) -> None:
    drawn = words(server_painter)
    painted(frame_with_loss(recording), recording, width, 390)
    assert said in drawn
    assert said not in elisions


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


def test_a_card_with_a_lock_says_the_task_in_full(elisions: list[str]) -> None:
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: any(view.holds is not None for view in f.processes))
    painted(frame, made, 850, 300)
    assert elisions == []


@pytest.mark.parametrize(("width", "labelled"), [(1240, True), (850, False)])
def test_either_all_keys_are_labelled_or_none(
    words: Callable[[ModuleType], list[str]], recording: Recording, width: int, labelled: bool
) -> None:
    """Not the first ten alone, whose labels are short, and also before the longer ones are there."""
    for share in (0.1, 0.5):
        frame = frame_where(recording, lambda f, s=share: f.event >= s * len(recording.events))
        drawn = words(cells)
        painted(frame, recording, width, 300 if width < 1000 else HEIGHT)
        present = [frame.cells.labels[cell] for cell, state in enumerate(frame.cells.states) if state]
        assert drawn == (present if labelled else [])


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


@pytest.mark.parametrize("size", [(870, 390), (500, 300), (440, 200)], ids=str)
def test_lock_stays_in_its_room(monkeypatch: pytest.MonkeyPatch, elisions: list[str], size: tuple[int, int]) -> None:
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: bool(f.locks) and f.locks[0].holder is not None and len(f.locks[0].queue) == 2)
    ends: list[float] = []
    paint_chip = server_painter.paint_chip

    def watched(*arguments: object) -> float:
        ends.append(paint_chip(*arguments))  # type: ignore[arg-type]
        return ends[-1]

    monkeypatch.setattr(server_painter, "paint_chip", watched)
    painted(frame, made, *size)
    assert ends
    assert max(ends) <= lay_out(QRectF(0, 0, *size), 4, (60,), 1).lock.right()
    assert not [text for text in elisions if "wait" in text or "key" in text or "held" in text]
