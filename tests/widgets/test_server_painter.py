"""The manager server tells keys, counters, locks and losses in any room."""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.experiment import LockChoice
from dictrace.engine.frame import BoxView, Frame
from dictrace.engine.recording import Recording
from dictrace.widgets import (
    cells,
    server_painter,
)
from dictrace.widgets.stage_layout import FIELD_LINE_HEIGHT, Homes, StageLayout, lay_out
from dictrace.widgets.theme import DARK, LIGHT, Theme, process_colour
from tests.engine.races import race
from tests.widgets.frames import (
    HEIGHT,
    WIDTH,
    frame_where,
    frame_with_loss,
    painted,
    picture,
    share_of,
)


@pytest.fixture
def chips(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Processes of which a chip is painted from now on."""
    painted_of: list[int] = []
    paint_chip = server_painter.paint_chip

    def watched(painter: QPainter, corner: object, process: int, shown: Frame) -> float:
        painted_of.append(process)
        return paint_chip(painter, corner, process, shown)  # type: ignore[arg-type]

    monkeypatch.setattr(server_painter, "paint_chip", watched)
    return painted_of


def test_lock_shows_holder_and_queue(chips: list[int]) -> None:
    made = race(lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: bool(f.locks) and len(f.locks[0].queue) == 2)
    painted(frame, made)
    assert chips == [frame.locks[0].holder, *frame.locks[0].queue]


@pytest.mark.parametrize("height", range(240, 420, 6))
def test_an_order_is_promised_only_where_it_is_shown(
    words: Callable[[ModuleType], list[str]], chips: list[int], height: int
) -> None:
    made = race(16, 100, lock=LockChoice.SHARED)
    frame = frame_where(made, lambda f: bool(f.locks) and len(f.locks[0].queue) == 5)
    drawn = words(server_painter)
    painted(frame, made, 614, height)
    if "5 wait, in this order" in drawn:
        assert frame.locks[0].queue[0] in chips
    if "5 waiting" in drawn:
        assert not set(frame.locks[0].queue) & set(chips)


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


@pytest.mark.parametrize("size", [(1240, 520), (870, 390), (590, 300), (440, 250), (300, 150)], ids=str)
@pytest.mark.parametrize(("lost", "tasks"), [(1, 20), (3, 20), (1, 400)])
def test_loss_notice_says_all_of_the_evidence_in_every_size(
    words: Callable[[ModuleType], list[str]],
    elisions: list[str],
    size: tuple[int, int],
    lost: int,
    tasks: int,
) -> None:
    """The last lines, who wiped it out and with what, used to fall away in a zoomed window."""
    recording = race(4, tasks)
    frame = frame_where(recording, lambda f: len(f.losses) == 1 and f.fields[0].version > tasks / 2)
    frame = replace(frame, packets=())
    (loss,) = frame.losses
    drawn = words(server_painter)
    painted(replace(frame, losses=(loss,) * lost), recording, *size)
    evidence = recording.history.certificate(loss)
    assert evidence.culprit is not None
    assert evidence.culprit.process is not None
    last = [
        f"wiped out by {evidence.culprit.process}’s",
        f"v{evidence.culprit.version} from v{evidence.culprit.fetched_version}",
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


def test_the_ring_around_the_first_cell_leaves_the_name_above_it_clear() -> None:
    made = race()
    frame = frame_with_loss(made)
    for width, height in ((WIDTH, HEIGHT), (480, 207)):
        layout = lay_out(QRectF(0, 0, width, height), 4, (60,), 0)
        name = QRectF(layout.fields[0].left(), layout.fields[0].top(), 100, FIELD_LINE_HEIGHT - 1)

        def ring(painter: QPainter, _rect: QRectF, layout: StageLayout = layout) -> None:
            server_painter.ring_cells(painter, layout, frame, [0], LIGHT)

        assert share_of(picture(ring, width, height, LIGHT.panel), LIGHT.lost, name) == 0


@pytest.mark.parametrize(("width", "said"), [(1240, "key written by P1"), (820, "by P1")])
def test_legend_is_never_cut(
    words: Callable[[ModuleType], list[str]], elisions: list[str], recording: Recording, width: int, said: str
) -> None:
    drawn = words(server_painter)
    painted(frame_with_loss(recording), recording, width, 390)
    assert said in drawn
    assert said not in elisions


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


BOXES = (
    BoxView("queue", "Queue", "put(3)", 1, 0),
    BoxView("done", "Event", "", None, 0),
    BoxView("Barrier 4", "Barrier", "wait()", None, 0),
)


class TestBoxes:
    """Referents without keys, as queues and events: a line each, below the fields."""

    @pytest.fixture
    def frame(self, recording: Recording) -> Frame:
        return replace(frame_with_loss(recording), losses=(), packets=())

    def test_each_says_its_name_what_it_is_and_its_last_call(
        self, words: Callable[[ModuleType], list[str]], elisions: list[str], recording: Recording, frame: Frame
    ) -> None:
        drawn = words(server_painter)
        painted(frame, recording)
        without = list(drawn)
        drawn.clear()
        painted(replace(frame, boxes=BOXES), recording)
        for text in without:
            drawn.remove(text)
        assert drawn == ["queue", "Queue", "put(3)", "done", "Event", "not used yet", "Barrier 4", "wait()"]
        assert elisions == []

    @pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
    def test_who_called_has_a_chip_in_its_colour(self, recording: Recording, frame: Frame, theme: Theme) -> None:
        rooms = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60, 0, 0, 0), 0).fields[1:]
        image = painted(replace(frame, boxes=BOXES), recording, theme=theme)
        shares = [share_of(image, process_colour(1), QRectF(room)) > 0.01 for room in rooms]
        assert shares == [True, False, False]

    def test_each_is_in_the_box_of_its_server(self, recording: Recording, frame: Frame) -> None:
        boxes = (replace(BOXES[0], server=1),)
        two = replace(frame, boxes=boxes, servers=(1001, 1002))
        left, right = lay_out(QRectF(0, 0, WIDTH, HEIGHT), 4, (60, 0), 0, 1.0, Homes(2, (0, 1), ())).servers
        bare = painted(replace(two, boxes=()), recording)
        image = painted(two, recording)
        chip = process_colour(1)
        assert share_of(image, chip, right) > share_of(bare, chip, right)
        assert share_of(image, chip, left) == pytest.approx(share_of(bare, chip, left), rel=0.5)

    @pytest.mark.parametrize("size", [(870, 390), (590, 300), (440, 250)], ids=str)
    def test_a_long_call_is_cut_inside_its_server(
        self, elisions: list[str], recording: Recording, frame: Frame, size: tuple[int, int]
    ) -> None:
        call = "put(" + "x" * 400 + ")"
        boxes = (replace(BOXES[0], call=call),)
        painted(replace(frame, boxes=boxes), recording, *size)
        assert call in elisions

    def test_those_that_have_no_room_are_counted(
        self, words: Callable[[ModuleType], list[str]], recording: Recording, frame: Frame
    ) -> None:
        boxes = tuple(BoxView(f"queue {number}", "Queue", "", None, 0) for number in range(20))
        drawn = words(server_painter)
        painted(replace(frame, boxes=boxes), recording, 700, 400)
        named = sum(text.startswith("queue ") for text in drawn)
        assert 0 < named < 20
        assert f"… and {20 - named} more" in drawn
