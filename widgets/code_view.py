"""The source that ran, with a badge for each process on the line it is at."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Source
from dictrace.engine.words import _
from dictrace.widgets.choice import Choice
from dictrace.widgets.code_painter import (
    LINE,
    Badge,
    CodeLine,
    badges_on,
    gutter_width,
    lines_of,
    paint_badges,
    paint_line,
)
from dictrace.widgets.focus import paint_focus
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.text import draw_invitation, text_width
from dictrace.widgets.theme import LIGHT, UNIT, TextSize, Theme
from dictrace.widgets.tips import show_tip

NEAR = 50_000
"""Events that a press on a line looks through."""


class CodeView(QAbstractScrollArea):
    """Shows a file of a recording. Up and Down go from process to process, a click selects one.

    Of several files it shows that of the selected process or of what happened last, until a person chooses another.

    Attributes:
        files: the choice of the file, there where there are several.

    Signals:
        seek_requested: position of the next event made at the line that was pressed.
        selected: Selection of the process whose badge was pressed.
    """

    seek_requested = Signal(float)
    selected = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._frame: Frame | None = None
        self._selection = NOTHING
        self._lines: tuple[CodeLine, ...] = ()
        self._on_line: dict[tuple[str | None, int], list[int]] = {}
        self._chosen: str | None = None
        self.files = Choice(_("File to show"), self)
        self.files.hide()
        self.files.activated.connect(self._on_files_activated)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerWidget(QWidget())
        self.viewport().setAutoFillBackground(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Code that ran"))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.files.set_theme(theme)
        self.updateGeometry()
        self._place_files()
        self._set_ranges()
        self.viewport().update()

    def set_recording(self, recording: Recording | None) -> None:
        """Show the source of this recording; again whenever it has grown, which may bring more files."""
        if recording is not self._recording:
            self._recording = recording
            self._chosen = None
            self.files.clear()
            self._show_file("")
        names = list(dict.fromkeys(source.file for source in recording.sources)) if recording else []
        if len(names) > self.files.count():
            self.files.addItems(names[self.files.count() :])
            self._place_files()
            self._show_file(self.files.currentText())

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self._follow()
        on_line: dict[tuple[str | None, int], list[int]] = {}
        for process, view in enumerate(frame.processes if frame else ()):
            if view.line is not None:
                on_line.setdefault((view.file, view.line), []).append(process)
        if on_line != self._on_line:
            self._on_line = on_line
            views = frame.processes if frame else ()
            self.setAccessibleDescription(
                " ".join(
                    _("{label} is at line {line}.").format(label=views[process].label, line=line)
                    for (_file, line), processes in on_line.items()
                    for process in processes
                )
            )
            self.viewport().update()

    def set_selection(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection, self._chosen = selection, None
        self._follow()
        self.viewport().update()

    def badges(self) -> tuple[Badge, ...]:
        """Badges of all lines in view, placed in base units from the corner of the viewport."""
        views = self._frame.processes if self._frame else ()
        return tuple(
            badge
            for place, line in enumerate(self._lines)
            for badge in badges_on(self._rect_of(place), self._here(line), views)
        )

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(LINE * 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(LINE * 3))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_files()
        self._set_ranges()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._theme.zoom, self._theme.zoom)
        room = self._room()
        if self._lines:
            self._paint_lines(painter, room)
        else:
            text = _("The source is not in this recording.") if self._recording else _("The code that runs comes here.")
            draw_invitation(painter, room, text, self._theme)
        if self.hasFocus():
            paint_focus(painter, room, self._theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        badge = self._badge_at(event.position())
        if badge is None:
            moment = self._next_at(self._place_at(event.position().y()))
            if moment:
                self.seek_requested.emit(float(moment))
        elif badge.process >= 0:
            self.selected.emit(Selection(process=badge.process))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is left to do, here or in what holds this view."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        count = len(self._frame.processes) if self._frame else 0
        if step is None or not count:
            event.ignore()
            return
        at = self._selection.process
        process = (at + step) % count if at is not None else 0 if step > 0 else count - 1
        self.selected.emit(Selection(process=process))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            show_tip(event, self._tip(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def _paint_lines(self, painter: QPainter, room: QRectF) -> None:
        gutter = gutter_width(self._lines)
        scrolled = self.horizontalScrollBar().value() / self._theme.zoom
        views = self._frame.processes if self._frame else ()
        for place, line in enumerate(self._lines):
            rect = self._rect_of(place)
            if rect.bottom() < 0 or rect.top() > room.bottom():
                continue
            here = self._here(line)
            paint_line(painter, rect, line, self._theme, gutter, scrolled, in_play=bool(here))
            if here:
                badges = badges_on(rect, here, views)
                paint_badges(painter, rect, badges, self._theme, self._selection.process)

    def _here(self, line: CodeLine) -> list[int]:
        """The processes on a line."""
        return [one for at, processes in self._on_line.items() if line.is_at(at[1], at[0]) for one in processes]

    def _on_files_activated(self) -> None:
        self._chosen = self.files.currentText()
        self._show_file(self._chosen)

    def _follow(self) -> None:
        """Of several files, show the one that is to be seen now."""
        if self.files.count() < 2 or self._recording is None or self._frame is None or self._chosen is not None:
            return
        process, event = self._selection.process, self._frame.event
        known = process is not None and process < len(self._frame.processes)
        file = self._frame.processes[process].file if known and process is not None else None
        if file is None and event:
            file = getattr(self._recording.events[event - 1], "file", None)
        if file is not None and file != self.files.currentText() and self.files.findText(file) >= 0:
            self._show_file(file)

    def _show_file(self, file: str) -> None:
        """The file of this name, or, without one, none."""
        self.files.setCurrentText(file)
        self._lines = lines_of([source for source in self._sources() if source.file == file])
        self._set_ranges()
        self.viewport().update()

    def _sources(self) -> list[Source]:
        return self._recording.sources if self._recording is not None else []

    def _place_files(self) -> None:
        """The choice stands above the lines, where there is one."""
        several = self.files.count() > 1
        self.files.setVisible(several)
        height = self.files.sizeHint().height() if several else 0
        self.setViewportMargins(0, height + self._theme.px(UNIT) if several else 0, 0, 0)
        self.files.setGeometry(0, 0, self.width(), height)

    def _room(self) -> QRectF:
        """The viewport in base units."""
        zoom = self._theme.zoom
        return QRectF(0, 0, self.viewport().width() / zoom, self.viewport().height() / zoom)

    def _rect_of(self, place: int) -> QRectF:
        """Where the line at this place is, base units."""
        return QRectF(0, place * LINE - self.verticalScrollBar().value() / self._theme.zoom, self._room().width(), LINE)

    def _badge_at(self, position: QPointF) -> Badge | None:
        point = position / self._theme.zoom
        return next((badge for badge in self.badges() if badge.rect.contains(point)), None)

    def _place_at(self, y: float) -> int:
        """Place of the line at this height of the viewport, maybe outside of all lines."""
        return int((y + self.verticalScrollBar().value()) / self._theme.zoom // LINE)

    def _next_at(self, place: int) -> int:
        """The next event, among those that are near, made at the line at this place; 0 for none."""
        if self._recording is None or self._frame is None or not 0 <= place < len(self._lines):
            return 0
        line, events = self._lines[place], self._recording.events
        near = range(self._frame.event + 1, min(self._frame.event + NEAR, len(events)) + 1)
        worker = self._recording.event_worker
        rows = ((k, events[k - 1]) for k in near if worker[k - 1] >= 0)
        return next((k for k, row in rows if line.is_at(getattr(row, "line", 0), getattr(row, "file", None))), 0)

    def _tip(self, position: QPoint) -> str:
        """The whole line, and who is on it."""
        place = self._place_at(position.y())
        if not 0 <= place < len(self._lines) or self._frame is None:
            return ""
        line = self._lines[place]
        labels = [self._frame.processes[process].label for process in self._here(line)]
        return "\n".join(filter(None, (line.text.strip(), ", ".join(labels))))

    def _set_ranges(self) -> None:
        zoom = self._theme.zoom
        size = self.viewport().size()
        longest = max((text_width(line.text, TextSize.BODY, mono=True) for line in self._lines), default=0)
        width = (gutter_width(self._lines) + longest + 2 * UNIT) * zoom
        for bar, whole, page in (
            (self.verticalScrollBar(), len(self._lines) * LINE * zoom, size.height()),
            (self.horizontalScrollBar(), width, size.width()),
        ):
            bar.setPageStep(page)
            bar.setSingleStep(round(LINE * zoom))
            bar.setRange(0, max(0, round(whole) - page))
