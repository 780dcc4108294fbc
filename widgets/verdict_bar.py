"""The verdict: how many updates survived, what became of the others, and one sentence on what just happened."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dictrace.engine.frame import Counts, Frame
from dictrace.engine.rows import GateMode
from dictrace.engine.verdicts import verdict_at
from dictrace.engine.words import _
from dictrace.widgets.narration import Narration
from dictrace.widgets.text import draw_pill, draw_text, pill_width, text_width
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme
from dictrace.widgets.tips import plain_tip

HEIGHT = 56.0
WIDE = 1400.0
PROGRESS_HEIGHT = 4.0
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class VerdictText:
    """What the bar says besides a Frame's counts.

    Attributes:
        gate: who decided the serve order, or None before a run.
        note: what a person should know when judging the numbers, or empty.
        problem: what went wrong in the run, one sentence, or empty; told at its end.
        message: what else could not be done, one sentence, or empty; told at once.
        running: a run goes on.
        share: how much of a recording has been read, 0 to 1, or None where none is being read.
    """

    gate: GateMode | None = None
    note: str = ""
    problem: str = ""
    message: str = ""
    running: bool = False
    share: float | None = None


class VerdictBar(QWidget):
    """One line across the top of the window. Shows an invitation until there is a frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._frame: Frame | None = None
        self._text = VerdictText()
        self._narration = Narration(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._narration.set_theme(theme)
        self.updateGeometry()
        self._tell()

    def set_frame(self, frame: Frame | None) -> None:
        """Show a frame; a message that was shown goes."""
        self._frame = frame
        self._text = replace(self._text, message="")
        self._tell()

    def set_gate(self, gate: GateMode | None) -> None:
        self._text = replace(self._text, gate=gate)
        self._tell()

    def set_note(self, note: str) -> None:
        """Show what a person should know when judging the numbers."""
        self._text = replace(self._text, note=note)
        self._tell()

    def set_problem(self, problem: str) -> None:
        """Show what went wrong in the run instead of what happened last; an empty text takes it away."""
        self._text = replace(self._text, problem=problem)
        self._tell()

    def set_message(self, message: str) -> None:
        """Show something that could not be done, until the next frame."""
        self._text = replace(self._text, message=message)
        self._tell()

    def set_running(self, running: bool) -> None:
        """Say, until there is a frame, that processes are being started."""
        self._text = replace(self._text, running=running)
        self._tell()

    def set_share(self, share: float | None) -> None:
        """Say that a recording is being read, and show how much of it has been; None: none is."""
        self._text = replace(self._text, share=share)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(400), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.panel)
        painter.scale(self._theme.zoom, self._theme.zoom)
        paint_verdict(painter, self._room(), self._frame, self._theme, self._text)

    def _room(self) -> QRectF:
        """The whole bar in base units."""
        return QRectF(0, 0, self.width() / self._theme.zoom, self.height() / self._theme.zoom)

    def _tell(self) -> None:
        """The same in words for those who don't see the picture, and in full where it is cut off."""
        sentence = sentence_of(self._frame, self._text)
        self.setAccessibleName(headline(self._frame, self._text))
        self.setAccessibleDescription(sentence)
        self.setToolTip(plain_tip(sentence))
        self._narration.set_sentence(sentence)
        room = sentence_room(self._room(), self._frame, self._text)
        zoom = self._theme.zoom
        self._narration.setGeometry(
            QRectF(room.x() * zoom, room.y() * zoom, room.width() * zoom, room.height() * zoom).toRect()
        )
        self.update()


def sentence_room(rect: QRectF, frame: Frame | None, text: VerdictText) -> QRectF:
    """Where `paint_verdict` has the sentence, or, where it is narrow, the line with it."""
    room = rect.adjusted(4 * UNIT, UNIT, -4 * UNIT, -UNIT)
    if rect.width() < WIDE:
        return room.adjusted(-UNIT, room.height() / 2 + 2, UNIT, 0)
    left = room.left() + text_width(headline(frame, text), TextSize.HUGE, bold=True) + 5 * UNIT
    return QRectF(left, room.center().y(), max(room.right() - 40 * UNIT - left, 40 * UNIT), room.height() / 2)


def paint_verdict(painter: QPainter, rect: QRectF, frame: Frame | None, theme: Theme, text: VerdictText) -> None:
    """Paint into `rect`: headline at the left and two lines beside it, or, where it is narrow, one below."""
    wide = rect.width() >= WIDE
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.border)
    if text.share is not None:
        line = QRectF(rect.left(), rect.bottom() - PROGRESS_HEIGHT, rect.width() * text.share, PROGRESS_HEIGHT)
        painter.fillRect(line, theme.accent)
    room = rect.adjusted(4 * UNIT, UNIT, -4 * UNIT, -UNIT)
    right = _paint_chips(painter, room, theme, text, wide)
    half = room.height() / 2
    size = TextSize.HUGE if wide else TextSize.HEADLINE
    top = QRectF(room.left(), room.top(), right - room.left() - 2 * UNIT, room.height() if wide else half + 2)
    end = draw_text(painter, top, headline(frame, text), theme.text, size, bold=True)
    sentence = sentence_of(frame, text)
    strong = sentence in (text.message, text.problem)
    if wide:
        line = QRectF(end + 6 * UNIT, room.top(), right - end - 8 * UNIT, half)
        if frame is None:
            draw_text(painter, line.adjusted(0, half / 2, 0, half / 2), sentence, theme.text, bold=strong)
            return
        _paint_counts(painter, line, frame.counts, theme, TextSize.TITLE, all_of_them=True)
        draw_text(painter, line.translated(0, half), sentence, theme.text if strong else theme.muted, bold=strong)
        return
    line = QRectF(room.left(), room.top() + half + 2, room.width(), half - 2)
    if frame is not None and frame.counts.lost:
        line.setLeft(_paint_counts(painter, line, frame.counts, theme, TextSize.BODY, all_of_them=False) + 3 * UNIT)
    draw_text(painter, line, sentence, theme.text if strong else theme.muted, bold=strong)


def headline(frame: Frame | None, text: VerdictText) -> str:
    """The verdict in one short sentence."""
    if frame is None and text.share is not None:
        return _("Reading: {n} %").format(n=round(100 * text.share))
    if frame is None:
        return _("Starting the processes…") if text.running else _("Press Run and watch the updates")
    return verdict_at(frame)


def sentence_of(frame: Frame | None, text: VerdictText) -> str:
    """What just happened, or, at the end, what went wrong or should be kept in mind, or what to expect."""
    at_end = frame is None or frame.event == frame.events
    if text.message or (text.problem and at_end):
        return text.message or text.problem
    if text.share is not None:
        return _("A recording is being read; Esc stops.")
    if frame is None:
        return _("Real processes will share one dict; see which of their updates survive.")
    return _SEPARATOR.join(part for part in (frame.happened, text.note if at_end else "") if part)


def gate_word(gate: GateMode) -> str:
    """Who decides the serve order, in the words of the window."""
    return {
        GateMode.FREE: _("real processes"),
        GateMode.JITTERED: _("random delays"),
        GateMode.SCRIPTED: _("forced order"),
        GateMode.BY_HAND: _("by hand"),
    }[gate]


def _paint_counts(
    painter: QPainter, line: QRectF, counts: Counts, theme: Theme, size: TextSize, *, all_of_them: bool
) -> float:
    """The three ways to lose, those that happened in vermillion; returns the x where they end."""
    parts = (
        (counts.overwritten, _("{n} overwritten")),
        (counts.never_sent, _("{n} never sent")),
        (counts.never_ran, _("{n} never ran")),
    )
    end = line.left()
    for number, text in parts:
        if not (number or all_of_them):
            continue
        if end > line.left():
            end = draw_text(painter, QRectF(end, line.top(), 40, line.height()), _SEPARATOR, theme.muted, size)
        room = QRectF(end, line.top(), max(line.right() - end, 0.0), line.height())
        colour = theme.lost_text if number else theme.muted
        end = draw_text(painter, room, text.format(n=f"{number:,}"), colour, size, bold=bool(number))
    return end


def _paint_chips(painter: QPainter, room: QRectF, theme: Theme, text: VerdictText, wide: bool) -> float:
    """Who decided the order, and whether the run failed; returns the x where they begin."""
    right = room.right()
    height = 24.0 if wide else 20.0
    top = room.center().y() - height / 2 if wide else room.top() + 2
    chips = []
    if text.problem or text.message:
        chips.append((_("problem"), theme.panel, theme.text))
    if text.gate is not None:
        chips.append((gate_word(text.gate), theme.text, theme.raised))
    for words, ink, fill in chips:
        width = pill_width(words, bold=True) + 2 * UNIT
        draw_pill(painter, QRectF(right - width, top, width, height), words, ink, fill, bold=True)
        right -= width + 2 * UNIT
    return right
