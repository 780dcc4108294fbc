"""A history too long to be laid out at once is laid out in slices, and is shown when it is known."""

import pytest
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dictrace.engine.framing import frame_at
from dictrace.engine.graph import STEP, Graph
from dictrace.engine.recording import Recording
from dictrace.widgets import history_painter, history_view
from dictrace.widgets.history_rows import HistoryRows
from dictrace.widgets.history_view import AT_ONCE, HistoryView
from dictrace.widgets.theme import LIGHT
from tests.engine.histories import Simulation
from tests.engine.races import race


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is written from now on."""
    drawn: list[str] = []
    for module, name in ((history_painter, "draw_text"), (history_view, "draw_invitation")):
        draw = getattr(module, name)

        def watched(
            painter: QPainter, rect: object, said: str, *args: object, draw: object = draw, **more: object
        ) -> object:
            drawn.append(said)
            return draw(painter, rect, said, *args, **more)  # type: ignore[operator]

        monkeypatch.setattr(module, name, watched)
    return drawn


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many commits are taken in at a time."""
    taken: list[int] = []
    advance = Graph.advance

    def counted(graph: Graph, most: int | None = None) -> None:
        before = graph.behind
        advance(graph, most)
        if before > graph.behind:
            taken.append(before - graph.behind)

    monkeypatch.setattr(Graph, "advance", counted)
    return taken


@pytest.fixture
def view(qtbot: QtBot) -> HistoryView:
    made = HistoryView()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(330, 380)
    return made


def show_end(view: HistoryView, recording: Recording) -> None:
    view.set_recording(recording)
    view.set_frame(frame_at(recording, len(recording.events)))
    view.grab()


def test_a_long_history_is_laid_out_in_slices(
    view: HistoryView, qtbot: QtBot, texts: list[str], steps: list[int]
) -> None:
    recording = race(tasks=3_000, counter=True)
    bar = view.findChild(HistoryRows).verticalScrollBar()
    show_end(view, recording)
    assert texts == ["Laying out the commits: 0 of 3,001"]
    assert not bar.maximum(), "there is nothing to scroll yet"
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert sum(steps) == 3_001
    assert max(steps) <= STEP, "and nothing at once"
    texts.clear()
    view.grab()
    assert any(text.startswith("v3001 ") for text in texts)


def test_of_many_keys_a_long_one_is_listed_before_its_commits_are_known(
    view: HistoryView, qtbot: QtBot, texts: list[str]
) -> None:
    run = Simulation(workers=2)
    run.commit(1, 0, "0", None, "'short'")
    for number in range(AT_ONCE + 10):
        run.commit(1, number + 1, str(number), None, "'long'")
    newest = f"v{AT_ONCE + 10} P1"
    show_end(view, run.finish())
    assert "d['long']" in texts
    assert "v1 P1" in texts, "the short one is whole at once"
    assert newest not in texts
    qtbot.waitUntil(lambda: not view.grab().isNull() and newest in texts)


def test_another_recording_ends_the_work_on_the_first(view: HistoryView, steps: list[int]) -> None:
    show_end(view, race(tasks=3_000, counter=True))
    show_end(view, race(tasks=20, counter=True))
    taken = sum(steps)
    QApplication.processEvents()
    assert sum(steps) == taken
