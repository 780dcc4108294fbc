"""Who lost updates and who overwrote them: two bars per process, up to the frame's position."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.recording import Recording
from dictrace.engine.words import _, ngettext
from dictrace.widgets.focus import paint_focus
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.text import draw_invitation, draw_text, text_width
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme, ink_on, process_colour
from dictrace.widgets.tips import show_tip

ROW = 22.0
HEAD = 20.0
BADGE = 34.0
_CENTRE, _RIGHT = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Blame:
    """One process.

    Attributes:
        process: its index.
        label: its label.
        lost: updates of its tasks that are lost.
        overwrote: updates of others that are lost because of its commits.
    """

    process: int
    label: str
    lost: int
    overwrote: int

    @property
    def sentence(self) -> str:
        """The same in words."""
        lost = ngettext("{n} update of {process} is lost", "{n} updates of {process} are lost", self.lost)
        overwrote = ngettext("its commits overwrote {n} update", "its commits overwrote {n} updates", self.overwrote)
        return _("{lost}; {overwrote}.").format(
            lost=lost.format(n=f"{self.lost:,}", process=self.label),
            overwrote=overwrote.format(n=f"{self.overwrote:,}"),
        )


def blames_at(recording: Recording, frame: Frame) -> tuple[Blame, ...]:
    """All processes, as they stand in the frame; what the main program overwrote is nobody's here."""
    history = recording.history
    return tuple(
        Blame(process, view.label, view.lost, history.overwrote_by(process, frame.event))
        for process, view in enumerate(frame.processes)
    )


class BlameBars(QWidget):
    """Lost updates by victim and by culprit.

    Signals:
        selected: the `Selection` of a process that was clicked or gone to with the arrows.
    """

    selected = Signal(Selection)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._blames: tuple[Blame, ...] = ()
        self._selection = NOTHING
        self.setAccessibleName(_("Lost updates by process"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_recording(self, recording: Recording | None) -> None:
        """Take up a recording, or what it has got since."""
        self._recording = recording

    def set_frame(self, frame: Frame | None) -> None:
        blames = blames_at(self._recording, frame) if self._recording is not None and frame is not None else ()
        if blames != self._blames:
            self._blames = blames
            self.setAccessibleDescription(" ".join(blame.sentence for blame in blames if blame.lost or blame.overwrote))
            self.update()

    def set_selection(self, selection: Selection) -> None:
        self._selection = selection
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(230), self._theme.px(HEAD + 4 * ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(150), self._theme.px(HEAD + 2 * ROW))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._theme.zoom, self._theme.zoom)
        paint_blame(painter, self._room(), self._blames, self._theme, self._selection.process)
        if self.hasFocus():
            paint_focus(painter, self._room(), self._theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        blame = self._blame_at(event.position())
        if blame is not None:
            self.selected.emit(Selection(process=blame.process))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down go from process to process."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self._blames:
            super().keyPressEvent(event)
            return
        process = self._selection.process
        chosen = 0 if process is None else min(max(process + step, 0), len(self._blames) - 1)
        self.selected.emit(Selection(process=chosen))

    def event(self, event: QEvent) -> bool:
        """Tells the row under the pointer in words."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            blame = self._blame_at(QPointF(event.pos()))
            show_tip(event, blame.sentence if blame is not None else "", self)
            return True
        return super().event(event)

    def _blame_at(self, point: QPointF) -> Blame | None:
        room = self._room()
        shown = shown_rows(room, self._blames)
        index = int((point.y() / self._theme.zoom - HEAD) // ROW)
        return shown[index] if 0 <= index < len(shown) else None

    def _room(self) -> QRectF:
        return QRectF(0, 0, self.width() / self._theme.zoom, self.height() / self._theme.zoom)


def shown_rows(rect: QRectF, blames: tuple[Blame, ...]) -> tuple[Blame, ...]:
    """As many processes as have room: all, or those with the most lost updates and a last line for the others."""
    room = int((rect.height() - HEAD) // ROW)
    if len(blames) <= room:
        return blames
    most = sorted(blames, key=lambda blame: -(blame.lost + blame.overwrote))[: max(room - 1, 0)]
    return tuple(sorted(most, key=lambda blame: blame.process))


def paint_blame(
    painter: QPainter, rect: QRectF, blames: tuple[Blame, ...], theme: Theme, selected: int | None = None
) -> None:
    """Paint into `rect`, base units: victims' bars to the left of the labels, culprits' to the right."""
    if not any(blame.lost or blame.overwrote for blame in blames):
        text = _("Which process lost updates, and which overwrote them, will be counted here.")
        if blames:
            text = _("No process has lost an update so far.")
        draw_invitation(painter, rect, text, theme)
        return
    side = (rect.width() - BADGE) / 2 - 2 * UNIT
    left, right = rect.left() + UNIT, rect.right() - UNIT - side
    heads = (
        (_("lost by (victim)"), _("overwritten by (culprit)")),
        (_("lost by"), _("overwritten by")),
        (_("lost"), _("wiped out")),
    )
    texts = next((pair for pair in heads if max(text_width(text, TextSize.SMALL) for text in pair) <= side), heads[-1])
    for x, text, align in zip((left, right), texts, (_RIGHT, Qt.AlignmentFlag.AlignLeft), strict=True):
        draw_text(painter, QRectF(x, rect.top(), side, HEAD), text, theme.muted, TextSize.SMALL, align)
    most = max(max(blame.lost, blame.overwrote) for blame in blames)
    shown = shown_rows(rect, blames)
    for number, blame in enumerate(shown):
        row = QRectF(rect.left(), rect.top() + HEAD + number * ROW, rect.width(), ROW)
        _paint_row(painter, row, blame, most, theme, blame.process == selected)
    if len(shown) < len(blames):
        row = QRectF(rect.left(), rect.top() + HEAD + len(shown) * ROW, rect.width(), ROW)
        others = len(blames) - len(shown)
        text = ngettext("and {n} other process", "and {n} other processes", others).format(n=others)
        draw_text(painter, row, text, theme.muted, TextSize.SMALL, _CENTRE)


def _paint_row(painter: QPainter, row: QRectF, blame: Blame, most: int, theme: Theme, selected: bool) -> None:
    badge = QRectF(row.center().x() - BADGE / 2, row.top() + 2, BADGE, ROW - 4)
    colour = process_colour(blame.process)
    painter.setPen(QPen(theme.text, 2) if selected else Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
    draw_text(painter, badge, blame.label, ink_on(colour), TextSize.SMALL, _CENTRE, bold=True)
    side = (row.width() - BADGE) / 2 - 2 * UNIT
    room = side - 36
    painter.setPen(Qt.PenStyle.NoPen)
    for count, sign, align in ((blame.lost, -1, _RIGHT), (blame.overwrote, 1, Qt.AlignmentFlag.AlignLeft)):
        edge = badge.left() - UNIT if sign < 0 else badge.right() + UNIT
        length = room * count / most
        bar = QRectF(edge - length if sign < 0 else edge, row.top() + 5, length, ROW - 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.lost)
        painter.drawRect(bar)
        x = bar.left() - 36 - UNIT if sign < 0 else bar.right() + UNIT
        ink = theme.lost_text if count else theme.muted
        draw_text(painter, QRectF(x, row.top(), 36, ROW), f"{count:,}", ink, TextSize.SMALL, align)
