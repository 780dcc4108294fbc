"""A room in which Tab leads only into panels that are seen."""

from PySide6.QtWidgets import QApplication, QDockWidget, QWidget


class FocusRoom(QWidget):
    """Passes over panels behind another tab: Qt only moves them out of sight, and would give them the focus."""

    def focusNextPrevChild(self, next: bool) -> bool:
        before = QApplication.focusWidget()
        while super().focusNextPrevChild(next):
            widget = QApplication.focusWidget()
            if widget is None or widget is before or not is_behind(widget):
                return True
        return False


def is_behind(widget: QWidget) -> bool:
    """Whether it is in a panel of which nothing is seen."""
    part: QWidget | None = widget
    while part is not None and not isinstance(part, QDockWidget):
        part = part.parentWidget()
    return part is not None and part.visibleRegion().isEmpty()
