"""Tool tips that show a text as it stands: a key, a file or a line of code may look like markup."""

from PySide6.QtGui import QHelpEvent, Qt
from PySide6.QtWidgets import QToolTip, QWidget


def plain_tip(text: str) -> str:
    """`text` so that Qt, which takes what looks like markup for it, shows every character of it."""
    return Qt.convertFromPlainText(text) if Qt.mightBeRichText(text) else text


def show_tip(event: QHelpEvent, text: str, widget: QWidget) -> None:
    """Show a tip where `widget` was asked for one; none where `text` is empty."""
    QToolTip.showText(event.globalPos(), plain_tip(text), widget)
