"""Whatever the position, every view says what the Frame says: real runs in the real window, a thousand random moments.

What a view says is read where a person or a screen reader meets it: in the texts it paints, its pixels, its tables, its
accessible description. It is compared with the Frame itself, not worked out once more from the recording.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QSpinBox, QWidget

from dictrace.engine.experiment import preset
from dictrace.engine.explain import kind_name
from dictrace.engine.frame import CellState, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Source
from dictrace.widgets import dict_model, log_model, stamps, text
from dictrace.widgets.blame_bars import BlameBars
from dictrace.widgets.code_painter import LINE
from dictrace.widgets.code_view import CodeView
from dictrace.widgets.dict_view import DictView
from dictrace.widgets.history_rows import HistoryRows
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.log_view import LogView
from dictrace.widgets.losses_plot import LossesPlot
from dictrace.widgets.narration import Narration
from dictrace.widgets.scrub_bar import ScrubBar
from dictrace.widgets.stage import Stage
from dictrace.widgets.theme import LIGHT
from dictrace.widgets.timeline import Timeline
from dictrace.widgets.transport import Transport
from dictrace.widgets.verdict_bar import VerdictBar
from dictrace.widgets.why_view import WhyView
from tests.app.watched import Watched
from tests.engine.runs import rows_of
from tests.widgets.frames import UNMIXED, share_of

PRESETS = (
    "own-key",
    "nested-in-place",
    "fetch-mutate-commit",
    "shared-lock",
    "private-lock",
    "counter",
    "nested-proxy",
    "lock-ignored",
)
POSITIONS = 125
"""In each of the eight runs."""

TASKS = 30

THEME = replace(LIGHT, lost=UNMIXED)


class Painted:
    """The texts that views paint, each as it was before being cut to its room, with its colour."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._said: list[tuple[str, QColor]] = []
        monkeypatch.setattr(stamps, "kept", stamps.Kept(0))
        for name in ("draw_text", "draw_paragraph"):
            draw = getattr(text, name)
            for module in [module for key, module in sys.modules.items() if key.startswith("dictrace.widgets.")]:
                if getattr(module, name, None) is draw:
                    monkeypatch.setattr(module, name, self._watching(draw))

    def by(self, view: QWidget) -> list[str]:
        """What the view paints now."""
        return [said for said, _colour in self.coloured(view)]

    def coloured(self, view: QWidget) -> list[tuple[str, QColor]]:
        self._said.clear()
        view.grab()
        return list(self._said)

    def _watching(self, draw: Callable[..., object]) -> Callable[..., object]:
        def watched(painter: object, rect: object, said: str, colour: QColor, *more: object, **named: object) -> object:
            self._said.append((said, colour))
            return draw(painter, rect, said, colour, *more, **named)

        return watched


class Views:
    """The window's views; each method compares one of them with the frame of the position it shows."""

    def __init__(self, watched: Watched, painted: Painted) -> None:
        self._watched, self._painted = watched, painted
        assert watched.window.session is not None
        self._recording: Recording = watched.window.session.recording
        self._places = places_of(self._recording.header.source)
        watched.qtbot.keyClick(watched.view(Timeline), Qt.Key.Key_Home)  # all of the run

    def transport(self, frame: Frame) -> None:
        transport = self._watched.view(Transport)
        (event,) = transport.findChildren(QSpinBox)
        (time,) = [label for label in transport.findChildren(QLabel) if label.text().endswith("ms")]
        assert event.value() == frame.event
        assert float(time.text().split()[0].replace(",", "")) == pytest.approx(frame.time_ns / 1e6, abs=0.006)

    def scrub_bar(self, frame: Frame) -> None:
        """The handle stands where the position is: its colour begins and ends around there."""
        bar = self._watched.view(ScrubBar)
        side, image = 10.0, bar.grab().toImage()
        x = side + (image.width() - 2 * side) * frame.position / frame.events
        assert share_of(image, THEME.accent, QRectF(x - 2, image.height() / 2, 4, 4)) == 1
        assert share_of(image, THEME.accent, QRectF(x + 10, 0, image.width(), image.height())) == 0

    def verdict(self, frame: Frame) -> None:
        bar, counts = self._watched.view(VerdictBar), frame.counts
        told, painted = bar.accessibleName(), self._painted.by(bar)
        assert told in painted
        assert not counts.attempted or re.findall(r"\d+", told)[-1] == str(counts.attempted)
        assert not counts.lost or told.startswith(f"{counts.survived} of {counts.attempted}")
        assert bar.accessibleDescription().startswith(frame.happened)
        line = " ".join(painted)
        for count, word in (
            (counts.overwritten, "overwritten"),
            (counts.never_sent, "never sent"),
            (counts.never_ran, "never ran"),
        ):
            assert not counts.attempted or f"{count} {word}" in line

    def stage(self, frame: Frame) -> None:
        painted = Counter(self._painted.by(self._watched.view(Stage)))
        told = self._watched.view(Stage).accessibleDescription()
        assert frame.happened in told
        if frame.opening is not None:
            return
        for process in frame.processes:
            assert painted[process.label]
        states = Counter(str(process.state.value) for process in frame.processes)
        assert all(painted[state] == count for state, count in states.items())
        copies = Counter(process.copy.base_version for process in frame.processes if process.copy is not None)
        assert all(painted[f"private copy of v{version}"] == count for version, count in copies.items())
        behind = Counter(process.copy.behind for process in frame.processes if process.copy is not None)
        assert all(painted[f"{n} behind"] == count for n, count in behind.items() if n)
        tasks = {process.task: process.pid for process in frame.processes if process.task is not None}
        for task, pid in tasks.items():
            assert painted[f"task {task} · PID {pid}"] == 1, (tasks, painted)
        for lock in frame.locks:
            assert painted[lock.label]
            assert bool(painted["free"]) is (lock.holder is None)
        if frame.losses:
            assert any(said.startswith(f"−{len(frame.losses)}") for said in painted)

    def transcript(self, frame: Frame) -> None:
        assert self._watched.view(Narration).text().startswith(frame.happened)

    def timeline(self, frame: Frame) -> None:
        """The cursor stands at the time, and the colour of what is lost is seen only where something is lost."""
        timeline = self._watched.view(Timeline)
        assert timeline.accessibleDescription().startswith(frame.happened)
        image, geometry = timeline.grab().toImage(), timeline.geometry_now()
        x = max(geometry.x_of(frame.time_ns), geometry.plot.left())
        column = QRectF(x - 1, geometry.plot.top() - 7, 2, 3)
        assert share_of(image, THEME.accent, column) > 0.6
        assert (share_of(image, THEME.lost) > 0) is (frame.counts.lost > 0)

    def history(self, frame: Frame) -> None:
        """Of one key: the newest version, and each lost update once, as lost and as a cost; of many: every key."""
        said = self._painted.coloured(self._watched.view(HistoryView).findChild(HistoryRows).viewport())
        rows = [(text, colour) for text, colour in said if re.match(r"v\d", text)]
        if len(self._recording.history.slots) > 1:
            keys = [text for text, _colour in said if "[" in text]
            assert len(keys) == sum(field.size for field in frame.fields)
            return
        versions = [int(re.findall(r"\d+", text)[0]) for text, _colour in rows]
        newest = max((field.version for field in frame.fields), default=0)
        assert versions == list(range(newest, 0, -1))
        lost = [text for text, colour in rows if colour == THEME.lost_text]
        costs = [int(text[1:]) for text, _colour in said if re.fullmatch(r"−\d+", text)]
        assert len(lost) == sum(costs) == frame.counts.overwritten

    def dict(self, frame: Frame) -> None:
        """Each key is there, lost or not yet, and as many are lost in each way."""
        model, cells, fate = self._watched.view(DictView).model, frame.cells, dict_model.Column.FATE
        column = [model.index(row, fate).data() for row in range(model.rowCount())]
        keys = [model.index(row, dict_model.Column.KEY).data() for row in range(model.rowCount())]
        labels = Counter(cells.labels[: len(cells.states)])
        for cell, state in enumerate(cells.states.tolist()):
            if labels[cells.labels[cell]] > 1:
                continue
            (row,) = [n for n, key in enumerate(keys) if key in (cells.labels[cell], f"{self._label_of(frame, cell)}")]
            wanted = {CellState.PRESENT.value: ("present",), CellState.LOST.value: LOST, CellState.EMPTY.value: ABSENT}
            assert column[row] in wanted[state] or column[row].endswith(" lost")
        if self._recording.header.what == "counter" and frame.fields and frame.fields[0].value:
            counter = [model.index(0, column).data() for column in dict_model.Column]
            assert counter[1].split(" · ")[0] == str(frame.counts.attempted)
            assert counter[2].split(" · ")[0] == frame.fields[0].value
            assert counter[3] == (f"{frame.counts.lost} lost" if frame.counts.lost else "present")
        note = " ".join(label.text() for label in self._watched.view(DictView).findChildren(QLabel))
        assert f"{frame.counts.survived:,} of {frame.counts.attempted:,} " in note

    def code(self, frame: Frame) -> None:
        """A badge for each process, on its line."""
        code = self._watched.view(CodeView)
        told = re.findall(r"(P\d+) is at line (\d+)\.", code.accessibleDescription())
        lines = {process.label: process.line for process in frame.processes if process.line is not None}
        assert {label: int(line) for label, line in told} == lines
        assert sorted(badge.text for badge in code.badges()) == sorted(lines)
        places = {badge.text: badge.rect.center().y() // LINE for badge in code.badges()}
        assert places == {label: self._places[line] for label, line in lines.items()}

    def why(self, frame: Frame) -> None:
        """The story of a loss that has just happened is told to its end; before the first there is none."""
        why = self._watched.view(WhyView)
        said = " ".join(label.text() for label in why.findChildren(QLabel))
        assert ("No update is lost up to here." in said) is (frame.counts.lost == 0)
        assert all(step.is_reached for step in why.steps)
        for loss in frame.losses[-1:]:
            certificate = self._recording.history.certificate(loss)
            assert f"{certificate.key}: {kind_name(certificate.kind)}" in said

    def log(self, frame: Frame) -> None:
        """The event is the one row that is marked, and says what the frame says."""
        model = self._watched.view(LogView).model
        near = range(max(frame.event - 2, 1), min(frame.event + 2, frame.events) + 1)
        marked = [
            event for event in near if model.index(event - 1, 0).data(Qt.ItemDataRole.BackgroundRole) == THEME.raised
        ]
        assert marked == [frame.event] if frame.event else marked == []
        if frame.event and frame.opening is None:
            assert model.index(frame.event - 1, log_model.Column.HAPPENED).data() == frame.happened

    def losses(self, frame: Frame) -> None:
        """The labels at the ends of the lines, and where the lines end."""
        import pyqtgraph as pg

        (view,) = self._watched.view(LossesPlot).findChildren(pg.GraphicsView)
        items, counts = view.scene().items(), frame.counts
        assert f"{counts.overwritten} overwritten" in self._watched.view(LossesPlot).accessibleDescription()
        said = {item.toPlainText() for item in items if isinstance(item, pg.TextItem) and item.isVisible()}
        lost = {f"{counts.lost} lost"} if counts.lost else {""}
        wanted = {f"attempted {counts.attempted}", f"surviving {counts.survived}", *lost}
        assert said == (wanted if frame.event else set())
        ends = {int(item.getData()[1][-1]) for item in items if isinstance(item, pg.PlotDataItem)}
        assert ends == {counts.attempted, counts.survived}

    def by_process(self, frame: Frame) -> None:
        told = self._watched.view(BlameBars).accessibleDescription()
        lost = {label: int(n) for n, label in re.findall(r"(\d+) updates? of (P\d+)", told)}
        assert {label: n for label, n in lost.items() if n} == {p.label: p.lost for p in frame.processes if p.lost}
        assert sum(map(int, re.findall(r"overwrote (\d+)", told))) == frame.counts.overwritten

    def _label_of(self, frame: Frame, cell: int) -> str:
        return f"{frame.fields[frame.cells.fields[cell]].label}[{frame.cells.labels[cell]}]"


def places_of(sources: Sequence[Source]) -> dict[int, int]:
    """Number of a line -> its place in the code pane, where each source comes below a line of its own."""
    places, place = {}, 0
    for source in sources:
        for number in range(source.first_line, source.first_line + len(source.text.splitlines())):
            place += 1
            places[number] = place
        place += 1
    return places


LOST = ("overwritten", "never sent", "never ran", "lost")
ABSENT = ("not yet", "absent")
CHECKS = [check for name, check in vars(Views).items() if not name.startswith("_")]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", PRESETS)
def test_every_view_agrees_with_the_frame(name: str, watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    window, desk = watched.window, watched.window.desk
    window.appearance.theme = THEME
    window.appearance.theme_changed.emit(THEME)
    with Run(Order(preset(name, tasks=TASKS, think_ms=0.5))) as run:
        header, *rows = rows_of(run)
    watched.run(SimpleNamespace(header=header, rows=rows))
    window.player.pause()
    window.resize(1_700, 1_100)  # processes are cards that say everything
    desk.panels["history"].setFloating(True)
    desk.panels["history"].resize(340, 1_000)
    watched.qtbot.waitUntil(lambda: not watched.view(DictView).model.slices.is_working)
    QApplication.processEvents()
    views, chance = Views(watched, Painted(monkeypatch)), Random(name)
    recording = window.session.recording
    assert len(recording.events) > TASKS
    for _time in range(POSITIONS):
        position = chance.uniform(0, len(recording.events))
        window.player.seek(chance.choice((position, round(position))))
        window.settle()
        frame = frame_at(recording, window.player.position)
        for check in CHECKS:
            try:
                check(views, frame)
            except AssertionError as error:
                error.add_note(f"{check.__name__} at {frame.position}")
                raise


def test_there_are_a_thousand_positions() -> None:
    assert POSITIONS * len(PRESETS) == 1_000
