"""Paints one process on the stage: from a card with its private copy down to a chip, by the room there is."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from dictrace.engine.frame import Cells, PrivateCopy, ProcessState, ProcessView
from dictrace.engine.words import N_, _
from dictrace.widgets.cell_grid import CellGrid, fit_cells
from dictrace.widgets.cells import paint_cells, tiles_of
from dictrace.widgets.icons import Icon, paint_icon
from dictrace.widgets.stage_layout import CardKind
from dictrace.widgets.stamps import stamp
from dictrace.widgets.text import draw_pill, draw_text, first_that_fits, pill_width, text_width
from dictrace.widgets.theme import RADIUS, UNIT, TextSize, Theme, line_colour
from dictrace.widgets.tiles import paint_tile, process_tile

_GONE = (ProcessState.ABSENT, ProcessState.ENDED, ProcessState.DIED)
_BUSY = (ProcessState.FETCHING, ProcessState.COMMITTING)
_STATE_WORDS = {
    ProcessState.ABSENT: N_("not started"),
    ProcessState.IDLE: N_("idle"),
    ProcessState.WORKING: N_("working"),
    ProcessState.FETCHING: N_("fetching"),
    ProcessState.HOLDS_COPY: N_("holds copy"),
    ProcessState.COMMITTING: N_("committing"),
    ProcessState.WAITING: N_("waits for lock"),
    ProcessState.ENDED: N_("ended"),
    ProcessState.DIED: N_("died"),
}
_RIGHT = Qt.AlignmentFlag.AlignRight
_SMALL = TextSize.SMALL
_SIGN_WIDTH = 24.0


@dataclass(frozen=True, slots=True)
class ProcessPicture:
    """A process and what its picture refers to.

    Attributes:
        index, view: the process.
        cells: all cells of the frame.
        grids: how the server shows each field; a private copy is shown in the same columns.
        scale: device pixels per base unit.
        source: text of the line it is on, or empty.
    """

    index: int
    view: ProcessView
    cells: Cells
    grids: tuple[CellGrid, ...]
    scale: float
    source: str


def state_word(state: ProcessState) -> str:
    """What a process is doing, in the words of the window."""
    return _(_STATE_WORDS[state])


STATE_ICONS = {
    ProcessState.ABSENT: Icon.DOT,
    ProcessState.IDLE: Icon.DOT,
    ProcessState.WORKING: Icon.GEAR,
    ProcessState.FETCHING: Icon.DOWN,
    ProcessState.HOLDS_COPY: Icon.COPY,
    ProcessState.COMMITTING: Icon.UP,
    ProcessState.WAITING: Icon.HOURGLASS,
    ProcessState.ENDED: Icon.STOP,
    ProcessState.DIED: Icon.CROSS,
}


def paint_process(painter: QPainter, box: QRectF, kind: CardKind, picture: ProcessPicture, theme: Theme) -> None:
    """Paint the process into `box`."""
    view, index = picture.view, picture.index
    look = "box", index, view.state is ProcessState.ABSENT, view.state in _GONE, view.state in _BUSY, theme
    stamp(painter, box.adjusted(-1, -1, 1, 1), look, lambda onto: _paint_box(onto, box, picture, theme))
    match kind:
        case CardKind.CARD:
            _paint_card(painter, box.adjusted(15, 7, -9, -7), picture, theme)
        case CardKind.COMPACT:
            _paint_compact(painter, box.adjusted(11, 4, -6, -5), picture, theme)
        case CardKind.LANE:
            _paint_lane(painter, box.adjusted(9, 1, -5, -1), picture, theme)
        case CardKind.CHIP:
            _paint_chip(painter, box.adjusted(7, 1, -3, -1), picture, theme)


def _paint_box(painter: QPainter, box: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    """A frame in the process's colour, with a bar at its left; grey where it is gone, tinted where small and busy.

    Dashed and without a bar as long as the process is not started.
    """
    absent = picture.view.state is ProcessState.ABSENT
    gone = picture.view.state in _GONE
    busy = picture.view.state in _BUSY and box.height() <= CardKind.CHIP.value[3]
    colour = theme.border if gone else line_colour(picture.index, theme)
    radius = min(RADIUS, box.height() / 4)
    outline = QPainterPath()
    outline.addRoundedRect(box, radius, radius)
    painter.fillPath(outline, theme.sunken if gone else theme.tint(picture.index) if busy else theme.panel)
    bar = 7.0 if box.height() > 100 else 5.0 if box.height() > 30 else 4.0
    if not absent:
        painter.save()
        painter.setClipPath(outline)
        painter.fillRect(QRectF(box.left(), box.top(), bar, box.height()), colour)
        painter.restore()
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine if absent else Qt.PenStyle.SolidLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)


def _paint_card(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    view = picture.view
    said = _paint_heading(painter, _row(room, 0, 20), picture, theme, TextSize.TITLE)
    if view.state is ProcessState.ABSENT:
        return
    about = [_("PID {pid}").format(pid=view.pid)]
    if view.task is not None:
        about = [text.format(task=view.task, pid=view.pid) for text in (_("task {task} · PID {pid}"), _("task {task}"))]
    if view.name and "PoolWorker" not in view.name:
        about = [f"{view.name} · {text}" for text in about] + about
    if view.parent is not None:
        about = [_("child of {label} · {rest}").format(label=view.parent, rest=text) for text in about] + about
    if not said:
        word = state_word(view.state)
        about = [*(f"{word} · {text}" for text in about), word]
    line = _row(room, 22, 16)
    _paint_own_marks(painter, line, picture, theme)
    draw_text(painter, line, first_that_fits(about, line.width()), theme.muted, _SMALL)
    _paint_copy_line(painter, _row(room, 40, 18), view.copy, theme)
    code = QRectF(room.left() - 4, room.bottom() - 18, room.width() + 8, 18)
    if picture.source:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.raised)
        painter.drawRoundedRect(code, 4, 4)
        draw_text(painter, code.adjusted(4, 0, -4, 0), picture.source, theme.text, _SMALL, mono=True)
    if view.copy is not None:
        middle = room.adjusted(0, 61, 0, code.top() - room.bottom() - 5)
        _paint_copy(painter, middle, picture, view.copy, theme)


def _paint_compact(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    if picture.view.state is ProcessState.ABSENT:
        _paint_label(painter, _row(room, 0, 18), picture, theme, TextSize.BODY)
        draw_text(painter, _row(room, 20, 16), state_word(ProcessState.ABSENT), theme.muted, _SMALL)
        return
    said = _paint_heading(painter, _row(room, 0, 18), picture, theme, TextSize.BODY)
    copy, line = picture.view.copy, _row(room, 20, 16)
    if _holds_lock(picture.view):
        paint_icon(painter, QRectF(line.right() - 12, line.top() + 1, 12, 14), Icon.LOCKED, theme.text)
        line.setRight(line.right() - 16)
    if copy is None and not said:
        draw_text(painter, line, state_word(picture.view.state), theme.muted, _SMALL)
        return
    _paint_copy_line(painter, line, copy, theme)
    if copy is not None:
        _paint_copy(painter, room.adjusted(0, 38, 0, 0), picture, copy, theme)


def _paint_lane(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    """One line: label, state, base version and how far behind, and as much of the copy as fits."""
    _paint_label(painter, QRectF(room.left(), room.top(), 48, room.height()), picture, theme, _SMALL)
    if _holds_lock(picture.view):
        paint_icon(painter, QRectF(room.right() - 12, room.top(), 12, room.height()), Icon.LOCKED, theme.text)
        room = room.adjusted(0, 0, -16, 0)
    copy = picture.view.copy
    width = text_width(state_word(picture.view.state), _SMALL) + 32
    if copy is not None and room.width() < 270:
        width = _SIGN_WIDTH
    pill = QRectF(room.left() + 48, room.top() + 1, width, room.height() - 2)
    _paint_state(painter, pill, picture, theme)
    rest = QRectF(pill.right() + UNIT, room.top(), room.right() - pill.right() - UNIT, room.height())
    if copy is None:
        return
    end = _paint_base(painter, rest, copy, theme)
    strip = QRectF(end + 2 * UNIT, rest.top() + 1, rest.right() - end - 2 * UNIT, rest.height() - 2)
    if strip.width() > 40:
        _paint_copy(painter, strip, picture, copy, theme)


def _paint_chip(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    """The label; below it, where there is room, how far behind its copy is, else what it does."""
    if room.height() < 11:
        return
    view = picture.view
    top = _row(room, 0, min(room.height(), 18.0))
    end = draw_text(painter, top, view.label, theme.text, _SMALL, bold=True)
    below = _row(room, 18, 16)
    if below.bottom() <= room.bottom() and _holds_lock(view) and room.right() - end > 14:
        paint_icon(painter, QRectF(room.right() - 13, top.top() + 2, 12, 14), Icon.LOCKED, theme.text)
    if below.bottom() > room.bottom():
        if room.right() - end > 13:
            sign = QRectF(room.right() - 11, top.center().y() - 5, 10, 10)
            paint_icon(painter, sign, STATE_ICONS[view.state], theme.text)
    elif view.copy is not None and view.copy.behind:
        texts = (_("{n} behind"), "{n}")
        behind = first_that_fits([text.format(n=view.copy.behind) for text in texts], below.width() - 10, bold=True)
        below.setWidth(min(pill_width(behind, bold=True), below.width()))
        draw_pill(painter, below, behind, theme.panel, theme.text, bold=True)
    else:
        paint_icon(painter, QRectF(below.left() + 1, below.top() + 3, 10, 10), STATE_ICONS[view.state], theme.text)
        word = first_that_fits((state_word(view.state), ""), below.width() - 16)
        draw_text(painter, below.adjusted(16, 0, 0, 0), word, theme.text, _SMALL)


def _row(room: QRectF, top: float, height: float) -> QRectF:
    return QRectF(room.left(), room.top() + top, room.width(), height)


def _paint_label(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme, size: TextSize) -> float:
    """The cell as this process writes it, which is the key to the field's colours, and its label."""
    side, label = min(room.height(), float(size)), picture.view.label

    def paint(onto: QPainter) -> None:
        swatch = QRectF(room.left(), room.center().y() - side / 2, side, side)
        paint_tile(onto, swatch, process_tile(picture.index), theme)
        draw_text(onto, room.adjusted(side + 5, 0, 0, 0), label, theme.text, size, bold=True)

    stamp(painter, room, ("label", picture.index, label, size, theme), paint)
    return room.left() + side + 5 + text_width(label, size, bold=True)


def _paint_heading(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme, size: TextSize) -> bool:
    """Label, updates lost so far, and the state: in words where they fit, which is returned, else its sign alone.

    The losses come first, so that those of all processes are written alike.
    """
    lost, end = picture.view.lost, _paint_label(painter, room, picture, theme, size)
    if lost:
        gap = QRectF(end + 2 * UNIT, room.top(), room.right() - _SIGN_WIDTH - end - 3 * UNIT, room.height())
        texts = [text.format(n=f"{lost:,}") for text in (_("{n} lost"), _("−{n}"), "")]
        said = first_that_fits(texts, gap.width(), bold=True)
        end = draw_text(painter, gap, said, theme.lost_text, _SMALL, bold=True)
    width = text_width(state_word(picture.view.state), _SMALL) + 32
    said_in_words = width <= room.right() - end - UNIT
    if not said_in_words:
        width = _SIGN_WIDTH
    pill = QRectF(room.right() - width, room.top() + 1, width, room.height() - 2)
    _paint_state(painter, pill, picture, theme)
    return said_in_words


def _paint_state(painter: QPainter, pill: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    look = "state", picture.index, picture.view.state, state_word(picture.view.state), theme
    stamp(painter, pill, look, lambda onto: _paint_pill(onto, pill, picture, theme))


def _paint_pill(painter: QPainter, pill: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    state = picture.view.state
    ink, fill = (theme.panel, theme.text) if state is ProcessState.DIED else (theme.text, theme.tint(picture.index))
    if state in (ProcessState.ABSENT, ProcessState.IDLE, ProcessState.ENDED):
        ink, fill = theme.muted, theme.raised
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    if pill.width() <= _SIGN_WIDTH:
        paint_icon(painter, pill.adjusted(0, 4, 0, -4), STATE_ICONS[state], ink)
        return
    paint_icon(painter, QRectF(pill.left() + 7, pill.top(), 9, pill.height()), STATE_ICONS[state], ink)
    draw_text(painter, pill.adjusted(20, 0, -6, 0), state_word(state), ink, _SMALL)


def _holds_lock(view: ProcessView) -> bool:
    """Whether it holds the shared lock or one of its own."""
    return view.holds is not None or view.holds_private


def _paint_own_marks(painter: QPainter, room: QRectF, picture: ProcessPicture, theme: Theme) -> None:
    """Which lock it holds: the shared one, or one of its own that excludes nobody."""
    view = picture.view
    if not _holds_lock(view):
        return
    text = _("own lock") if view.holds_private else _("has the lock")
    width = text_width(text, _SMALL, bold=True)
    draw_text(painter, room, text, theme.text, _SMALL, _RIGHT, bold=True)
    paint_icon(painter, QRectF(room.right() - width - 17, room.top() + 1, 13, 14), Icon.LOCKED, theme.text)
    room.setRight(room.right() - width - 22)


def _paint_copy_line(painter: QPainter, room: QRectF, copy: PrivateCopy | None, theme: Theme) -> None:
    if copy is None:
        none = first_that_fits((_("no private copy"), _("no copy")), room.width())
        draw_text(painter, room, none, theme.muted, _SMALL)
    else:
        _paint_base(painter, room, copy, theme)


def _paint_base(painter: QPainter, room: QRectF, copy: PrivateCopy, theme: Theme) -> float:
    """Version that the copy was made from and, strongly, how far behind it is; returns the x where it ends."""
    behind = _("{n} behind").format(n=copy.behind)
    pill = pill_width(behind, bold=True) + UNIT if copy.behind else 0.0
    texts = (_("private copy of v{version}"), _("copy of v{version}"), _("v{version}"), "")
    text = first_that_fits([text.format(version=copy.base_version) for text in texts], room.width() - pill)
    end = draw_text(painter, room, text, theme.text, _SMALL)
    if not pill:
        return end
    height = min(room.height(), 16.0)
    left = end + UNIT if text else room.left()
    box = QRectF(left, room.center().y() - height / 2, min(pill - UNIT, room.right() - left), height)
    draw_pill(painter, box, behind, theme.panel, theme.text, bold=True)
    return box.right()


def _paint_copy(painter: QPainter, room: QRectF, picture: ProcessPicture, copy: PrivateCopy, theme: Theme) -> None:
    """The private copy, laid out as the server shows the field it is of, its own changes ringed."""
    if copy.cells is None:
        if room.height() >= 16 and copy.value is not None:
            size = TextSize.HUGE if room.height() >= 30 else TextSize.BODY
            draw_text(painter, room, copy.value, theme.text, size, bold=True)
        return
    if room.height() < 3 or room.width() < 3:
        return
    grid = _copy_grid(room, picture.grids[copy.field], picture.scale)
    tiles = tiles_of(copy.cells, copy.field, grid.count, lost=False)
    ranks = [int((picture.cells.fields[:cell] == copy.field).sum()) for cell in copy.own]
    changed = [rank for rank in ranks if rank < len(tiles)]
    tiles[changed] = process_tile(picture.index)
    paint_cells(painter, room.topLeft(), grid, tiles, theme)
    painter.setPen(QPen(theme.text, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rank in changed[:100]:
        cell = grid.cell(room.topLeft(), rank)
        painter.drawRect(cell.adjusted(-1, -1, 1, 1))


def _copy_grid(room: QRectF, server: CellGrid, scale: float) -> CellGrid:
    """The server's grid, smaller; another one where its cells would be too small to see."""
    side = int(min(room.width() / server.columns, room.height() / server.rows) * scale) / scale
    if side * scale < 2:
        return fit_cells(server.count, room.width(), room.height(), largest=server.side, scale=scale)
    return CellGrid(server.count, server.columns, server.rows, min(side, server.side), server.group)
