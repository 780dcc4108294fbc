"""How the window looks: colours, zoom, full screen, and presentation mode, which is larger and shows less."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMainWindow

from dictrace.engine.words import _
from dictrace.widgets.notice import Notice
from dictrace.widgets.style import palette_of, style_sheet
from dictrace.widgets.theme import DARK, LIGHT, ZOOM_STEPS, presenting_zoom, system_is_dark

if TYPE_CHECKING:
    from dictrace.app.desk import Desk

LEAST_SIZE = (640.0, 360.0)
PRESENTED = "history"
"""Panel that presentation mode shows at first."""


class Appearance(QObject):
    """Dresses a window and its desk; the window hands the theme to all that paints.

    Attributes:
        theme: how everything looks now.
        dark: the theme that was chosen; None: the one that the desktop uses.
        zoom: the one that was chosen, maybe not the one of presentation mode.
        notice: says for a moment that something is done.
        presented: name of the panel that presentation mode shows.
        presenting: it is in presentation mode.

    Signals:
        theme_changed: new `theme`.
        choice_changed: `dark`, `presented` or `presenting` is another.
    """

    theme_changed = Signal(object)
    choice_changed = Signal()

    def __init__(self, window: QMainWindow, desk: "Desk") -> None:
        super().__init__(window)
        self.theme = LIGHT
        self.dark: bool | None = None
        self.presented = PRESENTED
        self._window, self._desk = window, desk
        self._zoom_before: float | None = None
        self.notice = Notice(window)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)

    @property
    def zoom(self) -> float:
        return self.theme.zoom if self._zoom_before is None else self._zoom_before

    @property
    def presenting(self) -> bool:
        return self._zoom_before is not None

    def set_zoom(self, zoom: float) -> None:
        """Scale everything, by one of `ZOOM_STEPS`."""
        self.theme = replace(self.theme, zoom=zoom)
        self._apply()

    def step_zoom(self, direction: int) -> None:
        """The next zoom, larger (1) or smaller (-1)."""
        at = ZOOM_STEPS.index(self.theme.zoom) + direction
        self.set_zoom(ZOOM_STEPS[min(max(at, 0), len(ZOOM_STEPS) - 1)])

    def set_dark(self, dark: bool | None) -> None:
        """Use the dark or the light theme; None: the one that the desktop uses."""
        self.dark = dark
        self.choice_changed.emit()
        self._apply()

    def set_presented(self, name: str) -> None:
        """Choose the panel that presentation mode shows; an unknown name: the usual one."""
        self.presented = name if name in self._desk.panels else PRESENTED
        self.choice_changed.emit()
        if self.presenting:
            self._desk.present(self.presented)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def toggle_presentation(self) -> None:
        """Show stage, verdict and one panel, large and on the whole screen; or everything as it was."""
        window, begins = self._window, not self.presenting
        if begins:
            self._zoom_before = self.theme.zoom
            self._desk.present(self.presented)
        window.menuBar().setVisible(not begins)
        state, full_screen = window.windowState(), Qt.WindowState.WindowFullScreen
        window.setWindowState(state | full_screen if begins else state & ~full_screen)
        if begins:
            self.set_zoom(max(self.theme.zoom, presenting_zoom(window.screen().size().height())))
            self.notice.show_text(_("F9 ends the presentation, ? shows all keys."), self.theme)
        else:
            self.notice.hide()
            zoom, self._zoom_before = self.zoom, None
            self.set_zoom(zoom)
            self._desk.present(None)
        self.choice_changed.emit()

    def _apply(self) -> None:
        dark = system_is_dark() if self.dark is None else self.dark
        self.theme = theme = replace(DARK if dark else LIGHT, zoom=self.theme.zoom)
        QApplication.setPalette(palette_of(theme))  # of dialogs too
        self._window.setStyleSheet(style_sheet(theme))
        self.theme_changed.emit(theme)
        # Set here, so that the window never grows by itself when the zoom does.
        least = QSize(*(theme.px(length) for length in LEAST_SIZE))
        self._window.setMinimumSize(least.boundedTo(self._window.screen().availableSize()))
