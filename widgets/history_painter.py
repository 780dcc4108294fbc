"""Paints the commit graph of a key, or the list of all keys, newest row first.

Only the rows in sight are looked up and painted, at any size onto any device. Rows stand for *items*, ordinals of
commits or numbers of keys; item 0, the oldest, is the last row.
"""

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from dictrace.engine.graph import REACH, Branch, Fate, Graph, GraphRow, Graphs
from dictrace.engine.words import _
from dictrace.widgets.text import draw_text, elided, text_width
from dictrace.widgets.theme import TextSize, Theme, line_colour, process_colour

ROW = 22.0
"""Height of a row, base units."""

_SIDE, _DOT, _GAP = 14.0, 6.0, 10.0
_LANE, _LEAST_LANE = 16.0, 8.0
_CHAIN_SHOWN = 6


@dataclass(frozen=True, slots=True)
class RowsState:
    """Which part of the rows is in sight, and what is picked out.

    Attributes:
        event: event just after which everything is shown.
        offset: how far the rows are scrolled, base units.
        current: item with the keyboard, -1 for none.
        victim: ordinal of the commit whose loss is selected, -1 for none; marked once it is lost.
        focused: the keyboard is here.
        unread: keys whose commits are not known yet; shown without them.
    """

    event: int
    offset: float = 0.0
    current: int = -1
    victim: int = -1
    focused: bool = False
    unread: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where things stand in a row of the graph: x of the chain, distance of lanes, x of the text, and its size.

    `letters` is the length to which the beginning of every text is filled up, so that changes are below each other.
    """

    chain: float
    lane: float
    lanes: int
    text: float
    size: TextSize
    letters: int

    def x(self, lane: int) -> float:
        """Where a lane is; those without room share the last."""
        return self.chain + self.lane * min(lane, self.lanes)


def paint_graph(painter: QPainter, rect: QRectF, graph: Graph, state: RowsState, theme: Theme) -> None:
    """Paint the commits of one key into `rect`, base units; the background is left as it is."""
    count = graph.count_at(state.event)
    first, last = _in_sight(rect, count, state)
    rows = graph.rows(first, last, state.event)
    if not rows:
        return
    columns = _columns(rect, graph, rows)
    top = rect.top() - state.offset + ROW / 2

    def y(item: int) -> float:
        return top + (count - 1 - item) * ROW

    painter.save()
    painter.setClipRect(rect)
    for row in rows:
        _paint_ground(painter, QRectF(rect.left(), y(row.ordinal) - ROW / 2, rect.width(), ROW), row, state, theme)
    newest, root = min(count - 1, last + 1), max(graph.root_at(state.event), first - 1)
    if root < newest:
        painter.setPen(QPen(theme.strong_border, 2))
        painter.drawLine(QLineF(columns.chain, y(newest), columns.chain, y(root)))
    for branch in graph.branches(first, last, state.event):
        bottom = y(max(branch.parent, first - 2 - REACH))
        _paint_branch(painter, columns, branch, y(branch.ordinal), bottom, theme)
    for row in rows:
        _paint_mark(painter, QPointF(columns.x(row.lane), y(row.ordinal)), row.worker, row.fate, theme)
        _paint_row(painter, rect, columns, y(row.ordinal), row, theme)
    painter.restore()


def paint_keys(painter: QPainter, rect: QRectF, graphs: Graphs, state: RowsState, theme: Theme) -> None:
    """Paint one row per key into `rect`, base units: label, latest commits, version and lost updates."""
    count, numbers = graphs.count_at(state.event), keys_in_sight(rect, graphs, state)
    width = max((text_width(graphs.label(n), TextSize.BODY, mono=True) for n in numbers), default=0.0)
    width = min(width, rect.width() * 0.4)
    painter.save()
    painter.setClipRect(rect)
    for number in numbers:
        top = rect.top() - state.offset + (count - 1 - number) * ROW
        box = QRectF(rect.left(), top, rect.width(), ROW)
        if number == state.current:
            _paint_current(painter, box, state.focused, theme)
        row = box.adjusted(6, 0, -6, 0)
        label = QRectF(row.left(), row.top(), width, ROW)
        draw_text(painter, label, graphs.label(number), theme.text, mono=True)
        if number not in state.unread:
            _paint_key(painter, row.adjusted(width + _GAP, 0, 0, 0), graphs.graph(number), state.event, theme)
    painter.restore()


def keys_in_sight(rect: QRectF, graphs: Graphs, state: RowsState) -> range:
    """Numbers of the keys of which something is seen in `rect`, from the top."""
    count = graphs.count_at(state.event)
    first, last = _in_sight(rect, count, state)
    return range(min(last, count - 1), max(first, 0) - 1, -1)


def row_text(row: GraphRow) -> str:
    """``v38 P2 +37 from v35``."""
    return f"{_who(row)} {row.change}{_origin(row)}"


def _in_sight(rect: QRectF, count: int, state: RowsState) -> tuple[int, int]:
    """The oldest and the newest item of which something is seen; they may lie outside of what there is."""
    return count - ceil((state.offset + rect.height()) / ROW), count - 1 - floor(state.offset / ROW)


def _columns(rect: QRectF, graph: Graph, rows: list[GraphRow]) -> _Columns:
    """The text gets its room first, in the large size where some lanes find room beside it; then the lanes."""
    letters = max(len(_who(row)) for row in rows)
    longest = max((_who(row).ljust(letters) + f" {row.change}{_origin(row)}" for row in rows), key=len)
    cost = max((text_width(_cost(row), TextSize.BODY, bold=True, mono=True) for row in rows), default=0.0)
    lanes = max(graph.lanes, 1)
    for size in (TextSize.BODY, TextSize.SMALL):
        room = rect.width() - text_width(longest, size, mono=True) - cost - 2 * _SIDE - _GAP
        if room >= min(lanes, 4) * _LEAST_LANE:
            break
    lane = min(max(room / lanes, _LEAST_LANE), _LANE)
    shown = max(1, min(lanes, floor(max(room, 2 * _LEAST_LANE) / lane)))
    chain = rect.left() + _SIDE
    return _Columns(chain, lane, shown, chain + shown * lane + _SIDE, size, letters)


def _paint_ground(painter: QPainter, box: QRectF, row: GraphRow, state: RowsState, theme: Theme) -> None:
    if row.ordinal == state.current:
        _paint_current(painter, box, state.focused, theme)
    if row.ordinal == state.victim and row.fate is Fate.OVERWRITTEN:
        painter.setPen(QPen(theme.lost, 1.5))
        painter.setBrush(theme.lost_fill)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)


def _paint_current(painter: QPainter, box: QRectF, focused: bool, theme: Theme) -> None:
    painter.setPen(QPen(theme.accent, 2) if focused else QPen(theme.border, 1))
    painter.setBrush(theme.raised)
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)


def _paint_branch(
    painter: QPainter, columns: _Columns, branch: Branch, top: float, bottom: float, theme: Theme
) -> None:
    """Down its lane, and in the last row over to what it was made from; a stub where that is far away."""
    pen = QPen(_dead_colour(branch.fate, theme), 1.5, Qt.PenStyle.DashLine)
    pen.setDashPattern([3, 2])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, base = columns.x(branch.lane), columns.x(branch.parent_lane)
    path = QPainterPath(QPointF(x, top))
    if branch.parent < 0:
        path.lineTo(x, top + ROW * 0.8)
    else:
        bend = bottom - ROW
        path.lineTo(x, bend)
        path.cubicTo(QPointF(x, bend + ROW * 0.6), QPointF(base, bottom - ROW * 0.6), QPointF(base, bottom))
    painter.drawPath(path)


def _paint_mark(painter: QPainter, at: QPointF, worker: int, fate: Fate, theme: Theme, dot: float = _DOT) -> None:
    """A dot in the process's colour; a crossed circle where its updates are lost, an empty one where superseded."""
    if fate is Fate.SURVIVES:
        painter.setPen(QPen(line_colour(worker, theme), 1))
        painter.setBrush(process_colour(worker))
        painter.drawEllipse(at, dot, dot)
        return
    painter.setPen(QPen(_dead_colour(fate, theme), 2))
    painter.setBrush(theme.panel)
    painter.drawEllipse(at, dot, dot)
    if fate is Fate.OVERWRITTEN:
        arm = dot * 0.5
        for way in (-1, 1):
            painter.drawLine(QLineF(at.x() - arm, at.y() - way * arm, at.x() + arm, at.y() + way * arm))


def _paint_row(painter: QPainter, rect: QRectF, columns: _Columns, middle: float, row: GraphRow, theme: Theme) -> None:
    """The text, its change elided first, and at the right how many updates it cost others."""
    box = QRectF(columns.text, middle - ROW / 2, rect.right() - 4 - columns.text, ROW)
    cost = _cost(row)
    if cost:
        draw_text(painter, box, cost, theme.lost_text, TextSize.BODY, Qt.AlignmentFlag.AlignRight, bold=True, mono=True)
        box.setRight(box.right() - text_width(cost, TextSize.BODY, bold=True, mono=True) - 4)
    who, origin = _who(row).ljust(columns.letters + 1), _origin(row)
    room = box.width() - text_width(who + origin, columns.size, mono=True)
    change = elided(row.change, max(round(room, 1), 0.0), columns.size, mono=True)
    draw_text(painter, box, who + change + origin, _ink(row.fate, theme), columns.size, mono=True)


def _paint_key(painter: QPainter, box: QRectF, graph: Graph, event: int, theme: Theme) -> None:
    count = graph.count_at(event)
    lost = graph.lost_at(event)
    right = box.right()
    if lost:
        text = _minus(lost)
        draw_text(painter, box, text, theme.lost_text, TextSize.BODY, Qt.AlignmentFlag.AlignRight, bold=True, mono=True)
        right -= text_width(text, TextSize.BODY, bold=True, mono=True) + 8
    left = box.left()
    text = _who(graph.row(count - 1, event))
    text_left = right - text_width(text, TextSize.BODY, mono=True)
    room = floor((text_left - _GAP - left) / _LANE)
    fitting = max(1, min(count, _CHAIN_SHOWN, room))
    middle = box.top() + ROW / 2
    places = [left + _DOT + n * _LANE for n in range(fitting)]
    painter.setPen(QPen(theme.strong_border, 2))
    painter.drawLine(QLineF(places[0] if fitting == count else left - 4, middle, places[-1], middle))
    for ordinal, x in enumerate(places, count - fitting):
        at = QPointF(x, middle)
        _paint_mark(painter, at, graph.worker(ordinal), graph.fate(ordinal, event), theme, _DOT - 1)
    text_left = max(text_left, places[-1] + _GAP)
    draw_text(painter, QRectF(text_left, box.top(), right - text_left, ROW), text, theme.muted, mono=True)


def _who(row: GraphRow) -> str:
    who = row.process or _("main")
    return f"v{row.version} {who}"


def _origin(row: GraphRow) -> str:
    """From which version; the first commit of all replaced nothing, so that it is blind needs no word."""
    if row.base is not None:
        return _(" from v{version}").format(version=row.base)
    return _(" blind") if row.ordinal else ""


def _cost(row: GraphRow) -> str:
    return _minus(row.cost) if row.cost else ""


def _minus(updates: int) -> str:
    return f"−{updates:,}"


def _ink(fate: Fate, theme: Theme) -> QColor:
    return {Fate.SURVIVES: theme.text, Fate.OVERWRITTEN: theme.lost_text, Fate.SUPERSEDED: theme.muted}[fate]


def _dead_colour(fate: Fate, theme: Theme) -> QColor:
    return theme.lost if fate is Fate.OVERWRITTEN else theme.muted
