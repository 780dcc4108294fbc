"""The experiment panel: every setting of the next run, and the one button that starts or stops it."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from dictrace.engine.experiment import (
    MAX_PROCESSES,
    MAX_TASKS,
    MAX_THINK_MS,
    PRESETS,
    Experiment,
    LockChoice,
    Target,
    preset,
    start_methods,
)
from dictrace.engine.words import _
from dictrace.widgets.choice import Choice
from dictrace.widgets.column import Column
from dictrace.widgets.experiment_texts import (
    code_of,
    lesson,
    lock_obstacle,
    lock_title,
    nested_obstacle,
    preset_title,
    target_title,
    write_back_obstacle,
)
from dictrace.widgets.run_button import RunButton
from dictrace.widgets.style import named
from dictrace.widgets.switch import Switch
from dictrace.widgets.theme import UNIT, Theme

WIDTH = 292.0
FIELD_WIDTH = 104.0
TARGET_WIDTH = 146.0


class ExperimentPanel(QWidget):
    """Shows one `Experiment` and changes it as the person wants.

    Signals:
        changed: the `Experiment`, after the person changed it.
        run_requested, stop_requested: the button was pressed.
    """

    changed = Signal(object)
    run_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment = Experiment()
        self._build_controls()
        self._build_layout()
        self._connect()
        self._show()
        self.set_shown("")

    def experiment(self) -> Experiment:
        """What is set now."""
        return self._experiment

    def set_experiment(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._show()

    def set_shown(self, script: str) -> None:
        """Say that a run of a script is shown, which these settings are not of; empty: none is."""
        text = _("Shown is a run of {name}, not of this experiment.")
        self._shown.setText(text.format(name=script) if script else "")
        self._shown.setVisible(bool(script))

    def set_running(self, running: bool) -> None:
        """Make the button stop what runs, or run."""
        self._button.set_running(running)

    def choose_preset(self, number: int) -> None:
        """The person chose the preset of this number, 1 to 8; everything that is no toggle stays as it is."""
        kept = ("processes", "tasks", "think_ms", "start_method", "seed")
        settings = {name: getattr(self._experiment, name) for name in kept}
        self._change_to(preset(list(PRESETS)[number - 1], **settings))

    def cycle_lock(self) -> None:
        """The person asked for the next possible lock."""
        possible = [lock for lock in LockChoice if not lock_obstacle(lock, self._experiment)]
        self._change(lock=possible[(possible.index(self._experiment.lock) + 1) % len(possible)])

    def toggle_nested(self) -> None:
        """The person asked for the other kind of writes, where there is one."""
        if self._nested.isEnabled():
            self._change(nested=not self._experiment.nested)

    def set_theme(self, theme: Theme) -> None:
        for part in (self._preset, self._target, self._nested, self._write_back, self._start_method):
            part.set_theme(theme)
        for field in (self._processes, self._tasks, self._think, self._start_method):
            field.setFixedWidth(theme.px(FIELD_WIDTH))
        self._target.setFixedWidth(theme.px(TARGET_WIDTH))
        self._column.setSpacing(theme.px(2 * UNIT))
        self._column.setContentsMargins(0, 0, 0, theme.px(2 * UNIT))
        self._toggles.setVerticalSpacing(theme.px(0.5 * UNIT))
        self._numbers.setVerticalSpacing(theme.px(UNIT))
        self._button.set_theme(theme)

    def _build_controls(self) -> None:
        self._shown = named(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), "strong")
        self._preset = Choice(_("Preset"))
        for number, name in enumerate(PRESETS, 1):
            self._preset.addItem(_("{n}  {title}").format(n=number, title=preset_title(name)), name)
        self._lesson = named(QLabel(wordWrap=True), "note")
        self._target = Choice(_("What the tasks change"))
        for target in Target:
            self._target.addItem(target_title(target))
        self._nested = Switch(_("Nested writes"))
        self._write_back = Switch(_("Write back"))
        self._locks = QButtonGroup(self)
        for number, lock in enumerate(LockChoice):
            button = QRadioButton(lock_title(lock))
            button.setAccessibleName(_("Lock: {choice}").format(choice=lock_title(lock)))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._locks.addButton(button, number)
        self._code = named(QLabel(), "code")
        self._code.setAccessibleName(_("Code that each task runs"))
        self._processes = QSpinBox(minimum=1, maximum=MAX_PROCESSES)
        self._tasks = QSpinBox(minimum=1, maximum=MAX_TASKS, singleStep=10)
        self._tasks.setGroupSeparatorShown(True)
        self._think = QDoubleSpinBox(maximum=MAX_THINK_MS, decimals=1, singleStep=0.5, suffix=_(" ms"))
        self._start_method = Choice(_("Start method"))
        self._start_method.addItems(list(start_methods()))
        for box in (self._processes, self._tasks, self._think):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.lineEdit().returnPressed.connect(box.clearFocus)
            box.setKeyboardTracking(False)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._button = RunButton()

    def _build_layout(self) -> None:
        self._toggles, self._numbers = QGridLayout(), QGridLayout()
        _add_row(self._toggles, QLabel(_("Tasks change")), self._target)
        for title, switch, note in (
            (_("Nested writes"), self._nested, _("inside d['test'], not in d itself")),
            (_("Write back"), self._write_back, _("commit the changed copy")),
        ):
            _add_row(self._toggles, named(QLabel(title), "strong"), switch)
            self._toggles.addWidget(named(QLabel(note), "note"), self._toggles.rowCount(), 0, 1, 2)
        for title, field in (
            (_("&Processes"), self._processes),
            (_("&Tasks"), self._tasks),
            (_("Think t&ime"), self._think),
            (_("&Start method"), self._start_method),
        ):
            _add_row(self._numbers, QLabel(title), field)
        locks = QVBoxLayout()
        locks.setSpacing(0)
        locks.addWidget(named(QLabel(_("Lock")), "strong"))
        for button in self._locks.buttons():
            locks.addWidget(button)
        content = named(QWidget(), "scrolled")
        self._column = QVBoxLayout(content)
        self._column.addWidget(self._shown)
        self._column.addWidget(self._preset)
        self._column.addWidget(self._lesson)
        self._column.addLayout(self._toggles)
        self._column.addLayout(locks)
        self._column.addWidget(self._code)
        self._column.addLayout(self._numbers)
        self._column.addStretch(1)
        area = Column(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addWidget(self._button)

    def _connect(self) -> None:
        self._preset.activated.connect(self._on_preset_activated)
        self._target.activated.connect(lambda index: self._change(target=tuple(Target)[index]))
        self._nested.clicked.connect(lambda on: self._change(nested=on))
        self._write_back.clicked.connect(lambda on: self._change(write_back=on))
        self._locks.idClicked.connect(lambda number: self._change(lock=tuple(LockChoice)[number]))
        self._processes.valueChanged.connect(lambda value: self._change(processes=value))
        self._tasks.valueChanged.connect(lambda value: self._change(tasks=value))
        self._think.valueChanged.connect(lambda value: self._change(think_ms=value))
        self._start_method.activated.connect(lambda: self._change(start_method=self._start_method.currentText()))
        self._button.run_requested.connect(self.run_requested)
        self._button.stop_requested.connect(self.stop_requested)

    def _on_preset_activated(self, index: int) -> None:
        if self._preset.itemData(index) is not None:
            self.choose_preset(index + 1)

    def _change(self, **settings: object) -> None:
        changed = msgspec.structs.replace(self._experiment, **settings)
        if lock_obstacle(changed.lock, changed):
            changed = msgspec.structs.replace(changed, lock=LockChoice.SHARED)
        self._change_to(changed)

    def _change_to(self, experiment: Experiment) -> None:
        if experiment != self._experiment:
            self._experiment = experiment
            self._show()
            self.changed.emit(experiment)

    def _show(self) -> None:
        """Make every control show the experiment; no control tells of it."""
        experiment = self._experiment
        name = experiment.preset
        self._show_preset(name)
        self._lesson.setText(lesson(name))
        self._target.setCurrentIndex(tuple(Target).index(experiment.target))
        _show_switch(self._nested, experiment.nested, nested_obstacle(experiment))
        _show_switch(self._write_back, experiment.write_back, write_back_obstacle(experiment))
        for button, lock in zip(self._locks.buttons(), LockChoice, strict=True):
            obstacle = lock_obstacle(lock, experiment)
            button.setEnabled(not obstacle)
            button.setToolTip(obstacle)
            button.setChecked(lock is experiment.lock)
        self._code.setText(code_of(experiment))
        for box in (self._processes, self._tasks, self._think):
            box.blockSignals(True)
        self._processes.setValue(experiment.processes)
        self._tasks.setValue(experiment.tasks)
        self._think.setValue(experiment.think_ms)
        for box in (self._processes, self._tasks, self._think):
            box.blockSignals(False)
        self._start_method.setCurrentText(experiment.start_method)

    def _show_preset(self, name: str | None) -> None:
        """The preset's line; for toggles that no preset has, a line of their own below the presets."""
        count = len(PRESETS)
        if name is None and self._preset.count() == count:
            self._preset.addItem(_("Own settings"))
        elif name is not None and self._preset.count() > count:
            self._preset.removeItem(count)
        self._preset.setCurrentIndex(count if name is None else list(PRESETS).index(name))


def _add_row(grid: QGridLayout, label: QLabel, control: QWidget) -> None:
    """The label at the left, its control at the right."""
    row = grid.rowCount()
    label.setBuddy(control)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label, row, 0)
    grid.addWidget(control, row, 1, Qt.AlignmentFlag.AlignRight)


def _show_switch(switch: Switch, on: bool, obstacle: str) -> None:
    switch.setChecked(on)
    switch.setEnabled(not obstacle)
    switch.setToolTip(obstacle)
