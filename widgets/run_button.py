"""The one button that starts a run or stops it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from dictrace.engine.words import _
from dictrace.widgets.icons import Icon, button_icon
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, Theme


class RunButton(QPushButton):
    """Says Run, or Stop while something runs.

    Attributes:
        running: whether it would stop what runs.

    Signals:
        run_requested, stop_requested: it was pressed.
    """

    run_requested = Signal()
    stop_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "primary")
        self._theme = LIGHT
        self.running = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)
        self._show()

    def set_running(self, running: bool) -> None:
        """Make it stop what runs, or run."""
        if running == self.running:
            return
        self.running = running
        self._show()
        self.style().unpolish(self)  # or the style sheet does not see the property
        self.style().polish(self)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setIconSize(QSize(theme.px(12), theme.px(12)))
        self._show()

    def _on_clicked(self) -> None:
        (self.stop_requested if self.running else self.run_requested).emit()

    def _show(self) -> None:
        running, theme = self.running, self._theme
        self.setText(_("Stop") if running else _("Run"))
        self.setToolTip(_("Esc") if running else _("F5 or Ctrl+R"))
        ink = theme.panel if running else theme.on_accent
        self.setIcon(button_icon(Icon.STOP if running else Icon.PLAY, ink, theme.muted))
        self.setProperty("running", running)
