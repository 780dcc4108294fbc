"""A card in the middle of the window: a view with a header, which is no dock."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dictrace.widgets.header import Header
from dictrace.widgets.theme import Theme


class Card(QWidget):
    """A view on a card.

    Attributes:
        header: its title and note; hidden where the title is empty.
    """

    def __init__(self, title: str, view: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.header = Header(title, self)
        self.header.setVisible(bool(title))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(view, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take over the zoom; colours come from the window's style sheet."""
        self.header.set_theme(theme)
