"""A contact sheet: several moments of a run on one page, each with its number, when it was, and what happened."""

from dataclasses import dataclass, replace
from math import ceil, log

from PySide6.QtCore import QBuffer, QIODevice, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPen

from dictrace.app.pictures.painting import paint, theme_of
from dictrace.app.pictures.picture import MOST_PX, Picture
from dictrace.app.pictures.subject import Subject
from dictrace.engine.provenance import provenance
from dictrace.engine.verdicts import breakdown, verdict
from dictrace.engine.words import _
from dictrace.widgets.text import draw_paragraph, draw_pill, draw_text, paragraph_height, pill_width
from dictrace.widgets.theme import UNIT, TextSize, Theme
from dictrace.widgets.transport import time_text

_STILL_PX = 560.0
_MARGIN, _GAP = 8 * UNIT, 8 * UNIT
_HEADER, _FOOT, _LINE = 84.0, 32.0, 28.0
_SHAPE = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The stills of a subject at these positions, all of them as `picture`."""

    subject: Subject
    positions: list[float]
    picture: Picture

    def png(self, width_px: float = MOST_PX, height_px: float = MOST_PX) -> bytes:
        """The sheet as a PNG, as many pixels per logical pixel as the picture has, as far as there is room for them."""
        size = self._size()
        scale = min(self.picture.scale, width_px / size.width(), height_px / size.height())
        image = QImage(round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32)
        image.fill(theme_of(self.picture).window)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        self._paint(painter, size)
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(buffer.data().data())

    @property
    def _still(self) -> QSizeF:
        """Size of a still on the sheet."""
        whole = self.picture.whole
        share = min(1.0, _STILL_PX / whole.width_px)
        return QSizeF(whole.width_px * share, whole.height_px * share)

    @property
    def _cell(self) -> QSizeF:
        """The same with its caption."""
        still = self._still
        told = (paragraph_height(self._happened(at), still.width(), TextSize.BODY) for at in self.positions)
        return QSizeF(still.width(), still.height() + UNIT + _LINE + max(told))

    def _columns(self) -> int:
        """So many that the sheet is about as wide as a page on its side; no column stays empty."""
        count, cell = len(self.positions), self._cell
        best = min(
            range(1, count + 1),
            key=lambda columns: abs(log(columns * cell.width() / (ceil(count / columns) * cell.height()) / _SHAPE)),
        )
        return ceil(count / ceil(count / best))

    def _size(self) -> QSizeF:
        columns, cell = self._columns(), self._cell
        rows = ceil(len(self.positions) / columns)
        width = columns * (cell.width() + _GAP) - _GAP + 2 * _MARGIN
        return QSizeF(width, _HEADER + rows * (cell.height() + _GAP) + _FOOT + _MARGIN)

    def _paint(self, painter: QPainter, size: QSizeF) -> None:
        theme, columns, cell = theme_of(self.picture), self._columns(), self._cell
        room = QRectF(_MARGIN, _MARGIN / 2, size.width() - 2 * _MARGIN, size.height() - _MARGIN)
        counts = self.subject.session.counts
        told = _("{verdict} · {breakdown}").format(verdict=verdict(counts), breakdown=breakdown(counts))
        title = QRectF(room.left(), room.top(), room.width(), _HEADER / 2 - UNIT)
        draw_text(painter, title, self.subject.session.title, theme.text, TextSize.HUGE, bold=True)
        draw_text(painter, title.translated(0, title.height()), told, theme.muted, TextSize.LARGE)
        for index, position in enumerate(self.positions):
            left = _MARGIN + index % columns * (cell.width() + _GAP)
            top = _HEADER + _GAP / 2 + index // columns * (cell.height() + _GAP)
            self._paint_cell(painter, QRectF(left, top, cell.width(), cell.height()), index, position, theme)
        foot = QRectF(room.left(), size.height() - _FOOT - _MARGIN / 2, room.width(), _FOOT)
        if not self.picture.bare:
            draw_text(painter, foot, provenance(self.subject.recording), theme.muted, TextSize.SMALL)

    def _paint_cell(self, painter: QPainter, box: QRectF, index: int, position: float, theme: Theme) -> None:
        """A still, and below it its number, when it was, and what happened then."""
        still, whole = self._still, self.picture.whole
        share = still.width() / whole.width_px
        picture = replace(self.picture, bare=True, caption="", transparent=False)
        frame = QRectF(box.topLeft(), still)
        painter.save()
        painter.setClipRect(frame)
        painter.translate(box.topLeft())
        painter.scale(share, share)
        paint(painter, self.subject, position, picture)
        painter.restore()
        painter.setPen(QPen(theme.border, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        line = QRectF(box.left(), frame.bottom() + UNIT, box.width(), _LINE)
        number = f"{index + 1}"
        pill = QRectF(line.left(), line.top() + UNIT, max(pill_width(number, bold=True), 24.0), _LINE - 2 * UNIT)
        draw_pill(painter, pill, number, theme.panel, theme.text, bold=True)
        draw_text(painter, line.adjusted(pill.width() + 2 * UNIT, 0, 0, 0), self._when(position), theme.muted)
        draw_paragraph(
            painter, QRectF(box.left(), line.bottom(), box.width(), box.height()), self._happened(position), theme.text
        )

    def _when(self, position: float) -> str:
        frame = self.subject.frame(position)
        text = _("event {event} of {n}").format(event=f"{frame.event:,}", n=f"{frame.events:,}")
        return _("{text} · {time}").format(text=text, time=time_text(frame.time_ns))

    def _happened(self, position: float) -> str:
        return self.subject.frame(position).happened
