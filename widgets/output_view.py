"""What the program printed, up to the moment that is shown."""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.recording import Recording
from dictrace.engine.rows import EndRow, OutputRow
from dictrace.engine.words import _
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, TextSize, Theme, font

MOST = 20_000
"""Characters that are shown, the last ones; a recording has all of them."""


class OutputView(QPlainTextEdit):
    """Follows the frame. Lines of stderr are marked by that word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "output")
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._frame: Frame | None = None
        self._shown: tuple[int, bool] | None = None
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setCornerWidget(QWidget())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(_("Output of the program"))
        self.setPlaceholderText(_("What the program prints comes here."))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        look = font(TextSize.SMALL, mono=True)
        sheet = f'font-family: "{look.family()}"; font-size: {theme.px(TextSize.SMALL)}px; background: transparent;'
        frame = "border: 2px solid {colour}; border-radius: 4px;"
        self.setStyleSheet(
            f"QPlainTextEdit {{ {sheet} {frame.format(colour='transparent')} }}"
            f"QPlainTextEdit:focus {{ {frame.format(colour=theme.accent.name())} }}"
        )
        self.updateGeometry()

    def set_recording(self, recording: Recording | None) -> None:
        """Show what this recording's program printed; again whenever it has grown."""
        if recording is not self._recording:
            self._shown = None
        self._recording = recording
        self._show()

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(96))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The end stays in view."""
        super().resizeEvent(event)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _show(self) -> None:
        """Only where it is seen, and where it is another text."""
        if not self.isVisible():
            return
        recording, frame = self._recording, self._frame
        count, over = 0, False
        if recording is not None and frame is not None:
            over = recording.end is not None and frame.event == frame.events
            all_of_them = len(recording.outputs)
            count = all_of_them if over else bisect_right(recording.outputs, frame.time_ns, key=lambda row: row.ns)
        if (count, over) == self._shown:
            return
        self._shown = count, over
        text = output_text(recording.outputs[:count]) if recording is not None else ""
        if over and recording is not None and recording.end is not None:
            text = "\n".join(filter(None, (text, ending(recording.end))))
        self.setPlainText(text)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())


def output_text(outputs: Sequence[OutputRow]) -> str:
    """About the last `MOST` characters by whole lines, each where it ended; what is left out is said."""
    place, length = len(outputs), 0
    while place and length < MOST:
        place -= 1
        length += len(outputs[place].text)
    begun = {"stdout": "", "stderr": ""}
    lines: list[str] = []
    for row in outputs[place:]:
        *whole, begun[row.stream] = (begun.get(row.stream, "") + row.text[-MOST:]).split("\n")
        lines += [_line(row.stream, text) for text in whole]
    lines += [_line(stream, text) for stream, text in begun.items() if text]
    left_out = sum(len(row.text) for row in outputs[:place])
    if left_out:
        lines.insert(0, _("({n} characters before this are in the recording.)").format(n=f"{left_out:,}"))
    return "\n".join(lines)


def _line(stream: str, text: str) -> str:
    return f"stderr: {text}" if stream == "stderr" else text


def ending(end: EndRow) -> str:
    """The program's exit status, and how much of its output is missing."""
    lines = [] if end.status is None else [_("(exit status {n})").format(n=end.status)]
    if end.status is not None and end.status < 0:
        lines = [_("(ended by signal {n})").format(n=-end.status)]
    if end.dropped_bytes:
        lines.append(_("({n} bytes of output are missing: a limit was reached.)").format(n=f"{end.dropped_bytes:,}"))
    return "\n".join(lines)
