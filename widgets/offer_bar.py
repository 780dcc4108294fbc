"""A bar across the window with one sentence and what can be done about it; it waits, and stops nobody."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from dictrace.engine.words import _
from dictrace.widgets.theme import UNIT, Theme


class OfferBar(QFrame):
    """Offers to open something, or to discard it.

    Signals:
        open_requested, discard_requested: what the person chose.
    """

    open_requested = Signal()
    discard_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("offer")
        self._sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        # With two words on a line it would be as high as the window: it takes what the buttons leave.
        self._sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        opens, discards = QPushButton(_("Open it")), QPushButton(_("Discard it"))
        opens.clicked.connect(self.open_requested)
        discards.clicked.connect(self.discard_requested)
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._sentence, 1)
        self._row.addWidget(opens)
        self._row.addWidget(discards)

    def set_theme(self, theme: Theme) -> None:
        """The style sheet knows the colours; the room around is set here."""
        self._row.setContentsMargins(theme.px(4 * UNIT), theme.px(UNIT), theme.px(4 * UNIT), theme.px(UNIT))
        self._row.setSpacing(theme.px(2 * UNIT))

    def set_sentence(self, sentence: str) -> None:
        """Show, and tell those who don't see it, what is offered."""
        self._sentence.setText(sentence)
        self.setAccessibleName(sentence)
