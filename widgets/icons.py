"""Icons as painter paths in a unit square, so that they look alike on every platform and at every size."""

from enum import Enum
from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPixmap, QPolygonF

_PIXMAP_PX = 64


class Icon(Enum):
    """What an icon shows."""

    PLAY = "play"
    PAUSE = "pause"
    STOP = "stop"
    STEP = "step"
    STEP_BACK = "step back"
    START = "start"
    END = "end"
    NEXT_LOSS = "next loss"
    PREVIOUS_LOSS = "previous loss"
    UP = "up"
    DOWN = "down"
    CROSS = "cross"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    HOURGLASS = "hourglass"
    COPY = "copy"
    GEAR = "gear"
    DOT = "dot"
    LOOP = "loop"


def paint_icon(painter: QPainter, rect: QRectF, icon: Icon, colour: QColor) -> None:
    """Fill the icon's shape into the largest square in the middle of `rect`."""
    side = min(rect.width(), rect.height())
    painter.save()
    painter.translate(rect.center().x() - side / 2, rect.center().y() - side / 2)
    painter.scale(side, side)
    painter.fillPath(icon_path(icon), colour)
    painter.restore()


def button_icon(icon: Icon, colour: QColor, disabled: QColor) -> QIcon:
    """The icon for an ordinary button, in `colour`, and in `disabled` where the button is."""
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        pixmap = QPixmap(QSize(_PIXMAP_PX, _PIXMAP_PX))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, QRectF(pixmap.rect()), icon, ink)
        painter.end()
        made.addPixmap(pixmap, mode)
    return made


@cache
def icon_path(icon: Icon) -> QPainterPath:
    """The icon's shape in the square from (0, 0) to (1, 1)."""
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for points in _POLYGONS.get(icon, ()):
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        path.closeSubpath()
    match icon:
        case Icon.LOCKED | Icon.UNLOCKED:
            return path.united(_padlock(icon is Icon.LOCKED))
        case Icon.DOT:
            path.addEllipse(QRectF(0.3, 0.3, 0.4, 0.4))
        case Icon.GEAR:
            return path.united(_ring(QRectF(0.18, 0.18, 0.64, 0.64), 0.17))
        case _:
            pass
    return path


def _box(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _ring(rect: QRectF, width: float) -> QPainterPath:
    ring, hole = QPainterPath(), QPainterPath()
    ring.addEllipse(rect)
    hole.addEllipse(rect.adjusted(width, width, -width, -width))
    return ring.subtracted(hole)


def _padlock(locked: bool) -> QPainterPath:
    """A padlock whose shackle stands beside the body where it is open."""
    shackle = _ring(QRectF(0.27 if locked else 0.52, 0.06, 0.46, 0.62), 0.11)
    upper = QPainterPath()
    upper.addRect(QRectF(0, 0, 1, 0.5))
    shackle = shackle.intersected(upper)
    body = QPainterPath()
    body.addRoundedRect(QRectF(0.16, 0.44, 0.68, 0.5), 0.1, 0.1)
    if not locked:
        body.translate(-0.08, 0)
    hole = QPainterPath()
    hole.addEllipse(QRectF(0.43 if locked else 0.35, 0.6, 0.14, 0.18))
    return shackle.united(body.subtracted(hole))


_TRIANGLE = ((0.22, 0.12), (0.88, 0.5), (0.22, 0.88))
_JUMP = (((0.06, 0.2), (0.56, 0.5), (0.06, 0.8)), ((0.6, 0.5), (0.79, 0.24), (0.98, 0.5), (0.79, 0.76)))
_TURN = (_box(0.1, 0.22, 0.66, 0.34), _box(0.1, 0.22, 0.22, 0.54), ((0.62, 0.06), (0.92, 0.28), (0.62, 0.5)))
_TEETH = (
    _box(0.43, 0.02, 0.57, 0.3),
    _box(0.43, 0.7, 0.57, 0.98),
    _box(0.02, 0.43, 0.3, 0.57),
    _box(0.7, 0.43, 0.98, 0.57),
)
_POLYGONS: dict[Icon, tuple[tuple[tuple[float, float], ...], ...]] = {
    Icon.PLAY: (_TRIANGLE,),
    Icon.PAUSE: (_box(0.22, 0.14, 0.41, 0.86), _box(0.59, 0.14, 0.78, 0.86)),
    Icon.STOP: (_box(0.18, 0.18, 0.82, 0.82),),
    Icon.STEP: (_box(0.16, 0.16, 0.3, 0.84), ((0.42, 0.16), (0.94, 0.5), (0.42, 0.84))),
    Icon.STEP_BACK: (_box(0.7, 0.16, 0.84, 0.84), ((0.58, 0.16), (0.06, 0.5), (0.58, 0.84))),
    Icon.START: (_box(0.1, 0.14, 0.24, 0.86), ((0.88, 0.14), (0.26, 0.5), (0.88, 0.86))),
    Icon.END: (_box(0.76, 0.14, 0.9, 0.86), ((0.12, 0.14), (0.74, 0.5), (0.12, 0.86))),
    Icon.NEXT_LOSS: _JUMP,
    Icon.PREVIOUS_LOSS: tuple(tuple((1 - x, y) for x, y in points) for points in _JUMP),
    Icon.UP: (((0.5, 0.14), (0.92, 0.84), (0.08, 0.84)),),
    Icon.DOWN: (((0.5, 0.86), (0.92, 0.16), (0.08, 0.16)),),
    Icon.CROSS: (
        ((0.14, 0.26), (0.26, 0.14), (0.86, 0.74), (0.74, 0.86)),
        ((0.74, 0.14), (0.86, 0.26), (0.26, 0.86), (0.14, 0.74)),
    ),
    Icon.HOURGLASS: (
        _box(0.18, 0.04, 0.82, 0.15),
        _box(0.18, 0.85, 0.82, 0.96),
        ((0.24, 0.19), (0.76, 0.19), (0.54, 0.5), (0.76, 0.81), (0.24, 0.81), (0.46, 0.5)),
    ),
    Icon.COPY: (_box(0.08, 0.08, 0.62, 0.2), _box(0.08, 0.2, 0.2, 0.66), _box(0.32, 0.32, 0.92, 0.92)),
    Icon.GEAR: _TEETH,
    Icon.LOOP: (*_TURN, *(tuple((1 - x, 1 - y) for x, y in points) for points in _TURN)),
}
