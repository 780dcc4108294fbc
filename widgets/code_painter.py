"""Paints one line of source: its number, its text in colours, and a badge for each process that is on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from dictrace.engine.frame import ProcessView
from dictrace.engine.rows import Source
from dictrace.widgets.python_highlighter import Span, Syntax, spans_of, syntax_colour
from dictrace.widgets.text import draw_pill, draw_text, pill_width, text_width
from dictrace.widgets.theme import UNIT, TextSize, Theme, font, ink_on, metrics, process_colour

LINE = 24.0
BADGE = 18.0
_LEAST_SCALE = 0.6
_MORE = 12.0


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line to show: of source, or, with number 0, a line that names the file what follows is from."""

    number: int
    text: str
    spans: tuple[Span, ...] = ()
    file: str = ""

    def is_at(self, line: int | None, file: str | None) -> bool:
        """Whether that is this line; a file that is not known is this one."""
        return bool(self.number) and self.number == line and file in (None, self.file)


@dataclass(frozen=True, slots=True)
class Badge:
    """A pill at the right end of a line: of one process, or, with -1, of `text` more."""

    process: int
    text: str
    rect: QRectF


def lines_of(sources: Sequence[Source]) -> tuple[CodeLine, ...]:
    """All lines of these sources, those of each below the name of its file, or, in the same file, a gap."""
    lines: list[CodeLine] = []
    file = ""
    for source in sources:
        lines.append(CodeLine(0, source.file if source.file != file else "⋯", (), source.file))
        file = source.file
        texts = [text.expandtabs() for text in source.text.splitlines()]
        spans = spans_of("\n".join(texts))
        numbers = range(source.first_line, source.first_line + len(texts))
        lines += map(CodeLine, numbers, texts, spans, repeat(file))
    return tuple(lines)


def gutter_width(lines: Sequence[CodeLine]) -> float:
    """Width that the numbers of these lines take."""
    most = max((line.number for line in lines), default=0)
    return text_width(str(most), TextSize.SMALL, mono=True) + 4 * UNIT


def badges_on(rect: QRectF, processes: Sequence[int], views: Sequence[ProcessView]) -> tuple[Badge, ...]:
    """Where the badges of these processes are on a line; those for which half of it is too short become one."""
    room = rect.width() / 2
    badges: list[Badge] = []
    right = rect.right() - UNIT
    for place, process in enumerate(processes):
        more = len(processes) - place
        label = views[process].label
        width = pill_width(label, bold=True)
        full = rect.right() - right + width > room - (36 if more > 1 else 0)
        if full and badges:
            process, label = -1, f"+{more}"
            width = pill_width(label, bold=True)
        top = rect.center().y() - BADGE / 2
        badges.append(Badge(process, label, QRectF(right - width, top, width, BADGE)))
        if process < 0:
            break
        right -= width + UNIT
    return tuple(badges)


def paint_line(
    painter: QPainter, rect: QRectF, line: CodeLine, theme: Theme, gutter: float, scrolled: float, *, in_play: bool
) -> None:
    """Paint a line, its text moved to the left by `scrolled`; `in_play`: a process is on it."""
    if not line.number:
        draw_text(painter, rect.adjusted(UNIT, 0, -UNIT, 0), line.text, theme.muted, TextSize.SMALL)
        return
    if in_play:
        painter.fillRect(rect, theme.raised)
    number = QRectF(rect.left(), rect.top(), gutter - 2 * UNIT, rect.height())
    measure = metrics(TextSize.BODY, mono=True)
    baseline = rect.center().y() + (measure.ascent() - measure.descent()) / 2
    painter.setFont(font(TextSize.SMALL, mono=True))
    painter.setPen(theme.text if in_play else theme.muted)
    text = str(line.number)
    painter.drawText(QPointF(number.right() - text_width(text, TextSize.SMALL, mono=True), baseline), text)
    painter.save()
    painter.setClipRect(QRectF(rect.left() + gutter, rect.top(), rect.width() - gutter, rect.height()))
    x = rect.left() + gutter - scrolled
    for start, end, syntax in _stretches(line):
        bold = syntax is Syntax.DEFINED
        painter.setFont(font(TextSize.BODY, bold=bold, mono=True))
        painter.setPen(syntax_colour(syntax, theme))
        painter.drawText(QPointF(x, baseline), line.text[start:end])
        x += text_width(line.text[start:end], TextSize.BODY, bold=bold, mono=True)
    painter.restore()


def paint_code(
    painter: QPainter, rect: QRectF, lines: Sequence[CodeLine], views: Sequence[ProcessView], theme: Theme
) -> None:
    """Paint as many lines as have room, those in play among them, and the badges of the processes on each.

    Where lines are longer than `rect`, all are smaller; what is still too long ends in an ellipsis.
    """
    gutter = gutter_width(lines)
    longest = gutter + max((_width(line) for line in lines), default=0.0)
    scale = min(max(rect.width() / longest, _LEAST_SCALE), 1.0)
    painter.save()
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    _paint_lines(painter, QRectF(0, 0, rect.width() / scale, rect.height() / scale), lines, views, theme)
    painter.restore()


def _paint_lines(
    painter: QPainter, rect: QRectF, lines: Sequence[CodeLine], views: Sequence[ProcessView], theme: Theme
) -> None:
    room = max(1, int(rect.height() // LINE))
    at = {(view.line, view.file) for view in views if view.line is not None}
    places = [place for place, line in enumerate(lines) if any(line.is_at(*one) for one in at)]
    first = min(max(0, places[-1] - room + 2), places[0]) if places else 0
    first = max(0, min(first, len(lines) - room))
    gutter = gutter_width(lines)
    for place, line in enumerate(lines[first : first + room]):
        row = QRectF(rect.left(), rect.top() + place * LINE, rect.width(), LINE)
        here = [process for process, view in enumerate(views) if line.is_at(view.line, view.file)]
        paint_line(painter, row, line, theme, gutter, 0.0, in_play=bool(here))
        if gutter + _width(line) > row.width():
            end = QRectF(row.right() - _MORE, row.top(), _MORE, row.height())
            painter.fillRect(end, theme.raised if here else theme.panel)
            draw_text(painter, end, "…", theme.muted, mono=True)
        if here:
            paint_badges(painter, row, badges_on(row, here, views), theme, None)


def paint_badges(painter: QPainter, rect: QRectF, badges: Sequence[Badge], theme: Theme, selected: int | None) -> None:
    """Paint badges over the end of a line; that of the selected process with a frame around it."""
    left = min(badge.rect.left() for badge in badges) - 2 * UNIT
    painter.fillRect(QRectF(left, rect.top(), rect.right() - left, rect.height()), theme.raised)
    for badge in badges:
        fill = theme.sunken if badge.process < 0 else process_colour(badge.process)
        if badge.process == selected:
            painter.setBrush(theme.text)
            painter.setPen(theme.text)
            painter.drawRoundedRect(badge.rect.adjusted(-1.5, -1.5, 1.5, 1.5), BADGE / 2 + 1.5, BADGE / 2 + 1.5)
        ink = theme.text if badge.process < 0 else ink_on(fill)
        draw_pill(painter, badge.rect, badge.text, ink, fill, bold=True)


def _width(line: CodeLine) -> float:
    """Width of its text; a name in bold is as wide as any other in letters of one width."""
    return text_width(line.text, TextSize.BODY, mono=True) if line.number else 0.0


def _stretches(line: CodeLine) -> list[tuple[int, int, Syntax]]:
    """The whole line in stretches of one colour each."""
    found, done = [], 0
    for span in line.spans:
        found += [(done, span.start, Syntax.PLAIN), (span.start, span.end, span.syntax)]
        done = span.end
    return [*found, (done, len(line.text), Syntax.PLAIN)]
