"""Paints the manager server's box on the stage: fields of cells, counters, locks, and the loss of this moment."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.certificate import Certificate
from dictrace.engine.explain import kind_name
from dictrace.engine.frame import BoxView, Frame, LockView, ServerState
from dictrace.engine.words import _, ngettext
from dictrace.widgets.cell_grid import CellGrid
from dictrace.widgets.cells import paint_cells, paint_labels, tiles_of
from dictrace.widgets.icons import Icon, paint_icon
from dictrace.widgets.stage_layout import FIELD_LINE_HEIGHT, HEADER_HEIGHT, LEAST_LINE_HEIGHT, StageLayout
from dictrace.widgets.text import draw_pill, draw_text, first_that_fits, pill_width, text_width
from dictrace.widgets.theme import RADIUS, UNIT, TextSize, Theme, ink_on, process_colour
from dictrace.widgets.tiles import EMPTY_TILE, LOST_TILE, paint_tile, process_tile

_CHIP = 18.0
"""Height of a chip, base units."""


def paint_server(painter: QPainter, layout: StageLayout, frame: Frame, theme: Theme) -> None:
    """Paint the box of each server with everything in it; dashed as long as it does not run."""
    for number, box in enumerate(layout.servers):
        _paint_frame(painter, box, frame, number, theme)
    if frame.server is not ServerState.UP:
        return
    for index in range(len(frame.fields)):
        _paint_field(painter, layout.fields[index], frame, index, layout.grids[index], theme)
    for room, view in zip(layout.fields[len(frame.fields) :], frame.boxes, strict=False):
        _paint_box(painter, room, view, frame, theme)
    for number in range(len(layout.servers)):
        _paint_left_out(painter, layout, frame, number, theme)
    for number, room in enumerate(layout.locks):
        locks = [lock for lock in frame.locks if lock.server == number]
        if locks:
            _paint_locks(painter, room, locks, frame, theme)


def _paint_frame(painter: QPainter, box: QRectF, frame: Frame, number: int, theme: Theme) -> None:
    """The box of the server with this number, and its name; of several servers the number too."""
    up = frame.server is ServerState.UP
    painter.setPen(QPen(theme.strong_border, 1.5, Qt.PenStyle.SolidLine if up else Qt.PenStyle.DashLine))
    painter.setBrush(theme.sunken if up else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    header = QRectF(box.left() + 3 * UNIT, box.top() + 2, box.width() - 6 * UNIT, HEADER_HEIGHT - 4)
    ink = theme.text if up else theme.muted
    names = (_("Manager server"), _("Manager"))
    if len(frame.servers) > 1:
        names = (_("Manager server {n}").format(n=number + 1), _("Manager {n}").format(n=number + 1))
    name = first_that_fits(names, header.width(), TextSize.TITLE, bold=True)
    header.setLeft(draw_text(painter, header, name, ink, TextSize.TITLE, bold=True) + 2 * UNIT)
    if not up:
        about = _("not started") if frame.server is ServerState.ABSENT else _("starting")
        draw_text(painter, header, about, theme.muted, TextSize.SMALL)
        return
    pid = frame.servers[number] if frame.servers else frame.manager_pid
    if pid is not None:
        about = first_that_fits((_("PID {pid}").format(pid=pid), ""), header.width())
        draw_text(painter, header, about, theme.muted, TextSize.SMALL)


def _paint_box(painter: QPainter, room: QRectF, view: BoxView, frame: Frame, theme: Theme) -> None:
    """A referent without keys, in one line: its name, what it is, and who called what on it last."""
    if room.height() < LEAST_LINE_HEIGHT:
        return
    line = QRectF(room.left(), room.top(), room.width(), min(FIELD_LINE_HEIGHT, room.height()) - 2)
    line.setLeft(draw_text(painter, line, view.label, theme.text, TextSize.BODY, bold=True, mono=True) + 2 * UNIT)
    if not view.label.startswith(view.typeid):
        line.setLeft(draw_text(painter, line, view.typeid, theme.muted, TextSize.SMALL) + 3 * UNIT)
    if view.caller is not None and line.width() > 60:
        line.setLeft(paint_chip(painter, line.topLeft(), view.caller, frame) + UNIT)
    call = view.call if view.call else _("not used yet")
    draw_text(painter, line, call, theme.text if view.call else theme.muted, TextSize.SMALL, mono=bool(view.call))


def _paint_left_out(painter: QPainter, layout: StageLayout, frame: Frame, number: int, theme: Theme) -> None:
    """How many more objects this server has than there is room for."""
    homes = (*(field.server for field in frame.fields), *(box.server for box in frame.boxes))
    rooms = [room for room, home in zip(layout.fields, homes, strict=False) if home == number]
    shown = [room for room in rooms if room.height() >= LEAST_LINE_HEIGHT]
    if len(shown) < len(rooms):
        text = _("… and {n} more").format(n=f"{len(rooms) - len(shown):,}")
        top = shown[-1].bottom() if shown else rooms[0].top()
        line = QRectF(rooms[0].left(), top, rooms[0].width(), LEAST_LINE_HEIGHT)
        if line.bottom() <= layout.servers[number].bottom():
            draw_text(painter, line, text, theme.muted, TextSize.SMALL)


def ring_cells(painter: QPainter, layout: StageLayout, frame: Frame, cells: Sequence[int], theme: Theme) -> None:
    """Put a strong frame around cells that were lost at this moment."""
    for cell in cells:
        field = int(frame.cells.fields[cell])
        if layout.fields[field].height() < FIELD_LINE_HEIGHT + UNIT:
            continue
        if _is_counter(frame, field):
            _paint_ring(painter, _counter_swatch(_body(layout.fields[field])), theme)
            continue
        rank = int((frame.cells.fields[:cell] == field).sum())
        _paint_ring(painter, layout.grids[field].cell(_body(layout.fields[field]).topLeft(), rank), theme)


def paint_losses(painter: QPainter, layout: StageLayout, losses: Sequence[Certificate], theme: Theme) -> None:
    """Announce the losses of this moment beside the server; no line of the evidence is left out where there is room."""
    lines = _evidence(losses)
    box = QRectF(layout.aside)
    roomy = box.height() >= 74 + 19 * len(lines)
    heading = 66.0 if roomy else 26.0
    size, height = _line_size(lines, box.width() - 5 * UNIT, box.height() - heading - 2 * UNIT)
    box.setHeight(min(box.height(), heading + height * len(lines) + 2 * UNIT))
    painter.setPen(QPen(theme.lost, 2))
    painter.setBrush(theme.lost_fill)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    room = box.adjusted(3 * UNIT, UNIT, -2 * UNIT, -UNIT)
    number, kind = _("−{n}").format(n=len(losses)), kind_name(losses[0].kind)
    word = QRectF(room.left(), room.top(), room.width(), 26)
    if roomy:
        first = QRectF(word.left(), word.top(), word.width(), 38)
        draw_text(painter, first, number, theme.lost_text, TextSize.HUGE, bold=True)
        word = word.translated(0, 36)
        draw_text(painter, word, kind, theme.lost_text, TextSize.LARGE, bold=True)
    else:
        draw_text(painter, word, f"{number} {kind}", theme.lost_text, TextSize.TITLE, bold=True)
    line = QRectF(room.left(), room.top() + heading, room.width(), height)
    for position, text in enumerate(lines):
        is_key = position == 0 and bool(losses[0].key)
        if line.bottom() <= box.bottom():
            draw_text(painter, line, text, theme.text, size, mono=is_key, bold=is_key)
        line.translate(0, height)


def _line_size(lines: Sequence[str], width: float, height: float) -> tuple[TextSize, float]:
    """Text size and height of a line at which all `lines` fit, else the smallest."""
    widest = max(text_width(text, TextSize.BODY, bold=not place, mono=not place) for place, text in enumerate(lines))
    if widest <= width and 19.0 * len(lines) <= height:
        return TextSize.BODY, 19.0
    return TextSize.SMALL, max(min(16.0, height / len(lines)), 13.0)


def paint_legend(painter: QPainter, layout: StageLayout, theme: Theme) -> None:
    """How to read the cells, where there are some and there is room for it."""
    room = layout.legend
    if room.width() < 90 or room.height() < 90 or all(grid.count <= 1 for grid in layout.grids):
        return
    rows = (
        (process_tile(0), (_("key written by P1"), _("by P1"))),
        (LOST_TILE, (_("lost update"), _("lost"))),
        (EMPTY_TILE, (_("not written yet"), _("to come"))),
    )
    longest = max((texts[0] for _tile, texts in rows), key=lambda text: text_width(text, TextSize.BODY))
    short = text_width(longest, TextSize.BODY) > room.width() - 26
    for position, (tile, texts) in enumerate(rows):
        line = QRectF(room.left(), room.top() + UNIT + 24 * position, room.width(), 18)
        paint_tile(painter, QRectF(line.left(), line.top(), 18, 18), tile, theme)
        draw_text(painter, line.adjusted(26, 0, 0, 0), texts[short], theme.muted)


def _evidence(losses: Sequence[Certificate]) -> list[str]:
    """Short lines on the losses of one event: which keys, whose updates, by whom."""
    first = losses[0]
    if len(losses) == 1:
        lines = [first.key or "", _("by {process}, task {task}").format(process=first.process or "—", task=first.task)]
    else:
        parts = (loss.key.removeprefix(loss.slot or "").strip("[]") for loss in losses if loss.key)
        lines = [first.slot or "", ", ".join(parts)]
    culprit = first.culprit
    if culprit is not None:
        lines.append(_("wiped out by {process}’s").format(process=culprit.process or _("the main program")))
        lines.append(_("v{version} from v{base}").format(version=culprit.version, base=culprit.fetched_version))
    return [line for line in (*lines, first.reason) if line]


def _paint_ring(painter: QPainter, cell: QRectF, theme: Theme) -> None:
    """A strong frame around a lost cell, large enough to be seen around the smallest."""
    grown = max(2.0, 7.0 - cell.width() / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((theme.panel, 6), (theme.lost, 3)):
        painter.setPen(QPen(colour, width))
        painter.drawRoundedRect(cell.adjusted(-grown, -grown, grown, grown), 4, 4)


def _paint_field(painter: QPainter, room: QRectF, frame: Frame, index: int, grid: CellGrid, theme: Theme) -> None:
    if room.height() < LEAST_LINE_HEIGHT:
        return
    field = frame.fields[index]
    line = QRectF(room.left(), room.top(), room.width(), min(FIELD_LINE_HEIGHT, room.height()) - 2)
    version = _("v{version}").format(version=field.version)
    width = pill_width(version, bold=True, mono=True)
    chip = QRectF(line.right() - width, line.top(), width, line.height())
    draw_pill(painter, chip, version, theme.panel, theme.text, bold=True, mono=True)
    tiles = tiles_of(frame.cells, index, grid.count)
    label = field.label
    if _is_counter(frame, index):
        key = _labels(frame, index)[0]
        label = f"{label}{key}" if key.startswith(".") else f"{label}[{key}]"
    line.setRight(chip.left() - UNIT)
    end = draw_text(painter, line, label, theme.text, TextSize.BODY, bold=True, mono=True)
    line.setLeft(end + 2 * UNIT)
    keys = ngettext("{n} key", "{n} keys", field.size).format(n=f"{field.size:,}")
    draw_text(painter, line, first_that_fits((keys, ""), line.width()), theme.muted, TextSize.SMALL)
    body = _body(room)
    if body.height() < UNIT:
        return
    if _is_counter(frame, index):
        writer = int(frame.cells.writers[frame.cells.fields == index][0])
        _paint_counter(painter, body, field.value or "", frame, writer, theme)
        return
    paint_cells(painter, body.topLeft(), grid, tiles, theme)
    to_come = frame.cells.labels[len(frame.cells.states) :] if len(frame.fields) == 1 else ()
    paint_labels(painter, body.topLeft(), grid, tiles, [*_labels(frame, index), *to_come], theme)


def _is_counter(frame: Frame, field: int) -> bool:
    """Whether the field is one value without parts."""
    return frame.fields[field].value is not None and int((frame.cells.fields == field).sum()) == 1


def _body(room: QRectF) -> QRectF:
    """Where a field's cells are, below its line of text, which a ring around the first of them leaves clear."""
    return room.adjusted(0, FIELD_LINE_HEIGHT + UNIT, 0, 0)


def _counter_swatch(room: QRectF) -> QRectF:
    """The tile of the process that wrote a counter, with room for a ring around it."""
    side = min(0.4 * room.height(), 28.0)
    return QRectF(room.left() + UNIT, room.center().y() - side / 2, side, side)


def _labels(frame: Frame, field: int) -> list[str]:
    labels = frame.cells.labels
    return [labels[index] for index in (frame.cells.fields == field).nonzero()[0].tolist()]


def _paint_counter(painter: QPainter, room: QRectF, value: str, frame: Frame, writer: int, theme: Theme) -> None:
    """The value in large figures, who wrote it, and how many updates it should hold."""
    size = TextSize.COUNTER if room.height() >= 56 else TextSize.HUGE
    swatch = _counter_swatch(room)
    if writer >= 0:
        paint_tile(painter, swatch, process_tile(writer), theme)
    number = QRectF(room)
    number.setLeft(swatch.right() + 4 * UNIT)
    end = draw_text(painter, number, value, theme.text, size, bold=True)
    half = min(room.height() / 2, 22.0)
    beside = QRectF(end + 4 * UNIT, room.center().y() - half, room.right() - end - 4 * UNIT, half)
    counts = frame.counts
    draw_text(painter, beside, _("of {n} attempted").format(n=f"{counts.attempted:,}"), theme.muted, TextSize.TITLE)
    if counts.lost:
        lost = _("{n} lost").format(n=f"{counts.lost:,}")
        draw_text(painter, beside.translated(0, half), lost, theme.lost_text, TextSize.TITLE, bold=True)


def _paint_locks(painter: QPainter, room: QRectF, locks: Sequence[LockView], frame: Frame, theme: Theme) -> None:
    height = room.height() / len(locks)
    for number, lock in enumerate(locks):
        box = QRectF(room.left(), room.top() + number * height, room.width(), height - UNIT)
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(theme.panel)
        painter.drawRoundedRect(box, RADIUS / 2, RADIUS / 2)
        _paint_lock(painter, box.adjusted(2 * UNIT, UNIT, -2 * UNIT, -UNIT), lock, frame, theme)


def _paint_lock(painter: QPainter, room: QRectF, lock: LockView, frame: Frame, theme: Theme) -> None:
    """The lock, who holds it, and who waits, in the order they asked."""
    held = lock.holder is not None
    top = QRectF(room.left(), room.top(), room.width(), 24)
    paint_icon(painter, QRectF(top.left(), top.top(), 20, 24), Icon.LOCKED if held else Icon.UNLOCKED, theme.text)
    chip = 0.0 if lock.holder is None else pill_width(frame.processes[lock.holder].label, bold=True) + UNIT
    name = top.adjusted(26, 0, -chip, 0)
    fits = text_width(lock.label, TextSize.BODY, bold=True, mono=True) <= name.width()
    end = draw_text(painter, name, lock.label if fits else "", theme.text, TextSize.BODY, bold=True, mono=True)
    rest = QRectF(end + 2 * UNIT, top.top(), max(room.right() - chip - end - 2 * UNIT, 0.0), 24)
    if lock.holder is None:
        draw_text(painter, rest, _("free"), theme.muted)
    else:
        words = first_that_fits((_("held by"), ""), rest.width())
        end = draw_text(painter, rest, words, theme.muted, TextSize.SMALL) if words else end
        paint_chip(painter, QPointF(end + UNIT, rest.top() + 3), lock.holder, frame)
    if room.height() < 46 or not lock.queue:
        return
    line = QRectF(room.left(), top.bottom() + 2, room.width(), 16)
    queue = room.adjusted(0, line.bottom() + 2 - room.top(), 0, 0)
    texts = [ngettext("{n} waits", "{n} wait, in this order", len(lock.queue)), _("{n} waiting")]
    waiting = [text.format(n=len(lock.queue)) for text in (texts if queue.height() >= _CHIP else texts[1:])]
    draw_text(painter, line, first_that_fits(waiting, line.width()), theme.muted, TextSize.SMALL)
    _paint_queue(painter, queue, lock, frame, theme)


def _paint_queue(painter: QPainter, room: QRectF, lock: LockView, frame: Frame, theme: Theme) -> None:
    """Chips row by row; the last place says how many more there are."""
    at = room.topLeft()
    for number, process in enumerate(lock.queue):
        width = pill_width(frame.processes[process].label, bold=True)
        if at.x() + width > room.right():
            at = QPointF(room.left(), at.y() + 21)
        rest = len(lock.queue) - number
        if at.y() + _CHIP > room.bottom():
            break
        last_row = at.y() + 39 > room.bottom()
        if last_row and rest > 1 and at.x() + 2 * width + UNIT > room.right():
            draw_text(painter, QRectF(at.x(), at.y(), room.right() - at.x(), _CHIP), f"+{rest}", theme.muted, bold=True)
            break
        at = QPointF(paint_chip(painter, at, process, frame) + UNIT, at.y())


def paint_chip(painter: QPainter, corner: QPointF, process: int, frame: Frame) -> float:
    """A process's label in its colour; returns the x where it ends."""
    label, colour = frame.processes[process].label, process_colour(process)
    box = QRectF(corner.x(), corner.y(), pill_width(label, bold=True), _CHIP)
    draw_pill(painter, box, label, ink_on(colour), colour, bold=True)
    return box.right()
