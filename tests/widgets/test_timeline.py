"""The timeline shows every process's spans at their true times, and a person goes and looks around in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from types import ModuleType
from unittest.mock import patch

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from pytestqt.qtbot import QtBot

from dictrace.engine.experiment import LockChoice
from dictrace.engine.framing import frame_at
from dictrace.engine.lanes import MAIN, LaneData, Lanes
from dictrace.engine.places import LEAST
from dictrace.engine.recording import Recording
from dictrace.engine.rows import LeftRow, ProcessRow, Role
from dictrace.widgets import timeline_loader, timeline_painter
from dictrace.widgets.selection import Selection
from dictrace.widgets.theme import DARK, LIGHT, Theme, line_colour, mixed
from dictrace.widgets.timeline import Timeline
from dictrace.widgets.timeline_geometry import TimelineGeometry, copy_band, lock_band, tick_text
from dictrace.widgets.timeline_painter import Highlights, paint_ground, paint_timeline
from tests.engine.histories import FIRST_WORKER_PID, STEP_NS, Simulation
from tests.engine.races import race
from tests.widgets.frames import UNMIXED, picture, share_of

WIDTH, HEIGHT = 900, 200


def show_lane(view: Timeline, name: str, shown: bool) -> None:
    """Show or hide a lane in the menu."""
    action = next(action for action in view.menu().actions() if action.text() == name)
    action.setChecked(shown)


class Watched:
    """A timeline of the workers, the main program hidden, and what it asked for."""

    def __init__(self, qtbot: QtBot, recording: Recording) -> None:
        self.recording = recording
        self.view = Timeline()
        qtbot.addWidget(self.view)
        self.view.resize(WIDTH, HEIGHT)
        self.view.set_recording(recording)
        self.view.grab()
        show_lane(self.view, "main", False)
        self.data = Lanes(recording).data()
        self.sought: list[float] = []
        self.selections: list[Selection] = []
        self.view.seek_requested.connect(self.sought.append)
        self.view.selected.connect(self.selections.append)

    def place(self, event: int, row: int) -> QPoint:
        """Where an event is on the lane in this row, -1: on the server's."""
        geometry = self.view.geometry_now()
        y = geometry.server_y if row < 0 else copy_band(geometry.lane(row)).center().y()
        return QPoint(round(geometry.x_of(float(self.data.event_ns[event - 1]))), round(y))

    def name(self, row: int) -> QPoint:
        """Where the name of the lane in this row is."""
        return QPoint(20, round(self.view.geometry_now().lane(row).center().y()))

    def wheel(self, place: QPoint, up: int = 0, left: int = 0) -> None:
        """Turn the wheel by so many notches."""
        none = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        turned = QPoint(120 * left, 120 * up)
        spot = QPointF(place)
        wheel = QWheelEvent(spot, spot, QPoint(), turned, Qt.MouseButton.NoButton, *none, False)
        QApplication.sendEvent(self.view, wheel)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race(4, 24)


@pytest.fixture
def watched(qtbot: QtBot, recording: Recording) -> Iterator[Watched]:
    made = Watched(qtbot, recording)
    yield made
    made.view.close()


def painted(
    recording: Recording,
    theme: Theme = LIGHT,
    stretch: tuple[float, float] = (0.0, 1.0),
    event: int | None = None,
    **marks: object,
) -> tuple[QImage, TimelineGeometry, LaneData]:
    """A picture of the workers' lanes between two shares of the run, just after an event (None: its end)."""
    data = Lanes(recording).data()
    end = data.bounds_ns[1]
    rect = QRectF(0, 0, WIDTH, HEIGHT)
    names = {index: worker.label for index, worker in enumerate(recording.workers)}
    geometry = TimelineGeometry(rect, tuple(names), stretch[0] * end, stretch[1] * end)
    highlights = Highlights(**marks)  # type: ignore[arg-type]
    fates = data.fates.at(len(data.event_ns) if event is None else event)
    image = picture(
        lambda painter, _rect: paint_timeline(painter, geometry, data, fates, names, theme, highlights),
        WIDTH,
        HEIGHT,
        theme.panel,
    )
    return image, geometry, data


def span_room(geometry: TimelineGeometry, row: int, start_ns: float, end_ns: float) -> QRectF:
    band = copy_band(geometry.lane(row))
    left, right = geometry.x_of(start_ns), geometry.x_of(end_ns)
    return QRectF(left, band.top(), right - left, band.height()).adjusted(2, 2, -2, -2)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_copies_are_solid_where_kept_and_vermillion_where_lost(qtbot: QtBot, theme: Theme) -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.fetch(2, 1)
    run.update(1, 0, base, a="1")
    run.update(2, 1, base, b="1")
    image, geometry, data = painted(run.recording, theme)
    for row, lane in enumerate(data.lanes[:MAIN]):
        assert len(lane.sent) == 1
        room = span_room(geometry, row, float(lane.sent.starts_ns[0]), float(lane.sent.ends_ns[0]))
        solid = share_of(image, mixed(theme.panel, line_colour(row, theme), 0.8), room)
        pale = share_of(image, theme.lost_fill, room)
        assert (solid > 0.5, pale > 0.3) == (row == 1, row == 0)
    server = QRectF(geometry.x_of(float(data.event_ns[data.fates.losses[0] - 1])) - 5, geometry.server_y - 5, 10, 10)
    assert share_of(image, theme.lost, server) > 0.3


def test_what_is_to_come_has_no_fate(qtbot: QtBot) -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.fetch(2, 1)
    run.update(1, 0, base, a="1")
    run.read(1)
    run.update(2, 1, base, b="1")
    run.read(1)
    recording = run.recording
    copy, colour = Lanes(recording).data().lanes[0].sent, line_colour(0, LIGHT)
    looks = []
    for event in (1, 3, 5, 7):
        image, geometry, data = painted(recording, event=event, time_ns=float(recording.event_ns[event - 1]))
        middle = float(copy.starts_ns[0] + copy.ends_ns[0]) / 2
        room = span_room(geometry, 0, float(copy.starts_ns[0]), 3000.0 if event == 3 else middle)
        shades = [mixed(LIGHT.panel, colour, share) for share in (0.3, 0.45, 0.8)] + [LIGHT.lost_fill]
        looks.append([share_of(image, shade, room) > 0.3 for shade in shades])
        server = QRectF(geometry.x_of(float(data.event_ns[5])) - 5, geometry.server_y - 5, 10, 10)
        assert (share_of(image, LIGHT.lost, server) > 0.3) is (event == 7)
    assert [look.index(True) for look in looks] == [0, 1, 2, 3], "to come, held, committed, lost"


def test_a_never_sent_copy_ends_with_a_cross(qtbot: QtBot) -> None:
    run = Simulation(1)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.unsent(1, 0, {"a": "1"}, base)
    run.read(1)
    image, geometry, data = painted(run.recording)
    end = geometry.x_of(float(data.lanes[0].unsent.ends_ns[0]))
    band = copy_band(geometry.lane(0))
    right_half = QRectF(end + 1, band.center().y() - 5, 4, 10)
    assert share_of(image, LIGHT.lost, right_half) > 0.1


def test_a_failed_task_is_crossed_in_vermillion_only_if_its_update_is_lost(qtbot: QtBot) -> None:
    run = Simulation(1)
    run.commit(0, None, {}, None)
    base = run.fetch(1, 0)
    run.update(1, 0, base, a="1")
    run.raised(1, 0)
    run.raised(1, 1)
    run.read(1)
    image, geometry, data = painted(run.recording)
    middle = copy_band(geometry.lane(0)).center().y()
    for event, colour, other in ((4, LIGHT.text, LIGHT.lost), (5, LIGHT.lost, LIGHT.text)):
        room = QRectF(geometry.x_of(float(data.event_ns[event - 1])) - 4, middle - 4, 8, 8)
        assert share_of(image, colour, room) > 0.05
        assert share_of(image, other, room) == 0


def test_requests_and_replies_are_lines_to_the_server(qtbot: QtBot) -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    run.fetch(2, 0)
    image, geometry, data = painted(run.recording, stretch=(0.5, 1.2))
    foot, served = (float(column[1]) for column in (data.request_ns, data.event_ns))
    top, bottom = geometry.server_y, copy_band(geometry.lane(1)).center().y()
    for share in (0.2, 0.5, 0.8):
        x = geometry.x_of(foot + share * (served - foot))
        y = bottom + share * (top - bottom)
        colour = mixed(LIGHT.panel, line_colour(1, LIGHT), 0.85)
        near = image.copy(round(x) - 3, round(y), 7, 1)
        off = [abs(near.pixelColor(n, 0).green() - colour.green()) for n in range(7)]
        assert min(off) < 40


def test_locks_held_and_waited_for_look_different(qtbot: QtBot) -> None:
    run = Simulation(2)
    run.acquire(1)
    run.wait(2)
    run.read(1)
    run.release(1)
    run.acquire(2)
    image, geometry, data = painted(run.recording)
    shares = []
    for row, spans in ((0, data.lanes[0].locks), (1, data.lanes[1].waits)):
        band = lock_band(geometry.lane(row))
        left, right = (geometry.x_of(float(ns[0])) for ns in (spans.starts_ns, spans.ends_ns))
        room = QRectF(left, band.top(), right - left, band.height()).adjusted(4, 1, -4, -1)
        shares.append((share_of(image, LIGHT.text, room), share_of(image, LIGHT.panel, room)))
    assert shares[0][0] > 0.8
    assert shares[1][0] == 0
    assert shares[1][1] > 0.2


def test_with_many_spans_each_pixel_is_as_full_as_its_time(qtbot: QtBot) -> None:
    many = race(3, 1500)
    image, geometry, data = painted(many)
    whole = np.array((geometry.left_ns, geometry.right_ns), np.int64)
    for row, lane in enumerate(data.lanes[:MAIN]):
        band = copy_band(geometry.lane(row))
        room = QRectF(geometry.plot.left(), band.top() + 1, geometry.plot.width(), band.height() - 2)
        drawn = 1 - share_of(image, LIGHT.panel, room)
        held = float(lane.sent.covered(whole)[0])
        assert 0 < held < 1
        assert drawn > 0.9 * held
    assert (
        share_of(image, LIGHT.lost, geometry.plot.adjusted(0, geometry.lane(0).top() - geometry.plot.top(), 0, 0)) > 0
    )


def test_losses_that_crowd_stay_vermillion_on_the_server_lane(qtbot: QtBot) -> None:
    image, geometry, data = painted(race(3, 1500))
    assert len(data.fates.losses) > geometry.plot.width() / 2
    room = QRectF(geometry.plot.left(), geometry.server_y - 2, geometry.plot.width(), 4)
    assert share_of(image, LIGHT.lost, room) > 0.5


def test_cursor_is_at_the_true_time(watched: Watched, recording: Recording) -> None:
    for event in (10, 41):
        watched.view.set_frame(frame_at(recording, event))
        image = watched.view.grab().toImage()
        geometry = watched.view.geometry_now()
        x = geometry.x_of(float(watched.data.event_ns[event - 1]))
        assert share_of(image, LIGHT.accent, QRectF(x - 3, geometry.plot.top() - 9, 6, 4)) > 0.6
        assert share_of(image, LIGHT.accent, QRectF(x + 30, geometry.plot.top() - 9, 6, 4)) == 0


def test_at_any_position_it_shows_the_losses_of_the_frame(watched: Watched, recording: Recording) -> None:
    history = recording.history
    for event in (*range(0, len(recording.events) + 1, 3), 5, 40):
        frame = frame_at(recording, event + 0.5)
        watched.view.set_frame(frame)
        fates = watched.view.fates
        assert fates is not None
        lost = {history.losses.victims[loss] for loss in history.standing(frame.event)}
        assert set(np.flatnonzero(fates.lost(np.arange(len(recording.events) + 1))).tolist()) == lost
        assert len(fates.losses(1, frame.event)) == frame.counts.lost


def test_pictures_are_kept_while_the_position_moves(watched: Watched, recording: Recording) -> None:
    with patch("dictrace.widgets.timeline_pictures.paint_ground", wraps=paint_ground) as paint:
        for position in (40, 40.2, 41, 41.5, 7, len(recording.events)):
            watched.view.set_frame(frame_at(recording, position))
            watched.view.grab()
    assert paint.call_count == 3, "as still to come, as past, and the past without copies"


@pytest.mark.parametrize("tasks", [30, 600], ids=["outlined", "shares"])
def test_what_is_kept_looks_as_if_painted_anew(qtbot: QtBot, tasks: int) -> None:
    watched = Watched(qtbot, race(3, tasks))
    recording, data, view = watched.recording, watched.data, watched.view
    chance = Random(1)
    for _turn in range(12):
        frame = frame_at(recording, chance.uniform(1, len(recording.events)))
        view.set_frame(frame)
        kept = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        names = {index: worker.label for index, worker in enumerate(recording.workers)}
        args = view.geometry_now(), data, data.fates.at(frame.event), names, LIGHT, Highlights(frame.time_ns)
        anew = picture(lambda painter, _rect, args=args: paint_timeline(painter, *args), WIDTH, HEIGHT, LIGHT.panel)
        differing = np.abs(pixels_of(kept).astype(int) - pixels_of(anew)).max(axis=2) > 40
        assert not differing.any()


@pytest.mark.parametrize("tasks", [30, 600], ids=["outlined", "shares"])
def test_no_edge_of_what_is_kept_tells_of_a_loss_to_come(qtbot: QtBot, tasks: int) -> None:
    view = Watched(qtbot, recording := race(3, tasks)).view
    view.set_theme(replace(LIGHT, lost=UNMIXED))
    first_loss = recording.history.losses.events[0]
    for width in range(WIDTH, WIDTH + 24):
        view.resize(width, HEIGHT)
        for event in range(1, first_loss):
            view.set_frame(frame_at(recording, event))
            assert share_of(view.grab().toImage(), UNMIXED) == 0, (width, event)


def pixels_of(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()


def test_wheel_zooms_at_the_pointer_and_never_beyond_the_run(watched: Watched) -> None:
    whole = watched.view.geometry_now()
    place = QPoint(500, 100)
    at_ns = whole.ns_of(500)
    watched.wheel(place, up=3)
    near = watched.view.geometry_now()
    assert near.ns_of(500) == pytest.approx(at_ns)
    assert near.right_ns - near.left_ns == pytest.approx((whole.right_ns - whole.left_ns) / 1.25**3)
    watched.wheel(place, left=2)
    assert watched.view.geometry_now().left_ns < near.left_ns
    watched.wheel(place, up=-40)
    assert watched.view.geometry_now() == whole


def test_drag_pans_and_is_no_click(qtbot: QtBot, watched: Watched) -> None:
    watched.wheel(QPoint(500, 100), up=5)
    before = watched.view.geometry_now()
    qtbot.mousePress(watched.view, Qt.MouseButton.LeftButton, pos=QPoint(500, 100))
    qtbot.mouseMove(watched.view, QPoint(450, 100))
    qtbot.mouseMove(watched.view, QPoint(400, 100))
    qtbot.mouseRelease(watched.view, Qt.MouseButton.LeftButton, pos=QPoint(400, 100))
    after = watched.view.geometry_now()
    assert after.ns_of(400) == pytest.approx(before.ns_of(500))
    assert watched.sought == watched.selections == []


def test_double_click_and_home_show_the_whole_run(qtbot: QtBot, watched: Watched) -> None:
    whole = watched.view.geometry_now()
    watched.wheel(QPoint(500, 100), up=5)
    qtbot.mouseDClick(watched.view, Qt.MouseButton.LeftButton, pos=QPoint(500, 100))
    assert watched.view.geometry_now() == whole
    watched.wheel(QPoint(500, 100), up=5)
    assert watched.view.geometry_now() != whole
    qtbot.keyClick(watched.view, Qt.Key.Key_Home)
    assert watched.view.geometry_now() == whole


def test_keys_zoom_at_the_position(qtbot: QtBot, watched: Watched, recording: Recording) -> None:
    frame = frame_at(recording, 40)
    watched.view.set_frame(frame)
    x = watched.view.geometry_now().x_of(frame.time_ns)
    qtbot.keyClick(watched.view, Qt.Key.Key_Plus)
    near = watched.view.geometry_now()
    assert near.x_of(frame.time_ns) == pytest.approx(x)
    qtbot.keyClick(watched.view, Qt.Key.Key_Minus)
    assert watched.view.geometry_now().left_ns < near.left_ns


def test_its_keys_come_before_the_window_s(watched: Watched) -> None:
    none = Qt.KeyboardModifier.NoModifier
    for key, taken in ((Qt.Key.Key_Home, True), (Qt.Key.Key_Left, False), (Qt.Key.Key_Space, False)):
        override = QKeyEvent(QEvent.Type.ShortcutOverride, key, none)
        override.ignore()
        QApplication.sendEvent(watched.view, override)
        assert override.isAccepted() is taken


def test_where_only_a_part_is_shown_it_follows_the_position(watched: Watched, recording: Recording) -> None:
    watched.view.set_frame(frame_at(recording, 5))
    watched.wheel(QPoint(70, 100), up=8)
    last = frame_at(recording, len(recording.events) - 5)
    assert watched.view.geometry_now().right_ns < last.time_ns
    watched.view.set_frame(last)
    geometry = watched.view.geometry_now()
    assert geometry.left_ns <= last.time_ns <= geometry.right_ns


def test_click_seeks_the_nearest_event_and_selects_it(qtbot: QtBot, watched: Watched) -> None:
    lane = watched.data.lanes[2]
    event = next(last for last in lane.sent.lasts.tolist() if last in watched.data.fates.victims)
    qtbot.mouseClick(watched.view, Qt.MouseButton.LeftButton, pos=watched.place(event, 2))
    loss = watched.data.fates.victims.tolist().index(event)
    assert watched.sought == [float(event)]
    assert watched.selections == [Selection(event, loss, 2)]
    watched.view.set_frame(frame_at(watched.recording, event))
    qtbot.mouseClick(watched.view, Qt.MouseButton.LeftButton, pos=watched.place(event, 2))
    assert watched.selections[1] == Selection(event, None, 2), "it is not lost yet"


def test_click_on_the_server_lane_prefers_a_loss(qtbot: QtBot, watched: Watched) -> None:
    event = int(watched.data.fates.losses[3])
    place = watched.place(event, -1) + QPoint(3, 0)
    qtbot.mouseClick(watched.view, Qt.MouseButton.LeftButton, pos=place)
    assert watched.sought == [float(event)]
    assert watched.selections[0].loss == watched.data.fates.loss_by(event)
    assert watched.selections[0].process == watched.data.workers[event - 1]


def test_selected_event_and_process_are_marked(watched: Watched) -> None:
    event = int(watched.data.lanes[1].sent.lasts[0])
    place = watched.place(event, -1)
    room = QRectF(place.x() - 9, place.y() - 9, 18, 18)
    side = QRectF(0, watched.name(1).y() - 8, 6, 16)
    image = watched.view.grab().toImage()
    assert share_of(image, LIGHT.accent, room) == share_of(image, line_colour(1, LIGHT), side) == 0
    watched.view.set_selection(Selection(event, None, 1))
    image = watched.view.grab().toImage()
    assert share_of(image, LIGHT.accent, room) > 0.05
    assert share_of(image, line_colour(1, LIGHT), side) > 0.2
    assert watched.sought == watched.selections == [], "setters ask nothing"


def test_tool_tip_tells_what_is_under_the_pointer(watched: Watched) -> None:
    event = next(last for last in watched.data.lanes[0].sent.lasts.tolist() if last in watched.data.fates.victims)
    place = watched.place(event, 0)
    watched.view.event(QHelpEvent(QEvent.Type.ToolTip, place, watched.view.mapToGlobal(place)))
    text = watched.view.text_at(QPointF(place))
    assert QToolTip.text() == text
    assert "was overwritten" in text
    assert "observed in the server" in text
    assert "a reading of P1’s clock" in text
    assert f"Event {event}" in watched.view.text_at(QPointF(watched.place(event, -1)))
    assert "PID" in watched.view.text_at(QPointF(watched.name(1)))
    assert watched.view.text_at(QPointF(500, 2)) == ""
    QToolTip.hideText()


def test_lanes_are_hidden_and_shown_in_the_menu(watched: Watched) -> None:
    menu = watched.view.menu()
    lanes = [action for action in menu.actions() if action.isCheckable()]
    assert [action.text() for action in lanes] == ["main", "P1", "P2", "P3", "P4"]
    lanes[2].trigger()
    assert watched.view.lanes == (0, 2, 3)
    assert watched.view.geometry_now().lanes == (0, 2, 3)
    again = watched.view.menu()
    assert [action.isChecked() for action in again.actions() if action.isCheckable()] == [
        False,
        True,
        False,
        True,
        True,
    ]
    next(action for action in again.actions() if action.text() == "Show all lanes").trigger()
    assert watched.view.lanes == (MAIN, 0, 1, 2, 3)


def test_the_menu_key_opens_the_menu(qtbot: QtBot, watched: Watched) -> None:
    watched.view.show()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(10, 10), QPoint(10, 10))
    QApplication.sendEvent(watched.view, asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions() if action.isCheckable()] == ["main", "P1", "P2", "P3", "P4"]
    menu.close()


def test_names_are_dragged_to_another_place(qtbot: QtBot, watched: Watched) -> None:
    drop = watched.name(0) - QPoint(0, 15)
    qtbot.mousePress(watched.view, Qt.MouseButton.LeftButton, pos=watched.name(2))
    qtbot.mouseMove(watched.view, watched.name(1))
    qtbot.mouseMove(watched.view, drop)
    assert share_of(watched.view.grab().toImage(), LIGHT.accent) > 0.001
    qtbot.mouseRelease(watched.view, Qt.MouseButton.LeftButton, pos=drop)
    assert watched.view.lanes == (2, 0, 1, 3)
    qtbot.mouseClick(watched.view, Qt.MouseButton.LeftButton, pos=watched.name(0))
    assert watched.selections == [Selection(process=2)]
    assert watched.sought == []


def test_keys_select_lanes_and_move_the_selected_one(qtbot: QtBot, watched: Watched) -> None:
    watched.view.selected.connect(watched.view.set_selection)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(watched.view, key)
    assert watched.selections == [Selection(process=n) for n in (0, 1, 0)]
    qtbot.keyClick(watched.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert watched.view.lanes == (1, 0, 2, 3)
    for _time in range(2):
        qtbot.keyClick(watched.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert watched.view.lanes == (0, 1, 2, 3)


def test_the_main_program_s_lane_is_chosen_and_moved_like_others(qtbot: QtBot, watched: Watched) -> None:
    view = watched.view
    show_lane(view, "main", True)
    assert view.lanes == (MAIN, 0, 1, 2, 3)
    assert "main program" in view.text_at(QPointF(watched.name(0)))
    view.selected.connect(view.set_selection)
    side = QRectF(0, watched.name(0).y() - 8, 6, 16)
    assert share_of(view.grab().toImage(), line_colour(MAIN, LIGHT), side) == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert watched.selections == [Selection()]
    assert share_of(view.grab().toImage(), line_colour(MAIN, LIGHT), side) > 0.2
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert view.lanes == (0, MAIN, 1, 2, 3)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert watched.selections[-1] == Selection(process=1)


def test_keys_and_shift_with_the_wheel_move_in_time_and_it_is_said(qtbot: QtBot, watched: Watched) -> None:
    view = watched.view
    watched.wheel(QPoint(300, 100), up=5)
    left = view.geometry_now().left_ns
    said = view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert view.geometry_now().left_ns > left
    assert "Shown: " in said != view.accessibleDescription()
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert view.geometry_now().left_ns == pytest.approx(left)


def test_a_run_that_grows_is_shown_as_far_as_it_is(qtbot: QtBot) -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    recording = Recording(run.header)
    view = Timeline()
    qtbot.addWidget(view)
    view.set_recording(recording)
    view.grab()
    assert view.lanes == ()
    recording.extend(run.rows)
    view.set_recording(recording)
    view.grab()
    assert view.lanes == (MAIN, 0, 1)
    end_ns = view.geometry_now().right_ns
    before = len(run.rows)
    for _task in range(30):
        run.fetch(1, 0)
    recording.extend(run.rows[before:])
    view.set_recording(recording)
    view.grab()
    assert view.geometry_now().right_ns > end_ns


def test_a_large_recording_is_taken_in_slice_by_slice(qtbot: QtBot, recording: Recording) -> None:
    view = Timeline()
    qtbot.addWidget(view)
    with patch.multiple(timeline_loader, SLICE_EVENTS=10, SHORT_EVENTS=10):
        view.set_recording(recording)
        view.grab()
        assert view.lanes == ()
        qtbot.waitUntil(lambda: bool(view.grab() and view.lanes))
    assert view.lanes == (MAIN, 0, 1, 2, 3)


def test_without_a_recording_it_says_what_will_come_and_asks_nothing(qtbot: QtBot, watched: Watched) -> None:
    watched.view.set_recording(None)
    assert share_of(watched.view.grab().toImage(), LIGHT.muted) > 0
    qtbot.mouseClick(watched.view, Qt.MouseButton.LeftButton, pos=QPoint(500, 100))
    watched.wheel(QPoint(500, 100), up=1)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down):
        qtbot.keyClick(watched.view, key)
    assert watched.view.text_at(QPointF(500, 100)) == ""
    assert watched.sought == watched.selections == []


def test_a_run_in_which_nothing_happened_has_no_axis(qtbot: QtBot) -> None:
    view = Timeline()
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.set_recording(Simulation(0).finish())
    image = view.grab().toImage()
    assert share_of(image, LIGHT.muted) > 0
    assert share_of(image, LIGHT.border) == 0


def test_zoom_of_the_theme_moves_the_places(qtbot: QtBot, watched: Watched) -> None:
    view = watched.view
    view.set_theme(replace(DARK, zoom=2.0))
    view.resize(2 * WIDTH, 2 * HEIGHT)
    view.grab()
    event = int(watched.data.lanes[3].events[4])
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=2 * watched.place(event, 3))
    assert watched.sought == [float(event)]


@pytest.mark.parametrize("workers", [2, 16, 64])
def test_every_lane_has_a_place(qtbot: QtBot, workers: int) -> None:
    made = Watched(qtbot, race(workers, workers, lock=LockChoice.PRIVATE))
    geometry = made.view.geometry_now()
    assert made.view.lanes == tuple(range(workers))
    assert geometry.lane(workers - 1).bottom() <= HEIGHT
    assert [geometry.row_at(geometry.lane(row).center().y()) for row in range(workers)] == list(range(workers))
    assert geometry.row_at(geometry.server_y) == -1


@pytest.mark.parametrize(
    ("time_ns", "step_ns", "longest_ns", "words"),
    [
        (0, 10_000_000, 98_900_000, "0 ms"),
        (20_000_000, 10_000_000, 98_900_000, "20 ms"),
        (12_345_000, 5_000, 98_900_000, "12.345 ms"),
        (20_000, 10_000, 98_900, "20 µs"),
        (20_500, 500, 98_900, "20.5 µs"),
        (2_500_000_000, 500_000_000, 9e9, "2.5 s"),
    ],
)
def test_ticks_are_readable(time_ns: int, step_ns: int, longest_ns: float, words: str) -> None:
    assert tick_text(time_ns, step_ns, longest_ns) == words


@pytest.mark.parametrize("span_ns", [10_000, 123_456, 7_000_000, 5_000_000_000])
def test_ticks_stand_apart_at_round_times(span_ns: int) -> None:
    geometry = TimelineGeometry(QRectF(0, 0, WIDTH, HEIGHT), (0,), 1e6, 1e6 + span_ns)
    places = [x for x, _words in geometry.ticks()]
    assert len({words for _x, words in geometry.ticks()}) == len(places) >= 4
    assert min(np.diff(places)) >= 80


class TestSharedLanes:
    """Processes that begin after others have ended get their lanes, and are named where they begin."""

    COUNT = 3 * LEAST

    @pytest.fixture
    def shared(self, qtbot: QtBot) -> Iterator[Watched]:
        """One process after the other, each with a fetch and a commit."""
        run = Simulation(0)
        run.commit(0, None, {}, None)
        for number in range(1, self.COUNT + 1):
            pid, begins_ns = FIRST_WORKER_PID + number, (2 * number - 1) * STEP_NS
            run.rows.append(ProcessRow(pid, Role.WORKER, f"Process-{number}", begins_ns + 100))
            run.update(number, number, run.fetch(number, number), a=str(number))
            run.rows.append(LeftRow(pid, begins_ns + 2 * STEP_NS + 50))
        made = Watched(qtbot, run.finish())
        yield made
        made.view.close()

    def test_there_are_as_many_lanes_as_places(self, shared: Watched) -> None:
        assert shared.view.lanes == tuple(range(LEAST))
        placed = shared.view.geometry_now().placed
        assert sorted(process for _row, process in placed) == list(range(self.COUNT))
        assert [process for row, process in placed if row == 1] == [1, 1 + LEAST, 1 + 2 * LEAST]

    def test_what_later_ones_did_is_painted_told_and_reached(self, shared: Watched) -> None:
        view, later = shared.view, 2 + LEAST
        shared.view.resize(WIDTH, 400)
        fetch, commit = shared.data.lanes[later].events.tolist()
        image, geometry = view.grab().toImage(), view.geometry_now()
        room = span_room(geometry, 2, *(float(shared.data.event_ns[event - 1]) for event in (fetch, commit)))
        assert share_of(image, mixed(LIGHT.panel, line_colour(later, LIGHT), 0.8), room) > 0.4
        place = shared.place(commit, 2)
        assert f"P{later + 1} " in view.text_at(QPointF(place))
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        assert shared.sought == [float(commit)]
        assert shared.selections == [Selection(commit, None, later)]

    def test_a_name_leads_to_who_has_the_lane_at_the_position(self, shared: Watched) -> None:
        view, later = shared.view, 3 + LEAST
        for event, process in ((1, 3), (int(shared.data.lanes[later].events[0]), later), (2 * self.COUNT + 1, 19)):
            view.set_frame(frame_at(shared.recording, event))
            assert f"P{process + 1} " in view.text_at(QPointF(shared.name(3)))
            QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=shared.name(3))
            assert shared.selections[-1] == Selection(process=process)
        view.set_selection(Selection(process=19))
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert shared.selections[-1] == Selection(process=20)
        QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert view.lanes[:4] == (0, 1, 3, 2)

    @pytest.mark.parametrize(("width", "named"), [(WIDTH, True), (130, False)])
    def test_later_ones_are_named_where_there_is_room(
        self, shared: Watched, words: Callable[[ModuleType], list[str]], width: int, named: bool
    ) -> None:
        drawn = words(timeline_painter)
        shared.view.resize(width, 300)
        shared.view.grab()
        labels = {f"P{number}" for number in range(1, self.COUNT + 1)}
        assert (labels <= set(drawn)) == named
        assert {f"P{number}" for number in range(1, LEAST + 1)} <= set(drawn)


def test_a_run_in_which_nothing_has_happened_yet_has_no_axis(qtbot: QtBot) -> None:
    view, run = Timeline(), Simulation(2)
    qtbot.addWidget(view)
    view.resize(WIDTH, HEIGHT)
    view.set_recording(run.recording)
    assert view.fates is not None
    assert view.lanes == (0, 1)
    assert share_of(view.grab().toImage(), LIGHT.border) == 0
