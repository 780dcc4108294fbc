"""The line at the top of a card: what it shows, and a note at the right."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme


class Header(QWidget):
    """A title and a note."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._note = named(QLabel(), "note")
        self._title = named(QLabel(title), "panelTitle")
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._row.addWidget(self._note)

    def set_note(self, text: str) -> None:
        self._note.setText(text)

    def set_titled(self, titled: bool) -> None:
        """Whether the title is shown; without it little more is left than a strip to drag."""
        self._title.setVisible(titled)
        self._note.setVisible(titled)

    def set_theme(self, theme: Theme) -> None:
        """Take over the zoom; colours come from the window's style sheet."""
        self._row.setContentsMargins(theme.px(3 * UNIT), theme.px(2 * UNIT), theme.px(3 * UNIT), theme.px(UNIT))
