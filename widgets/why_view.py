"""Why an update was lost: its certificate as a story of steps, the cure, and what the cure changed."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dictrace.engine.diagnoses.finding import diagnoses_of
from dictrace.engine.explain import cure
from dictrace.engine.frame import Counts, Frame
from dictrace.engine.losses import KINDS
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Outcome
from dictrace.engine.story import Step, cured, story, title
from dictrace.engine.words import _
from dictrace.widgets.comparison import Comparison
from dictrace.widgets.findings import Findings
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.step_button import StepButton
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, UNIT, Theme


class WhyView(QScrollArea):
    """Tells the story of the selected loss, or of the newest one at or before the frame.

    Attributes:
        steps: the buttons of the story's steps, in order.

    Signals:
        seek_requested: position of the step that was pressed.
        selected: Selection of the loss whose step was pressed.
        cure_requested: Experiment to run, the one of the recording with its cure.
    """

    seek_requested = Signal(float)
    selected = Signal(object)
    cure_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._frame: Frame | None = None
        self._selection = NOTHING
        self._loss = -1
        self._story: tuple[Step, ...] = ()
        self._diagnosed = False
        self.steps: list[StepButton] = []
        self._build()
        self._tell()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        margin = theme.px(UNIT)
        self._column.setSpacing(margin)
        self._column.setContentsMargins(0, 0, margin, 0)
        self._list.setSpacing(theme.px(UNIT / 2))
        self._list.setContentsMargins(0, 0, 0, margin)
        self._comparison.set_theme(theme)
        self._findings.set_theme(theme)
        for button in self.steps:
            button.set_theme(theme)
        self.updateGeometry()

    def set_recording(self, recording: Recording | None) -> None:
        """Tell of this recording; again whenever it has grown."""
        if recording is not self._recording:
            self._recording = recording
            self._loss = -1
            self._diagnosed = False
            self._findings.set_diagnoses(None)
            self._tell()
        self._choose()
        self._diagnose()

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self._choose()

    def set_selection(self, selection: Selection) -> None:
        self._selection = selection
        self._choose()

    def set_comparison(self, before: Counts | None, after: Counts | None) -> None:
        """Show the outcomes of the run and of the same with its cure; None: not known."""
        self._comparison.set_counts(before, after)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(300), self._theme.px(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(96))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._diagnose()

    def _diagnose(self) -> None:
        """Tell what went wrong in the whole run of somebody's own program, once it is over and this view is seen."""
        recording = self._recording
        if self._diagnosed or recording is None or recording.script is None or not self.isVisible():
            return
        if recording.end is not None or recording.damage:
            self._diagnosed = True
            failed = recording.end is not None and recording.end.outcome is Outcome.FAILED
            lost = recording.history.counts_at(len(recording.events)).lost
            self._findings.set_diagnoses(diagnoses_of(recording), failed or lost > 0)

    def _build(self) -> None:
        self.setAccessibleName(_("Why an update was lost"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = named(QWidget(), "scrolled")
        self.viewport().setAutoFillBackground(False)
        self._column, self._list = QVBoxLayout(content), QVBoxLayout()
        self._title = named(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), "strong")
        self._note = named(QLabel(wordWrap=True), "note")
        self._cure_title = named(QLabel(_("Cure")), "strong")
        self._cure = QLabel(wordWrap=True)
        self._button = QPushButton(_("Run it with the cure"))
        self._comparison, self._findings = Comparison(), Findings()
        self._findings.seek_requested.connect(self.seek_requested)
        self._button.clicked.connect(self._on_button_clicked)
        for part in (self._comparison, self._title, self._note):
            self._column.addWidget(part)
        self._column.addLayout(self._list)
        self._column.addWidget(self._cure_title)
        self._column.addWidget(self._cure)
        self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self._findings)
        self._column.addStretch(1)
        self.setWidget(content)
        content.setAutoFillBackground(False)

    def _choose(self) -> None:
        """Take the loss to tell of, and where in its story the frame is."""
        loss = self._wanted()
        if loss != self._loss:
            self._loss = loss
            self._tell()
        elif loss < 0:
            self._invite()
        position = self._frame.position if self._frame else -1.0
        for button, step in zip(self.steps, self._story, strict=True):
            button.set_reached(step.position <= position)

    def _wanted(self) -> int:
        """Index of the loss to tell of, -1 for none."""
        if self._recording is None:
            return -1
        losses = self._recording.history.losses
        if self._selection.loss is not None and self._selection.loss < len(losses.events):
            return self._selection.loss
        return losses.newest(self._frame.event if self._frame else 0)

    def _tell(self) -> None:
        """Show the story of the loss, or what to expect."""
        self._story = ()
        told = self._recording is not None and self._loss >= 0
        if self._recording is not None and told:
            self._story = story(self._recording, self._loss)
            kind = KINDS[self._recording.history.losses.kinds[self._loss]]
            self._title.setText(title(self._recording, self._loss))
            self._note.setText(_("Press a step to see its moment."))
            self._cure.setText(cure(kind))
            self._button.setVisible(cured(self._recording, kind) is not None)
        else:
            self._invite()
            self._button.setVisible(False)
        self._cure_title.setVisible(told)
        self._cure.setVisible(told)
        self._show_steps()

    def _invite(self) -> None:
        """Say what to expect here."""
        self._title.setText(_("No update is lost up to here.") if self._recording else _("Nothing to explain yet."))
        self._note.setText(_("As soon as an update is lost, its story is told here, step by step."))

    def _show_steps(self) -> None:
        """One button for each step; those of another story are used again, because new ones take long."""
        for number in range(len(self.steps) + 1, len(self._story) + 1):
            button = StepButton(number)
            button.set_theme(self._theme)
            button.clicked.connect(partial(self._on_step_clicked, number - 1))
            self._list.addWidget(button)
            self.steps.append(button)
        while len(self.steps) > len(self._story):
            button = self.steps.pop()
            self._list.removeWidget(button)
            button.hide()
            button.deleteLater()
        for button, step in zip(self.steps, self._story, strict=True):
            button.set_step(step.text, lost=step.lost)

    def _on_step_clicked(self, place: int) -> None:
        position = self._story[place].position
        self.selected.emit(Selection(loss=self._loss))
        self.seek_requested.emit(position)

    def _on_button_clicked(self) -> None:
        assert self._recording is not None
        experiment = cured(self._recording, KINDS[self._recording.history.losses.kinds[self._loss]])
        assert experiment is not None
        self.cure_requested.emit(experiment)
