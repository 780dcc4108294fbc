"""Where everything on the stage goes, for any size and any number of processes. Geometry only, base units."""

from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainterPath

from dictrace.widgets.cell_grid import CellGrid, fit_cells
from dictrace.widgets.theme import UNIT

GAP = 2 * UNIT
MARGIN = 4 * UNIT
HEADER_HEIGHT = 30.0
FRAME_HEIGHT = HEADER_HEIGHT + 2 * UNIT
FIELD_LINE_HEIGHT = 20.0
LEAST_LINE_HEIGHT = 16.0
SERVER_HEIGHT = 96.0
LEAST_SERVER_HEIGHT = 48.0
LOCK_WIDTH = 168.0
LOCK_HEIGHT = 112.0
COUNTER_HEIGHT = 72.0
ASIDE_HEIGHT = 108.0
ASIDE_WIDTH = (140.0, 230.0)
SERVER_WIDTH = (300.0, 1040.0)
WIRES_HEIGHT = (30.0, 84.0, 120.0)
PACKET_HEIGHT = 22.0
TWO_ROWS = 2 * PACKET_HEIGHT + 2
AMPLE_WIDTH, AMPLE_HEIGHT, AMPLE_PROCESS_WIDTH = 1000.0, 480.0, 190.0
MOST_ENLARGED = 2.0


class CardKind(Enum):
    """How a process is shown, by the room there is; the values are the least width and height and the greatest."""

    CARD = (152.0, 112.0, 360.0, 210.0)
    COMPACT = (96.0, 62.0, 220.0, 110.0)
    LANE = (196.0, 19.0, 420.0, 26.0)
    CHIP = (34.0, 13.0, 110.0, 44.0)


@dataclass(frozen=True, slots=True)
class _Arrangement:
    """How processes are laid out: kind, columns, rows, gap between them, and height of them all."""

    kind: CardKind
    columns: int
    rows: int
    gap: float
    height: float


@dataclass(frozen=True, slots=True)
class Wire:
    """A connection between the manager server and a process.

    Attributes:
        path: from the server's port down into the room above the processes; packets travel here.
        tail: on to the process, where it stands behind others; else empty.
    """

    path: QPainterPath
    tail: QPainterPath


@dataclass(frozen=True, slots=True)
class Homes:
    """How many servers there are, and on which of them each field and each lock is."""

    servers: int
    fields: tuple[int, ...]
    locks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one server's box holds: its fields, their grids, heights and width; width of its locks; height of it all."""

    own: tuple[int, ...]
    grids: tuple[CellGrid, ...]
    heights: tuple[float, ...]
    width: float
    lock_width: float
    height: float


@dataclass(frozen=True, slots=True)
class StageLayout:
    """Rooms of the stage's parts.

    Attributes:
        servers: boxes of the manager servers.
        fields, grids: room of each field inside it, label line included, and the grid of its cells.
        locks: room for the locks inside each; empty where there is none.
        aside: room at the right of the server, where a loss is announced.
        legend: room at its left, of no width where the stage is narrow.
        kind: how processes are shown.
        processes: box of each process.
        wires_to: by server: the connection of each process with it.
    """

    servers: tuple[QRectF, ...]
    fields: tuple[QRectF, ...]
    grids: tuple[CellGrid, ...]
    locks: tuple[QRectF, ...]
    aside: QRectF
    legend: QRectF
    kind: CardKind
    processes: tuple[QRectF, ...]
    wires_to: tuple[tuple[Wire, ...], ...]

    @property
    def server(self) -> QRectF:
        """The room of all servers."""
        return self.servers[0].united(self.servers[-1])

    @property
    def lock(self) -> QRectF:
        """Room for the locks of the first server."""
        return self.locks[0]

    @property
    def wires(self) -> tuple[Wire, ...]:
        """Connection of each process with the first server."""
        return self.wires_to[0]

    @property
    def wires_height(self) -> float:
        """Height of the room between server and processes."""
        return self.processes[0].top() - self.server.bottom() if self.processes else 0.0


def enlargement(width: float, height: float, processes: int) -> float:
    """How many times larger a stage of this size, base units, may be painted and still have room to spare."""
    ample = max(AMPLE_WIDTH, processes * AMPLE_PROCESS_WIDTH)
    quarters = floor(4 * min(width / ample, height / AMPLE_HEIGHT, MOST_ENLARGED))
    return max(quarters / 4, 1.0)


def lay_out(
    rect: QRectF, processes: int, cells: tuple[int, ...], locks: int, scale: float = 1.0, homes: Homes | None = None
) -> StageLayout:
    """Lay the stage out in `rect`: `processes` of them, fields with so many `cells` each, and `locks`.

    `scale`: device pixels per base unit, as in `fit_cells`. `homes`: on which server they are; None: all on one.
    """
    homes = homes or Homes(1, (0,) * len(cells), (0,) * locks)
    inner = rect.adjusted(MARGIN, UNIT, -MARGIN, -MARGIN)
    arrangement = _arrangement(inner, max(processes, 1))
    below = arrangement.height
    zone = min(max(0.15 * inner.height(), min(0.18 * inner.height(), TWO_ROWS), WIRES_HEIGHT[0]), WIRES_HEIGHT[1])
    zone = max(min(zone, inner.height() - below - SERVER_HEIGHT), WIRES_HEIGHT[0])
    width, aside_width = _server_widths(inner)
    one_width = (width - (homes.servers - 1) * GAP) / homes.servers
    height = inner.height() - below - zone - FRAME_HEIGHT
    parts = [_part(QSizeF(one_width, height), cells, homes, server, scale) for server in range(homes.servers)]
    content = min(max(part.height for part in parts), height)
    spare = height - content
    wider = min(spare, WIRES_HEIGHT[2] - zone)
    left = min(inner.center().x() - width / 2, inner.right() - aside_width - 2 * GAP - width)
    server = QRectF(max(left, inner.left()), inner.top() + (spare - wider) / 2, width, content + FRAME_HEIGHT)
    servers = tuple(
        QRectF(server.left() + number * (one_width + GAP), server.top(), one_width, server.height())
        for number in range(homes.servers)
    )
    fields, grids, lock_rooms = _placed(servers, parts, len(cells))
    top = server.bottom() + zone + wider
    aside_height = min(max(server.height(), ASIDE_HEIGHT), top - server.top() - UNIT)
    boxes, places = _boxes(QRectF(inner.left(), top, inner.width(), below), processes, arrangement)
    return StageLayout(
        servers=servers,
        fields=fields,
        grids=grids,
        locks=lock_rooms,
        aside=QRectF(server.right() + 2 * GAP, server.top(), aside_width, aside_height),
        legend=QRectF(inner.left(), server.top(), server.left() - inner.left() - 2 * GAP, server.height()),
        kind=arrangement.kind,
        processes=boxes,
        wires_to=tuple(_wires(box, top, arrangement.gap, places, boxes) for box in servers),
    )


def _part(size: QSizeF, cells: tuple[int, ...], homes: Homes, server: int, scale: float) -> _Part:
    """What a server's box of this width holds, where its contents may be so high."""
    own = tuple(index for index, home in enumerate(homes.fields) if home == server)
    locks = server in homes.locks
    lock_width = min(LOCK_WIDTH, 0.38 * size.width()) if locks else 0.0
    room = QSizeF(size.width() - 6 * UNIT - (lock_width + GAP if locks else 0.0), size.height())
    grids, heights = _fields(room, tuple(cells[index] for index in own), scale)
    height = sum(heights) + (LEAST_LINE_HEIGHT if 0.0 in heights else 0.0)
    return _Part(own, grids, heights, room.width(), lock_width, max(height, LOCK_HEIGHT if locks else 0.0))


def _placed(
    servers: tuple[QRectF, ...], parts: list[_Part], count: int
) -> tuple[tuple[QRectF, ...], tuple[CellGrid, ...], tuple[QRectF, ...]]:
    """Room and grid of each of `count` fields, and the room for the locks of each server."""
    fields, grids = [QRectF()] * count, [fit_cells(0, 1, 1)] * count
    locks = []
    for box, part in zip(servers, parts, strict=True):
        body = box.adjusted(3 * UNIT, HEADER_HEIGHT, -3 * UNIT, HEADER_HEIGHT - FRAME_HEIGHT)
        tops = accumulate(part.heights, initial=body.top())
        for index, grid, y, height in zip(part.own, part.grids, tops, part.heights, strict=False):
            fields[index], grids[index] = QRectF(body.left(), y, part.width, height), grid
        locks.append(QRectF(body.right() - part.lock_width, body.top(), part.lock_width, body.height()))
    return tuple(fields), tuple(grids), tuple(locks)


def _arrangement(inner: QRectF, processes: int) -> _Arrangement:
    """The richest way to show processes that has room and leaves the server enough; chips where none has."""
    most = inner.height() - WIRES_HEIGHT[0] - SERVER_HEIGHT
    for kind in CardKind:
        least_width, least_height, _greatest_width, greatest_height = kind.value
        large = kind in (CardKind.CARD, CardKind.COMPACT)
        gap = GAP if large else UNIT
        columns = max(1, int((inner.width() + gap) // (least_width + gap)))
        rows = ceil(processes / columns)
        needed = rows * (least_height + gap) - gap
        if needed <= min(most, (0.52 if large else 0.62) * inner.height()):
            wanted = min(0.43 * inner.height(), rows * (greatest_height + gap) - gap)
            return _Arrangement(kind, ceil(processes / rows), rows, gap, max(needed, min(wanted, most)))
    height = min(needed, inner.height() - WIRES_HEIGHT[0] - LEAST_SERVER_HEIGHT)
    return _Arrangement(kind, ceil(processes / rows), rows, gap, max(height, least_height))


def _server_widths(inner: QRectF) -> tuple[float, float]:
    """Widths of the server and of the room beside it, where a loss is announced."""
    aside = min(max(0.2 * inner.width(), ASIDE_WIDTH[0]), ASIDE_WIDTH[1])
    return min(max(0.6 * inner.width(), SERVER_WIDTH[0]), SERVER_WIDTH[1], inner.width() - aside - 2 * GAP), aside


def _fields(room: QSizeF, cells: tuple[int, ...], scale: float) -> tuple[tuple[CellGrid, ...], tuple[float, ...]]:
    """Grid and height of each field: one of a single key takes its label line only, the others share what is left.

    Where there are too many, those at the end get no height, and a line is kept that says how many they are.
    """
    shown = int(room.height() // LEAST_LINE_HEIGHT) - 1
    if 0 < shown < len(cells) - 1:
        left_out = len(cells) - shown
        part = _fields(QSizeF(room.width(), LEAST_LINE_HEIGHT * shown), cells[:shown], scale)
        return (*part[0], *[fit_cells(0, 1, 1)] * left_out), (*part[1], *[0.0] * left_out)
    single = [count <= 1 and len(cells) > 1 for count in cells]
    line = min(FIELD_LINE_HEIGHT, max(room.height(), 0.0) / max(len(cells), 1))
    share = (max(room.height(), 0.0) - line * sum(single)) / max(single.count(False), 1)
    grids = tuple(fit_cells(count, room.width(), share - FIELD_LINE_HEIGHT - UNIT, scale=scale) for count in cells)
    wanted = (COUNTER_HEIGHT if count <= 1 else grid.height + UNIT for count, grid in zip(cells, grids, strict=True))
    heights = (
        line if is_single else min(FIELD_LINE_HEIGHT + height, share)
        for height, is_single in zip(wanted, single, strict=True)
    )
    return grids, tuple(heights)


def _boxes(
    room: QRectF, processes: int, arrangement: _Arrangement
) -> tuple[tuple[QRectF, ...], tuple[tuple[int, int], ...]]:
    """Box, and row and column, of each process; lanes fill columns first, all others rows."""
    columns, rows, gap = arrangement.columns, arrangement.rows, arrangement.gap
    width = min((room.width() - (columns - 1) * gap) / columns, arrangement.kind.value[2])
    height = (room.height() - (rows - 1) * gap) / rows
    left = room.center().x() - (columns * width + (columns - 1) * gap) / 2
    if arrangement.kind is CardKind.LANE:
        places = tuple((i % rows, i // rows) for i in range(processes))
    else:
        places = tuple(divmod(i, columns) for i in range(processes))
    boxes = (
        QRectF(left + column * (width + gap), room.top() + row * (height + gap), width, height)
        for row, column in places
    )
    return tuple(boxes), places


def _wires(
    server: QRectF,
    top: float,
    gap: float,
    places: tuple[tuple[int, int], ...],
    boxes: tuple[QRectF, ...],
) -> tuple[Wire, ...]:
    """Ports along the server's lower edge in the order of columns; lower rows are reached through the gaps."""
    order = sorted(range(len(boxes)), key=lambda i: (places[i][1], -places[i][0]))
    wires = [Wire(QPainterPath(), QPainterPath())] * len(boxes)
    for port, index in enumerate(order):
        box, (row, _column) = boxes[index], places[index]
        x = server.left() + server.width() * (port + 1) / (len(boxes) + 1)
        end = QPointF(box.center().x() if row == 0 else box.left() - gap / 2, top)
        middle = (server.bottom() + top) / 2
        path = QPainterPath(QPointF(x, server.bottom()))
        path.cubicTo(QPointF(x, middle), QPointF(end.x(), middle), end)
        tail = QPainterPath()
        if row:
            tail.moveTo(end)
            tail.lineTo(end.x(), box.center().y())
            tail.lineTo(box.left(), box.center().y())
        wires[index] = Wire(path, tail)
    return tuple(wires)
