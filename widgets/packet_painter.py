"""Paints a packet: a pill that says what it carries, or, where room is short, which way it goes."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dictrace.engine.frame import Packet
from dictrace.engine.words import _
from dictrace.widgets.icons import Icon, paint_icon
from dictrace.widgets.stage_layout import PACKET_HEIGHT
from dictrace.widgets.text import draw_text, text_width
from dictrace.widgets.theme import TextSize, Theme, ink_on


def packet_texts(packet: Packet) -> Sequence[str]:
    """What may be written on a packet, longest first; that a commit is stale its dashed outline says too."""
    if packet.stale:
        return _("{text} · stale").format(text=packet.text), packet.text, ""
    return packet.text, ""


def packet_width(text: str) -> float:
    """Width of a packet that says this."""
    return text_width(text, TextSize.SMALL, mono=True) + 34 if text else PACKET_HEIGHT


def paint_packet(
    painter: QPainter, centre: QPointF, packet: Packet, text: str, colour: QColor, theme: Theme, *, arrow: bool = True
) -> None:
    """Paint the packet in `colour`, with `text`, one of its `packet_texts`; `arrow`: it goes up or down."""
    box = QRectF(0, 0, packet_width(text), PACKET_HEIGHT)
    box.moveCenter(centre)
    ink = ink_on(colour)
    painter.setPen(QPen(theme.text, 2, Qt.PenStyle.DashLine) if packet.stale else QPen(theme.panel, 1.5))
    painter.setBrush(colour)
    painter.drawRoundedRect(box, PACKET_HEIGHT / 2, PACKET_HEIGHT / 2)
    if not arrow:
        draw_text(painter, box, text, ink, TextSize.SMALL, Qt.AlignmentFlag.AlignHCenter, mono=True)
        return
    sign = QRectF(box.left() + 6, box.top(), 10, PACKET_HEIGHT)
    paint_icon(painter, sign, Icon.UP if packet.up else Icon.DOWN, ink)
    if text:
        draw_text(painter, box.adjusted(22, 0, -8, 0), text, ink, TextSize.SMALL, mono=True)
