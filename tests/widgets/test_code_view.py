"""Code: the source as it stands in its file, readable, with each process at its line."""

from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Source
from dictrace.widgets.code_painter import LINE, badges_on, lines_of
from dictrace.widgets.code_view import CodeView
from dictrace.widgets.python_highlighter import Syntax, spans_of, syntax_colour
from dictrace.widgets.selection import Selection
from dictrace.widgets.theme import DARK, LIGHT, Theme, contrast, process_colour
from tests.engine.races import race
from tests.widgets.frames import share_of

TEXT = "def f(i, d):\n    row = d['test']\n    row[i] = i\n    think()\n    d['test'] = row\n"


@pytest.fixture(scope="module")
def recording() -> Recording:
    made = race()
    made.header = msgspec.structs.replace(made.header, source=(Source("test.py", 1, TEXT),))
    made.sources = list(made.header.source)
    return made


@pytest.fixture(scope="module")
def busy(recording: Recording) -> Frame:
    """Processes are on both lines."""
    frames = (frame_at(recording, event + 0.9) for event in range(len(recording.events)))
    return next(frame for frame in frames if {view.line for view in frame.processes} >= {2, 5})


@pytest.fixture
def view(qtbot: QtBot, recording: Recording) -> CodeView:
    made = CodeView()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(300, 200)
    made.set_recording(recording)
    return made


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("syntax", Syntax)
def test_colours_are_readable_and_none_means_lost(theme: Theme, syntax: Syntax) -> None:
    colour = syntax_colour(syntax, theme)
    assert all(contrast(colour, background) >= 4.5 for background in (theme.panel, theme.sunken, theme.raised))
    assert colour not in (theme.lost, theme.lost_text)


def found(text: str) -> list[list[tuple[str, Syntax]]]:
    lines = text.splitlines()
    return [
        [(line[span.start : span.end], span.syntax) for span in spans]
        for line, spans in zip(lines, spans_of(text), strict=True)
    ]


def test_spans() -> None:
    assert found("def f(i):  # why\n    return 'a' + '''b\nc''' + 12\n") == [
        [("def", Syntax.KEYWORD), ("f", Syntax.DEFINED), ("# why", Syntax.COMMENT)],
        [("return", Syntax.KEYWORD), ("'a'", Syntax.STRING), ("'''b", Syntax.STRING)],
        [("c'''", Syntax.STRING), ("12", Syntax.NUMBER)],
    ]


@pytest.mark.parametrize(
    "text", ["    def f():\n        return (", "    pass\n  x = '", "", "\n\n", "it's no Python {["]
)
def test_pieces_and_other_languages_are_shown_too(text: str) -> None:
    assert len(spans_of(text)) == len(text.splitlines())
    assert all(one.end <= other.start for spans in spans_of(text) for one, other in pairwise(spans))


def test_indented_piece_is_coloured_in_place() -> None:
    assert found("    def f():\n        return 1")[1] == [("return", Syntax.KEYWORD), ("1", Syntax.NUMBER)]


def test_lines_have_the_numbers_of_their_files() -> None:
    lines = lines_of([Source("a.py", 31, "x\ny\n"), Source("a.py", 7, "z\n"), Source("b.py", 1, "w\n")])
    assert [(line.number, line.text) for line in lines] == [
        (0, "a.py"), (31, "x"), (32, "y"), (0, "⋯"), (7, "z"), (0, "b.py"), (1, "w"),
    ]  # fmt: skip


def test_badge_of_every_process_is_on_its_line(view: CodeView, busy: Frame) -> None:
    view.set_frame(busy)
    at = {badge.process: int(badge.rect.center().y() // LINE) for badge in view.badges()}
    assert at == {index: shown.line for index, shown in enumerate(busy.processes) if shown.line is not None}
    image = view.grab().toImage()
    for badge in view.badges():
        assert share_of(image, process_colour(badge.process), badge.rect) > 0.3
        assert badge.text == busy.processes[badge.process].label
    for place in range(1, 6):
        room = QRectF(100, place * LINE + 1, 4, LINE - 2)
        assert (share_of(image, LIGHT.raised, room) > 0.3) == (place in at.values())


@pytest.mark.parametrize("zoom", [1.0, 2.0])
def test_press_on_a_badge_selects_its_process(qtbot: QtBot, view: CodeView, busy: Frame, zoom: float) -> None:
    view.set_theme(replace(LIGHT, zoom=zoom))
    view.resize(round(300 * zoom), round(200 * zoom))
    view.set_frame(busy)
    for badge in view.badges():
        with qtbot.waitSignal(view.selected, timeout=1000) as caught:
            at = (badge.rect.center() * zoom).toPoint()
            qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert caught.args == [Selection(process=badge.process)]


def test_press_on_a_line_leads_to_its_next_event(qtbot: QtBot, view: CodeView, recording: Recording) -> None:
    frame = frame_at(recording, 20)
    view.set_frame(frame)
    with qtbot.waitSignal(view.seek_requested, timeout=1000) as caught:
        at = QPointF(90, 5.5 * LINE).toPoint()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    (position,) = caught.args
    lines = [getattr(row, "line", None) for row in recording.events]
    assert position == lines.index(5, 20) + 1
    with qtbot.assertNotEmitted(view.seek_requested):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(90, 4.5 * LINE).toPoint())


def test_keys_go_from_process_to_process(qtbot: QtBot, view: CodeView, busy: Frame) -> None:
    view.set_frame(busy)
    for before, key, after in ((None, "Down", 0), (0, "Down", 1), (0, "Up", 3), (3, "Down", 0), (None, "Up", 3)):
        view.set_selection(Selection(process=before))
        with qtbot.waitSignal(view.selected, timeout=1000) as caught:
            qtbot.keyClick(view, getattr(Qt.Key, f"Key_{key}"))
        assert caught.args == [Selection(process=after)]


@pytest.mark.parametrize(("processes", "width"), [(1, 200), (3, 260), (16, 260), (64, 300), (64, 60)])
def test_badges_never_overlap_and_count_those_left_out(processes: int, width: int) -> None:
    views = frame_at(race(64, 64), 100).processes
    rect = QRectF(0, 0, width, LINE)
    badges = badges_on(rect, range(processes), views)
    assert all(right.rect.left() > left.rect.right() for left, right in pairwise(reversed(badges)))
    shown = [badge for badge in badges if badge.process >= 0]
    assert shown
    if len(shown) < processes:
        assert badges[-1].text == f"+{processes - len(shown)}"
    else:
        assert badges == tuple(shown)


def test_without_source_it_says_so(view: CodeView) -> None:
    with_source = view.grab().toImage()
    view.set_recording(race())
    assert view.badges() == ()
    assert view.grab().toImage() != with_source
