"""Paints the stage: the manager server with its dict, wires and packets, and below them the processes.

Paints one Frame at any size onto any device.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.certificate import Certificate
from dictrace.engine.frame import Frame, Packet
from dictrace.widgets.foot_painter import above_foot, paint_foot
from dictrace.widgets.opening_painter import paint_opening
from dictrace.widgets.packet_painter import packet_texts, packet_width, paint_packet
from dictrace.widgets.process_painter import ProcessPicture, paint_process
from dictrace.widgets.server_painter import paint_legend, paint_losses, paint_server, ring_cells
from dictrace.widgets.stage_layout import MARGIN, PACKET_HEIGHT, TWO_ROWS, CardKind, Homes, StageLayout, lay_out
from dictrace.widgets.stamps import stamp
from dictrace.widgets.theme import Theme, faded, line_colour, process_colour

Connected = tuple[tuple[int, tuple[int, ...]], ...]
"""By place on the stage: the process, and the servers it is connected to."""


@dataclass(frozen=True, slots=True)
class StageContext:
    """What the stage needs besides the Frame, all of the recording that it belongs to.

    Attributes:
        source: text of a line of a file of the program, without its indentation; empty where it is not known. Without
            a file it is the only one.
        certificate: evidence for the loss of an index in `Frame.losses`.
        cell: index of the cell that this loss is about, -1 where it has none.
        expected_keys: keys that the largest field will hold in the end, for which room is kept; 0 where not known.
    """

    source: Callable[[int, str | None], str]
    certificate: Callable[[int], Certificate]
    cell: Callable[[int], int]
    expected_keys: int = 0


def paint_stage(painter: QPainter, rect: QRectF, frame: Frame, theme: Theme, context: StageContext) -> None:
    """Paint `frame` into `rect`, base units; the background is left as it is."""
    scale = painter.deviceTransform().m11()
    sizes = _field_sizes(frame, context.expected_keys)
    shown = shown_processes(frame)
    layout = lay_out(above_foot(rect, frame, shown), len(shown), sizes, len(frame.locks), scale, _homes(frame))
    places = {process: place for place, process in enumerate(shown)}
    _paint_wires(painter, layout, frame, places, theme)
    for place, index in enumerate(shown):
        view = frame.processes[index]
        source = "" if view.line is None else context.source(view.line, view.file)
        picture = ProcessPicture(index, view, frame.cells, layout.grids, scale, source)
        paint_process(painter, layout.processes[place], layout.kind, picture, theme)
    paint_server(painter, layout, frame, theme)
    paint_legend(painter, layout, theme)
    paint_foot(painter, rect, frame, shown, theme)
    _paint_packets(painter, layout, [packet for packet in frame.packets if packet.process in places], places, theme)
    if frame.opening:
        paint_opening(painter, layout, frame.opening, theme)
    if frame.losses:
        cells = [context.cell(loss) for loss in frame.losses]
        ring_cells(painter, layout, frame, [cell for cell in cells if 0 <= cell < len(frame.cells.states)], theme)
        paint_losses(painter, layout, [context.certificate(loss) for loss in frame.losses], theme)


def shown_processes(frame: Frame) -> Sequence[int]:
    """Indices of the processes that the stage shows."""
    return frame.shown or range(len(frame.processes))


def _homes(frame: Frame) -> Homes:
    """Where the fields, after them the boxes, and the locks are."""
    fields = (*(field.server for field in frame.fields), *(box.server for box in frame.boxes)) or (0,)
    return Homes(max(len(frame.servers), 1), fields, tuple(lock.server for lock in frame.locks))


def _field_sizes(frame: Frame, expected: int) -> tuple[int, ...]:
    """Cells to keep room for, per field and then per box; the largest field is the one that grows."""
    counts = [int((frame.cells.fields == index).sum()) for index in range(len(frame.fields))]
    if not counts and not frame.boxes:
        return (max(expected, 1),)  # of the field that will come
    if not counts:
        return (0,) * len(frame.boxes)
    largest = max(range(len(counts)), key=lambda index: (counts[index], index))
    counts[largest] = max(counts[largest], expected)
    return (*counts, *(0,) * len(frame.boxes))


def _paint_wires(painter: QPainter, layout: StageLayout, frame: Frame, places: Mapping[int, int], theme: Theme) -> None:
    """The wires of processes that are connected, those in use strong; where processes are many, only those in use."""
    few = layout.kind in (CardKind.CARD, CardKind.COMPACT)
    if few:
        views = ((process, frame.processes[process]) for process in places)
        connected = tuple((process, view.servers if view.connected else ()) for process, view in views)
        room = reduce(QRectF.united, layout.processes, layout.server).adjusted(-MARGIN, 0, MARGIN, 0)
        look = "wires", connected, len(layout.servers), layout.server.getRect(), layout.kind, theme
        stamp(painter, room, look, lambda onto: _paint_idle(onto, layout, connected, theme))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for packet in frame.packets:
        if packet.process not in places:
            continue
        wire = layout.wires_to[packet.server][places[packet.process]]
        painter.setPen(QPen(line_colour(packet.process, theme), 2.5))
        painter.drawPath(wire.path)
        if few:
            painter.drawPath(wire.tail)


def _paint_idle(painter: QPainter, layout: StageLayout, connected: Connected, theme: Theme) -> None:
    """The wires of processes that are connected, as if none were in use."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for place, (process, servers) in enumerate(connected):
        for server in servers:
            wire = layout.wires_to[server][place]
            painter.setPen(QPen(faded(process, theme, 0.5), 1.25))
            painter.drawPath(wire.path)
            painter.drawPath(wire.tail)


def _paint_packets(
    painter: QPainter, layout: StageLayout, packets: Sequence[Packet], places: Mapping[int, int], theme: Theme
) -> None:
    """A pill on its wire for each packet; those that would hide each other say less."""
    centres = [_centre(layout, packet, places[packet.process]) for packet in packets]
    spacing = layout.servers[0].width() / (len(layout.wires) + 1)
    room = (2 if _has_two_rows(layout) else 1) * spacing - 4
    texts = [[text for text in packet_texts(packet) if not text or packet_width(text) <= room] for packet in packets]
    for one, other in combinations(range(len(packets)), 2):
        while _overlap(centres[one], texts[one][0], centres[other], texts[other][0]):
            longer = max(one, other, key=lambda place: packet_width(texts[place][0]))
            if len(texts[longer]) == 1:
                break
            del texts[longer][0]
    for packet, centre, said in zip(packets, centres, texts, strict=True):
        paint_packet(painter, centre, packet, said[0], process_colour(packet.process), theme)


def _centre(layout: StageLayout, packet: Packet, place: int) -> QPointF:
    """Where a packet is; where there is room for two rows, neighbours arrive at the server in different ones."""
    box, path = layout.servers[packet.server], layout.wires_to[packet.server][place].path
    at, start = path.pointAtPercent(1 - packet.progress if packet.up else packet.progress), path.pointAtPercent(0)
    top, bottom = start.y(), path.pointAtPercent(1).y()
    port = round((start.x() - box.left()) / box.width() * (len(layout.wires) + 1))
    reach = min(PACKET_HEIGHT / 2 + 1, (bottom - top) / 2)
    highest = top + reach + (PACKET_HEIGHT if _has_two_rows(layout) and port % 2 == 0 else 0)
    return QPointF(at.x(), max(min(at.y(), bottom - reach), highest))


def _has_two_rows(layout: StageLayout) -> bool:
    return layout.wires_height >= TWO_ROWS - 0.5


def _overlap(one: QPointF, text: str, other: QPointF, other_text: str) -> bool:
    """Whether a packet there that says `text` overlaps another one that says `other_text`."""
    near = (packet_width(text) + packet_width(other_text)) / 2
    return abs(one.x() - other.x()) < near and abs(one.y() - other.y()) < PACKET_HEIGHT
