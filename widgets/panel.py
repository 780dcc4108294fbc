"""A panel of the window: a dock that looks like a card, dragged by its header."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from dictrace.widgets.header import Header
from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme


class Panel(QDockWidget):
    """A dock for one view, which may come later.

    Attributes:
        header: its title and note.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        """`name` identifies the panel in saved layouts, `title` is shown."""
        super().__init__(title, parent)
        self.setObjectName(name)
        self.header = Header(title, self)
        self.header.setObjectName("panelHeader")
        self._body = named(QWidget(), "panelBody")
        self._room = QVBoxLayout(self._body)
        self.setTitleBarWidget(self.header)
        self.setWidget(self._body)
        for part in (self.header, self._body):
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def set_view(self, view: QWidget) -> None:
        """The view that the panel shows."""
        self._room.addWidget(view)

    def set_theme(self, theme: Theme) -> None:
        """Take over the zoom; colours come from the window's style sheet."""
        self.header.set_theme(theme)
        self._room.setContentsMargins(theme.px(3 * UNIT), theme.px(UNIT), theme.px(3 * UNIT), theme.px(3 * UNIT))
