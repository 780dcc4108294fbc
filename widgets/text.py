"""Drawing text in base units: one line, elided where its room is too short."""

from collections.abc import Sequence
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from dictrace.widgets.theme import UNIT, TextSize, Theme, font, metrics

_WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop)
_ZEROS = str.maketrans("123456789", "0" * 9)
_RIGHT, _CENTRE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter


def text_width(text: str, size: TextSize, *, bold: bool = False, mono: bool = False) -> float:
    """Width of one line of text, base units; where all digits are alike it is measured once for all numbers."""
    return _width(text.translate(_ZEROS) if _digits_are_alike(size, bold, mono) else text, size, bold, mono)


@lru_cache(maxsize=4096)
def _width(text: str, size: TextSize, bold: bool, mono: bool) -> float:
    return metrics(size, bold=bold, mono=mono).horizontalAdvance(text)


@cache
def _digits_are_alike(size: TextSize, bold: bool, mono: bool) -> bool:
    return _width("0918273645", size, bold, mono) == _width("0" * 10, size, bold, mono)


def elided(text: str, width: float, size: TextSize, *, bold: bool = False, mono: bool = False) -> str:
    """`text`, or as much of it as fits into `width` with an ellipsis."""
    return _fitted(text, width, size, bold, mono)[0]


@lru_cache(maxsize=4096)
def _fitted(text: str, width: float, size: TextSize, bold: bool, mono: bool) -> tuple[str, float]:
    """`text`, elided where it does not fit into `width`, and its own width."""
    needed = text_width(text, size, bold=bold, mono=mono)
    if needed <= width:
        return text, needed
    shown = metrics(size, bold=bold, mono=mono).elidedText(text, Qt.TextElideMode.ElideRight, width)
    return shown, text_width(shown, size, bold=bold, mono=mono)


@cache
def _drop(size: TextSize, bold: bool, mono: bool) -> float:
    """How far below the middle of a line its baseline is."""
    measure = metrics(size, bold=bold, mono=mono)
    return (measure.ascent() - measure.descent()) / 2


def first_that_fits(texts: Sequence[str], width: float, size: TextSize = TextSize.SMALL, *, bold: bool = False) -> str:
    """The first of `texts`, longest first, that fits into `width`; else the last."""
    return next((text for text in texts if text_width(text, size, bold=bold) <= width), texts[-1])


def draw_paragraph(
    painter: QPainter,
    rect: QRectF,
    text: str,
    colour: QColor,
    size: TextSize = TextSize.BODY,
    *,
    bold: bool = False,
) -> None:
    """Draw text in lines as wide as `rect`, from its top."""
    painter.setFont(font(size, bold=bold))
    painter.setPen(colour)
    painter.drawText(rect, _WRAPPED, text)


def draw_invitation(painter: QPainter, rect: QRectF, text: str, theme: Theme) -> None:
    """Say what is to be seen in a view that has nothing to show yet; alike in all of them."""
    draw_paragraph(painter, rect.adjusted(0, UNIT, 0, 0), text, theme.muted)


@lru_cache(maxsize=1024)
def paragraph_height(text: str, width: float, size: TextSize = TextSize.BODY, *, bold: bool = False) -> float:
    """Height that `draw_paragraph` needs for `text` in lines of this width."""
    return metrics(size, bold=bold).boundingRect(QRectF(0, 0, max(width, 1.0), 1e6), _WRAPPED, text).height()


def draw_text(
    painter: QPainter,
    rect: QRectF,
    text: str,
    colour: QColor,
    size: TextSize = TextSize.BODY,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    bold: bool = False,
    mono: bool = False,
) -> float:
    """Draw one line of text, vertically centred in `rect`; returns the x where it ends."""
    x, y, room, height = rect.x(), rect.y(), rect.width(), rect.height()
    shown, width = _fitted(text, round(room, 1), size, bold, mono)
    left = x
    if align is _RIGHT:
        left = x + room - width
    elif align is _CENTRE:
        left = x + room / 2 - width / 2
    painter.setFont(font(size, bold=bold, mono=mono))
    painter.setPen(colour)
    painter.drawText(QPointF(left, y + height / 2 + _drop(size, bold, mono)), shown)
    return left + width


def draw_pill(
    painter: QPainter,
    rect: QRectF,
    text: str,
    ink: QColor,
    fill: QColor,
    size: TextSize = TextSize.SMALL,
    *,
    bold: bool = False,
    mono: bool = False,
) -> None:
    """Draw a filled, fully rounded box with text in its middle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
    draw_text(painter, rect.adjusted(4, 0, -4, 0), text, ink, size, _CENTRE, bold=bold, mono=mono)


def pill_width(text: str, size: TextSize = TextSize.SMALL, *, bold: bool = False, mono: bool = False) -> float:
    """Width that `draw_pill` needs for `text`."""
    return text_width(text, size, bold=bold, mono=mono) + 16
