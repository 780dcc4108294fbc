"""The settings of somebody's own script: its arguments, the limits of a run, and the button that runs or stops it."""

import os
import shlex

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from dictrace.engine.order import MAX_ROWS, Limits, Script
from dictrace.engine.words import _
from dictrace.widgets.column import Column
from dictrace.widgets.run_button import RunButton
from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme
from dictrace.widgets.tips import plain_tip

FIELD_WIDTH = 102.0
MEGABYTE = 1_000_000
MAX_SECONDS = 86_400
MAX_OUTPUT_MB = 2_000
MAX_SCRIPT_PROCESSES = 30_000


class ScriptPanel(QWidget):
    """Shows one script, and what the person wants of its next run.

    Signals:
        run_requested, stop_requested: the button was pressed, or Return in the arguments.
        leave_requested: the person wants the presets again.
    """

    run_requested = Signal()
    stop_requested = Signal()
    leave_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._script = Script("")
        plain = Qt.TextFormat.PlainText
        self._name = named(QLabel(wordWrap=True, textFormat=plain), "strong")
        self._folder = named(QLabel(wordWrap=True, textFormat=plain), "note")
        self._arguments = named(QLineEdit(), "field")
        self._problem = named(QLabel(wordWrap=True), "note")
        self._seen = QLabel()
        self._seconds = _number(_("End after"), MAX_SECONDS, suffix=_(" s"), least_text=_("no limit"))
        self._processes = _number(_("Processes, at most"), MAX_SCRIPT_PROCESSES, least=1)
        self._output = _number(_("Output kept, at most"), MAX_OUTPUT_MB, suffix=_(" MB"))
        self._rows = _number(_("Events kept, at most"), MAX_ROWS, step=100_000)
        self._leave = QPushButton(_("Back to the presets"))
        self._button = RunButton()
        self._build()
        self.set_limits(Limits())
        self.set_seen("")
        self._check()

    def script(self) -> Script | None:
        """The script with its arguments as they stand there; None where they can't be read."""
        try:
            return msgspec.structs.replace(self._script, arguments=tuple(shlex.split(self._arguments.text())))
        except ValueError:
            return None

    def set_script(self, script: Script) -> None:
        self._script = script
        self._name.setText(os.path.basename(script.path))
        self._folder.setText(
            _("in {folder}").format(folder=os.path.basename(os.path.abspath(script.cwd)) or script.cwd)
        )
        self._folder.setToolTip(plain_tip(os.path.join(script.cwd, script.path)))
        self._arguments.setText(shlex.join(script.arguments))

    def limits(self) -> Limits:
        """What is set now."""
        return Limits(
            rows=self._rows.value(),
            output_bytes=self._output.value() * MEGABYTE,
            processes=self._processes.value(),
            seconds=self._seconds.value() or None,
        )

    def set_limits(self, limits: Limits) -> None:
        self._rows.setValue(limits.rows)
        self._output.setValue(limits.output_bytes // MEGABYTE)
        self._processes.setValue(limits.processes)
        self._seconds.setValue(int(limits.seconds or 0))

    def set_seen(self, start_methods: str) -> None:
        """Say how the script started its processes; empty: it has not yet."""
        self._seen.setText(start_methods or _("not seen yet"))

    def set_running(self, running: bool) -> None:
        """Make the button stop what runs, or run."""
        self._button.set_running(running)

    def set_theme(self, theme: Theme) -> None:
        for box in (self._seconds, self._processes, self._output, self._rows):
            box.setFixedWidth(theme.px(FIELD_WIDTH))
        self._column.setSpacing(theme.px(2 * UNIT))
        self._column.setContentsMargins(0, 0, 0, theme.px(2 * UNIT))
        self._limits.setVerticalSpacing(theme.px(UNIT))
        self._button.set_theme(theme)

    def _build(self) -> None:
        self._arguments.setAccessibleName(_("Arguments of the script"))
        self._arguments.setPlaceholderText(_("no arguments"))
        self._arguments.textChanged.connect(self._check)
        self._arguments.returnPressed.connect(self._on_arguments_returned)
        self._button.run_requested.connect(self.run_requested)
        self._button.stop_requested.connect(self.stop_requested)
        self._leave.clicked.connect(self.leave_requested)
        self._limits = QGridLayout()
        self._limits.setColumnStretch(0, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (_("Start method, as seen"), self._seen),
            (_("End &after"), self._seconds),
            (_("&Processes, at most"), self._processes),
            (_("Output kept, at &most"), self._output),
            (_("E&vents kept, at most"), self._rows),
        )
        for row, (title, control) in enumerate(rows):
            label = QLabel(title)
            label.setBuddy(control)
            self._limits.addWidget(label, row, 0)
            self._limits.addWidget(control, row, 1, Qt.AlignmentFlag.AlignRight)
        note = _("What goes beyond a limit is counted and told; with too many processes or too much time the run ends.")
        content = named(QWidget(), "scrolled")
        self._column = QVBoxLayout(content)
        for part in (self._name, self._folder, QLabel(_("Arguments")), self._arguments, self._problem):
            self._column.addWidget(part)
        self._column.addLayout(self._limits)
        self._column.addWidget(named(QLabel(note, wordWrap=True), "note"))
        self._column.addStretch(1)
        self._column.addWidget(self._leave)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Column(content), 1)
        whole.addWidget(self._button)

    def _check(self) -> None:
        readable = self.script() is not None
        self._problem.setText("" if readable else _("A quotation mark is not closed."))
        self._problem.setVisible(not readable)
        self._button.setEnabled(readable)

    def _on_arguments_returned(self) -> None:
        if self._button.isEnabled() and not self._button.running:
            self.run_requested.emit()


def _number(name: str, most: int, *, least: int = 0, step: int = 1, suffix: str = "", least_text: str = "") -> QSpinBox:
    box = QSpinBox(minimum=least, maximum=most, singleStep=step, suffix=suffix)
    box.setSpecialValueText(least_text)
    box.setGroupSeparatorShown(True)
    box.setAccessibleName(name)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setKeyboardTracking(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.lineEdit().returnPressed.connect(box.clearFocus)
    return box
