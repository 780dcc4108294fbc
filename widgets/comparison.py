"""Two outcomes, one above the other: what survived and what was lost, on the same scale."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dictrace.engine.frame import Counts
from dictrace.engine.verdicts import verdict
from dictrace.engine.words import _, joined
from dictrace.widgets.text import draw_text
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme
from dictrace.widgets.tips import plain_tip

ROW, BAR = 60.0, 10.0


class Comparison(QWidget):
    """The outcomes before and after a cure; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._rows: tuple[tuple[str, Counts], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_counts(self, before: Counts | None, after: Counts | None) -> None:
        """Show these outcomes; one that is None is left out."""
        pairs = ((_("Before"), before), (_("With the cure"), after))
        self._rows = tuple((label, counts) for label, counts in pairs if counts is not None)
        text = joined(_("{label}: {verdict}.").format(label=label, verdict=verdict(c)) for label, c in self._rows)
        self.setAccessibleName(text)
        self.setToolTip(plain_tip(text))
        self.setVisible(bool(self._rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(260), self._theme.px(ROW * len(self._rows)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        zoom = self._theme.zoom
        painter.scale(zoom, zoom)
        paint_comparison(painter, QRectF(0, 0, self.width() / zoom, self.height() / zoom), self._rows, self._theme)


def paint_comparison(painter: QPainter, rect: QRectF, rows: tuple[tuple[str, Counts], ...], theme: Theme) -> None:
    """Paint a line of words and a bar for each outcome; a full bar stands for the most updates attempted."""
    most = max((counts.attempted for _label, counts in rows), default=0) or 1
    for number, (label, counts) in enumerate(rows):
        top = rect.top() + number * ROW
        line = QRectF(rect.left(), top + UNIT, rect.width(), 16)
        draw_text(painter, line, label, theme.muted, TextSize.SMALL)
        line.translate(0, 18)
        draw_text(painter, line, verdict(counts), theme.lost_text if counts.lost else theme.text, bold=True)
        bar = QRectF(line.left(), line.bottom() + UNIT, line.width(), BAR)
        painter.fillRect(bar, theme.empty)
        survived = bar.width() * counts.survived / most
        lost = bar.width() * counts.lost / most
        painter.fillRect(QRectF(bar.left(), bar.top(), survived, BAR), theme.accent)
        painter.fillRect(QRectF(bar.left() + survived, bar.top(), lost, BAR), theme.lost_fill)
        hatch = QBrush(theme.lost, Qt.BrushStyle.BDiagPattern)
        painter.fillRect(QRectF(bar.left() + survived, bar.top(), lost, BAR), hatch)
