"""Paints how a run begins: the main program beside the manager server, the pipe between them and what travels on it."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from dictrace.engine.frame import Opening, ServerState
from dictrace.engine.words import _
from dictrace.widgets.packet_painter import paint_packet
from dictrace.widgets.stage_layout import PACKET_HEIGHT, StageLayout
from dictrace.widgets.text import draw_text
from dictrace.widgets.theme import RADIUS, UNIT, TextSize, Theme

WIDTH, HEIGHT = 150.0, 92.0


def paint_opening(painter: QPainter, layout: StageLayout, opening: Opening, theme: Theme) -> None:
    """Paint the main program where later losses are announced, and its connection with the server."""
    card = main_card(layout)
    at = pipe(layout)
    if opening.server is not ServerState.ABSENT:
        starting = opening.server is ServerState.STARTING
        painter.setPen(QPen(theme.strong_border, 2, Qt.PenStyle.DashLine if starting else Qt.PenStyle.SolidLine))
        painter.drawLine(QLineF(layout.server.right(), at.y1(), card.left(), at.y1()))
    painter.setPen(QPen(theme.strong_border, 1.5))
    painter.setBrush(theme.sunken)
    painter.drawRoundedRect(card, RADIUS, RADIUS)
    room = card.adjusted(3 * UNIT, UNIT, -2 * UNIT, -UNIT)
    heading = QRectF(room.left(), room.top(), room.width(), 22)
    draw_text(painter, heading, _("Main program"), theme.text, TextSize.TITLE, bold=True)
    if opening.main_pid is not None:
        about = _("PID {pid}").format(pid=opening.main_pid)
        draw_text(painter, heading.translated(0, 20), about, theme.muted, TextSize.SMALL)
    packet = opening.packet
    if packet is not None:
        # The server is at the left.
        share = 1 - packet.progress if packet.up else packet.progress
        paint_packet(painter, at.pointAt(share), packet, packet.text, theme.text, theme, arrow=False)


def main_card(layout: StageLayout) -> QRectF:
    """Box of the main program, at the right end of the room beside the server."""
    width = min(WIDTH, layout.aside.width())
    height = min(HEIGHT, layout.aside.height())
    return QRectF(layout.aside.right() - width, layout.aside.top(), width, height)


def pipe(layout: StageLayout) -> QLineF:
    """Way of what travels, from inside the server into the main program's box, below its text."""
    card = main_card(layout)
    y = min(card.bottom(), layout.server.bottom()) - PACKET_HEIGHT / 2 - UNIT
    return QLineF(QPointF(layout.server.right() - WIDTH / 2, y), QPointF(card.center().x(), y))
