"""The texts that something paints, in order, and those of tool tips."""

import re
from collections.abc import Callable
from html import unescape

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSize
from PySide6.QtGui import QPainter, Qt, QTextDocument
from PySide6.QtSvg import QSvgGenerator


def texts_of(paint: Callable[[QPainter, QRectF], object], width: int, height: int) -> list[str]:
    """What `paint` writes into a room of this size; a line that wraps is several texts."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(width, height))
    painter = QPainter(generator)
    paint(painter, QRectF(0, 0, width, height))
    painter.end()
    svg = bytes(buffer.data().data()).decode()
    return [unescape(text).strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def shown_in_tip(tip: str) -> str:
    """What a tool tip shows of a text."""
    document = QTextDocument()
    if Qt.mightBeRichText(tip):
        document.setHtml(tip)
    else:
        document.setPlainText(tip)
    return document.toPlainText()
