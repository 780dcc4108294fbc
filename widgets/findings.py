"""What went wrong in a whole run, in words: each diagnosis with the lines to look at, and its cure."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from dictrace.engine.diagnoses.diagnosis import Diagnosis, Place
from dictrace.engine.diagnoses.sentences import cure_of, nothing_found, text_of
from dictrace.engine.words import _
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, UNIT, Theme


class Findings(QWidget):
    """Shows diagnoses, the most damaging first. That there are none proves nothing, and it does not say so.

    Signals:
        seek_requested: position of the evidence that was pressed.
    """

    seek_requested = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._shown: tuple[tuple[Diagnosis, ...] | None, bool] = None, False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName(_("What went wrong in this run"))
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._column.setSpacing(theme.px(UNIT))

    def set_diagnoses(self, found: tuple[Diagnosis, ...] | None, wrong: bool = False) -> None:
        """Show these; None: nothing is known of the run yet. For `wrong` see `nothing_found`."""
        if (found, wrong) == self._shown:
            return
        self._shown = found, wrong
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(found is not None)
        if found is None:
            return
        self._column.addWidget(named(QLabel(_("In the whole run")), "strong"))
        if not found:
            self._column.addWidget(_text(nothing_found(wrong)))
        for diagnosis in found:
            self._add(diagnosis)

    def _add(self, diagnosis: Diagnosis) -> None:
        self._column.addWidget(_text(f"• {text_of(diagnosis)}"))
        places = _lines(diagnosis.places)
        if diagnosis.event:
            evidence = QPushButton(places or _("event {n}").format(n=f"{diagnosis.event:,}"))
            evidence.setToolTip(_("Show this moment"))
            evidence.setMinimumWidth(1)  # a long name is cut rather than making everything wider than the view
            evidence.clicked.connect(partial(self.seek_requested.emit, float(diagnosis.event)))
            self._column.addWidget(evidence, 0, Qt.AlignmentFlag.AlignLeft)
        elif places:
            self._column.addWidget(_text(places))
        self._column.addWidget(_text(_("Cure: {text}").format(text=cure_of(diagnosis))))
        if diagnosis.code:
            code = _text(diagnosis.code)
            code.setTextFormat(Qt.TextFormat.PlainText)
            self._column.addWidget(named(code, "code"))


def _lines(places: tuple[Place, ...]) -> str:
    """A line for each file, with the lines to look at in it."""
    files: dict[str, list[str]] = {}
    for place in places:
        files.setdefault(place.file, []).append(str(place.line))
    return "\n".join(f"{file}:{', '.join(lines)}" for file, lines in files.items())


def _text(words: str) -> QLabel:
    label = QLabel(words, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
