"""The history shows what the graph says at the frame's event, goes where a person points, paints what is in sight."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from dictrace.engine.framing import frame_at
from dictrace.engine.graph import Fate, Graph, GraphRow, Graphs
from dictrace.engine.recording import Recording
from dictrace.widgets import history_painter
from dictrace.widgets.history_painter import ROW, RowsState, paint_graph
from dictrace.widgets.history_rows import HistoryRows
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.theme import DARK, LIGHT, Theme, process_colour
from tests.engine.histories import Simulation
from tests.engine.races import race
from tests.widgets.frames import picture, share_of

WIDTH, HEIGHT = 330, 380


class Watched:
    """A history view, its parts, and what it said."""

    def __init__(self, qtbot: QtBot) -> None:
        self.view = HistoryView()
        qtbot.addWidget(self.view)
        self.view.set_theme(LIGHT)
        self.view.resize(WIDTH, HEIGHT)
        self.rows = self.view.findChild(HistoryRows)
        self.choice = self.view.findChild(QComboBox)
        self.bar = self.rows.verticalScrollBar()
        self.sought: list[float] = []
        self.selected: list[Selection] = []
        self.view.seek_requested.connect(self.sought.append)
        self.view.selected.connect(self.selected.append)
        self._qtbot = qtbot

    def show(self, recording: Recording, event: int | None = None) -> Graph:
        """A recording at an event, else at its end; gives the graph of its first key."""
        self.view.set_recording(recording)
        self.go(recording, len(recording.events) if event is None else event)
        return Graphs(recording).graph(0)

    def go(self, recording: Recording, event: int) -> None:
        self.view.set_frame(frame_at(recording, event))
        self.view.grab()  # lays out what is not on a screen

    def click(self, row: int) -> None:
        """A click on a row that is in sight, counted from the top."""
        place = QPoint(100, round((row + 0.5) * ROW))
        self._qtbot.mouseClick(self.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self._qtbot.keyClick(self.rows, key)

    def image(self) -> QImage:
        return self.rows.viewport().grab().toImage()


@pytest.fixture
def watched(qtbot: QtBot) -> Watched:
    return Watched(qtbot)


@pytest.fixture(scope="module")
def recording() -> Recording:
    return race()


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is written from now on."""
    drawn: list[str] = []
    draw_text = history_painter.draw_text

    def watched(painter: QPainter, rect: QRectF, said: str, *args: object, **more: object) -> float:
        drawn.append(said)
        return draw_text(painter, rect, said, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(history_painter, "draw_text", watched)
    return drawn


def keys_of(count: int) -> Recording:
    """A run whose tasks write a key each."""
    run = Simulation(workers=2)
    for task in range(count):
        run.commit(1 + task % 2, task, str(task), None, str(task))
    return run.finish()


def one_lost() -> Recording:
    """P1's +a, version 2, is overwritten by P2's +b, version 3."""
    run = Simulation(workers=2)
    run.commit(0, None, {}, None)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    return run.finish()


def painted(recording: Recording, event: int, width: int = WIDTH, theme: Theme = LIGHT) -> QImage:
    graph = Graphs(recording).graph(0)

    def paint(painter: QPainter, rect: QRectF) -> None:
        paint_graph(painter, rect, graph, RowsState(event), theme)

    return picture(paint, width, HEIGHT, theme.panel)


@pytest.mark.usefixtures("qapp")
class TestPicture:
    """What is painted."""

    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_vermillion_appears_with_the_commit_that_overwrites(self, theme: Theme) -> None:
        before, after = (painted(one_lost(), event, theme=theme) for event in (2, 3))
        assert share_of(before, theme.lost) == 0
        second_row = QRectF(0, ROW, WIDTH / 2, ROW)
        assert share_of(after, theme.lost, second_row) > 0.002
        assert share_of(before, process_colour(0), QRectF(0, 0, WIDTH / 2, ROW)) > 0.01
        assert share_of(after, process_colour(0)) == 0
        assert share_of(after, process_colour(1), QRectF(0, 0, WIDTH / 2, ROW)) > 0.01

    def test_what_a_blind_write_replaced_is_not_vermillion(self) -> None:
        run = Simulation(workers=2)
        run.commit(1, 1, "1", None)
        run.commit(2, 2, "2", None)
        image = painted(run.finish(), 2)
        assert share_of(image, LIGHT.lost) == 0
        assert share_of(image, LIGHT.muted, QRectF(0, ROW, WIDTH / 2, ROW)) > 0.002

    def test_rows_say_who_made_what_from_which_version_and_what_it_cost(self, texts: list[str]) -> None:
        painted(one_lost(), 3)
        assert texts == ["−1", "v3 P2   +b from v1", "v2 P1   +a from v1", "v1 main empty"]

    @pytest.mark.parametrize("workers", [4, 16])
    @pytest.mark.parametrize("width", [240, 268, 420])
    def test_no_change_is_cut(self, workers: int, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
        changes: list[tuple[str, str]] = []
        fits = history_painter.elided

        def watched(text: str, room: float, *args: object, **more: object) -> str:
            shown = fits(text, room, *args, **more)  # type: ignore[arg-type]
            changes.append((text, shown))
            return shown

        monkeypatch.setattr(history_painter, "elided", watched)
        recording = race(workers, 200)
        painted(recording, len(recording.events), width)
        assert len(changes) > 10
        assert [text for text, _shown in changes] == [shown for _text, shown in changes]

    def test_only_rows_in_sight_are_looked_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        recording = race(4, 2000)
        looked_up: list[int] = []
        row_of = Graph.row

        def watched(graph: Graph, ordinal: int, event: int) -> GraphRow:
            looked_up.append(ordinal)
            return row_of(graph, ordinal, event)

        monkeypatch.setattr(Graph, "row", watched)
        painted(recording, len(recording.events))
        assert HEIGHT // ROW <= len(looked_up) <= HEIGHT // ROW + 2

    def test_the_empty_view_is_not_blank(self, watched: Watched) -> None:
        assert share_of(watched.image(), LIGHT.muted, QRectF(0, 0, WIDTH, 3 * ROW)) > 0.005


class TestRows:
    """Scrolling, mouse and keyboard."""

    def test_the_newest_commit_stays_on_top_as_the_frame_moves(self, watched: Watched, recording: Recording) -> None:
        graph = watched.show(recording, 50)
        for event in (51, 90, 20, len(recording.events)):
            watched.go(recording, event)
            watched.click(0)
            assert watched.sought[-1] == graph.slot.events[graph.count_at(event) - 1]

    def test_scrolled_down_the_rows_in_sight_stay(self, watched: Watched, recording: Recording) -> None:
        watched.show(recording, 150)
        watched.bar.setValue(round(3 * ROW))
        watched.click(0)
        watched.go(recording, len(recording.events))
        watched.click(0)
        assert watched.sought[0] == watched.sought[1]
        watched.go(recording, 20)
        assert watched.bar.value() == 0

    def test_a_click_seeks_to_the_commit_and_selects_it_with_its_loss(
        self, watched: Watched, recording: Recording
    ) -> None:
        graph, event = watched.show(recording), len(recording.events)
        count = graph.count_at(event)
        dead = next(row for row in graph.rows(0, count, event) if row.fate is Fate.OVERWRITTEN)
        watched.click(count - 1 - dead.ordinal)
        assert watched.sought == [float(dead.event)]
        assert watched.selected == [Selection(dead.event, dead.loss, dead.worker)]
        assert recording.history.losses.victims[dead.loss or 0] == dead.event

    def test_arrows_move_and_enter_seeks(self, watched: Watched, recording: Recording) -> None:
        graph, event = watched.show(recording), len(recording.events)
        newest = [row.event for row in graph.rows(0, len(graph.slot.events), event)]
        watched.press(Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up)
        assert [selection.event for selection in watched.selected] == [newest[n] for n in (0, 0, 1, 2, 1)]
        assert not watched.sought
        watched.press(Qt.Key.Key_Return)
        assert watched.sought == [float(newest[1])]

    def test_arrows_bring_the_row_into_sight(self, watched: Watched, recording: Recording) -> None:
        watched.show(recording)
        watched.press(*[Qt.Key.Key_Down] * 40)
        assert ROW * 40 - HEIGHT <= watched.bar.value() <= ROW * 40
        watched.press(*[Qt.Key.Key_Up] * 40)
        assert watched.bar.value() == 0

    def test_below_the_last_row_a_click_does_nothing(self, watched: Watched) -> None:
        watched.show(one_lost())
        watched.click(5)
        assert not watched.sought
        assert not watched.selected

    def test_other_keys_are_the_windows(self, watched: Watched, recording: Recording) -> None:
        watched.show(recording)
        watched.press(Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_Left)
        assert watched.bar.value() == 0
        assert not watched.selected

    def test_zoom_keeps_the_rows_in_sight(self, watched: Watched, recording: Recording) -> None:
        watched.show(recording)
        watched.bar.setValue(round(4 * ROW))
        watched.view.set_theme(replace(LIGHT, zoom=2.0))
        assert watched.bar.value() == round(8 * ROW)


class TestSelection:
    """What other views select is shown here, and nothing is said back."""

    def test_the_selected_commit_is_in_sight_and_described(self, watched: Watched, recording: Recording) -> None:
        graph = watched.show(recording)
        old = graph.row(2, len(recording.events))
        watched.view.set_selection(Selection(event=old.event))
        assert watched.rows.current == 2
        assert watched.bar.value() > 0
        assert watched.rows.accessibleDescription().startswith(
            f"v{old.version} {old.process} {old.change} from v{old.base}"
        )
        watched.view.set_selection(NOTHING)
        assert watched.rows.current == -1
        assert not watched.selected
        assert not watched.sought

    def test_a_selected_loss_marks_its_commit(self, watched: Watched) -> None:
        watched.show(one_lost())
        plain = watched.image()
        second_row = QRectF(0, ROW, WIDTH, ROW)
        assert share_of(plain, LIGHT.lost_fill, second_row) == 0
        watched.view.set_selection(Selection(event=3, loss=0))
        assert watched.rows.current == 2
        assert share_of(watched.image(), LIGHT.lost_fill, second_row) > 0.5
        watched.view.set_selection(Selection(loss=0))
        assert watched.rows.current == 1

    def test_another_recording_forgets_it(self, watched: Watched) -> None:
        watched.show(one_lost())
        watched.view.set_selection(Selection(event=3, loss=0))
        watched.show(race(2, 5, seed=2))
        assert watched.rows.current == -1


class TestKeys:
    """Where there are several keys."""

    def test_one_key_needs_no_choice(self, watched: Watched) -> None:
        watched.show(one_lost())
        assert watched.choice.isHidden()
        watched.show(keys_of(3))
        assert not watched.choice.isHidden()
        assert [watched.choice.itemText(n) for n in range(watched.choice.count())] == [
            "All keys",
            "d[0]",
            "d[1]",
            "d[2]",
        ]

    def test_the_list_says_who_wrote_each_key_as_it_is_written(self, watched: Watched, texts: list[str]) -> None:
        watched.show(keys_of(30), 2)
        texts.clear()
        watched.image()
        assert texts == ["d[1]", "v1 P2", "d[0]", "v1 P1"]

    def test_a_key_says_how_many_updates_it_lost(self, watched: Watched, texts: list[str]) -> None:
        run = Simulation(workers=2)
        run.commit(0, None, "0", None, "'other'")
        run.commit(0, None, {}, None)
        run.update(1, 1, 1, a="1")
        run.update(2, 2, 1, b="1")
        watched.show(run.finish())
        texts.clear()
        watched.image()
        assert texts == ["d['test']", "−1", "v3 P2", "d['other']", "v1 main"]

    def test_a_click_opens_the_graph_of_a_key_and_the_choice_leads_back(
        self, watched: Watched, texts: list[str]
    ) -> None:
        watched.show(keys_of(3))
        watched.click(1)
        assert watched.choice.currentText() == "d[1]"
        assert not watched.sought
        texts.clear()
        watched.image()
        assert texts == ["v1 P2 1=1"]
        watched.choice.activated.emit(0)
        texts.clear()
        watched.image()
        assert texts[0] == "d[2]"

    def test_typing_a_part_of_a_key_finds_it(self, watched: Watched) -> None:
        watched.show(keys_of(30))
        completer = watched.choice.completer()
        completer.setCompletionPrefix("27")
        assert [completer.currentCompletion(), completer.completionCount()] == ["d[27]", 1]

    def test_a_selection_in_another_key_shows_that_key(self, watched: Watched) -> None:
        watched.show(keys_of(3))
        watched.view.set_selection(Selection(event=2))
        assert watched.choice.currentText() == "All keys"
        assert watched.rows.current == 1
        watched.click(2)
        watched.view.set_selection(Selection(event=2))
        assert watched.choice.currentText() == "d[1]"
        assert watched.rows.current == 0
        assert not watched.selected

    def test_a_live_run_that_grows_keeps_what_was_chosen(self, watched: Watched) -> None:
        run = Simulation(workers=2)
        run.commit(1, 1, "1", None, "'a'")
        growing = run.recording
        watched.show(growing)
        assert watched.choice.isHidden()
        known = len(run.rows)
        run.commit(1, 2, "1", None, "'b'")
        growing.extend(run.rows[known:])
        watched.show(growing)
        assert watched.choice.currentText() == "All keys"
        watched.click(0)
        known = len(run.rows)
        run.commit(1, 3, "1", None, "'c'")
        growing.extend(run.rows[known:])
        watched.show(growing)
        assert watched.choice.currentText() == "d['b']"
        assert watched.choice.count() == 4


def test_no_recording_is_shown_again_as_none(watched: Watched, recording: Recording) -> None:
    empty = watched.image()
    watched.show(recording)
    assert watched.image() != empty
    watched.view.set_recording(None)
    watched.view.set_frame(None)
    assert watched.image() == empty
