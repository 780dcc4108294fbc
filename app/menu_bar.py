"""The menus of the main window, and the keys they hold."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from dictrace.app.dialogs import ask_and_open, ask_and_save, show_about, show_guide, show_keys
from dictrace.app.menus import command, exclusive, fill_menu, plain_keys
from dictrace.engine.experiment import PRESETS
from dictrace.engine.words import _
from dictrace.widgets.experiment_texts import preset_title
from dictrace.widgets.tips import plain_tip

if TYPE_CHECKING:
    from dictrace.app.appearance import Appearance
    from dictrace.app.feed import Feed
    from dictrace.app.main_window import MainWindow

STRIDE = 10
"""Events that Shift with an arrow goes."""


class MenuBar:
    """Fills the menu bar of a window.

    Attributes:
        save, export, copy_picture, stop, reduced_motion, loop, presentation: entries whose state follows the window's.
        colours: the theme's entries: those of the desktop, light, dark.
        plain_keys: key name -> entry, for keys that are left to a control that wants them.
    """

    def __init__(self, window: "MainWindow", feed: "Feed") -> None:
        self._window = window
        self._make_checkable(feed)
        bar = window.menuBar()
        fill_menu(bar, _("&File"), *self._file())
        fill_menu(bar, _("&Experiment"), *self._experiment())
        fill_menu(bar, _("&Playback"), *self._playback())
        fill_menu(bar, _("&View"), *self._view())
        fill_menu(
            bar,
            _("&Help"),
            self._entry(_("&Guide"), partial(show_guide, window), "F1"),
            self._entry(_("&Keys"), partial(show_keys, window), plain="?"),
            None,
            self._entry(_("&About dictrace"), partial(show_about, window)),
        )
        self.plain_keys = plain_keys(bar)
        # In presentation mode the bar is hidden, and shortcuts work only in what is shown.
        for menu in bar.findChildren(QMenu):
            window.addActions(menu.actions())

    def _entry(self, text: str, act: Callable[[], object], *keys: str, plain: str = "") -> QAction:
        return command(self._window, text, act, keys, plain)

    def _make_checkable(self, feed: "Feed") -> None:
        window, player = self._window, self._window.player
        self.save = self._entry(_("&Save recording…"), partial(ask_and_save, window), "Ctrl+S")
        self.export = self._entry(_("&Export…"), window.exports.ask, "Ctrl+E")
        self.copy_picture = self._entry(_("&Copy picture"), window.exports.copy, "Ctrl+Shift+C")
        self.stop = self._entry(_("&Stop"), feed.stop, "Esc")
        feed.reading.connect(self.stop.setEnabled)
        self.loop = self._entry(_("L&oop"), lambda: player.set_loops(self.loop.isChecked()), plain="O")
        self.reduced_motion = self._entry(
            _("&Reduced motion: jump from event to event"), lambda: player.set_jumps(self.reduced_motion.isChecked())
        )
        self.presentation = self._entry(_("&Presentation"), window.appearance.toggle_presentation, "F9")
        for action in (self.loop, self.reduced_motion, self.presentation):
            action.setCheckable(True)
        self.colours = exclusive(
            window,
            self._entry(_("Colours of the &desktop"), partial(window.appearance.set_dark, None)),
            self._entry(_("Ligh&t"), partial(window.appearance.set_dark, False)),
            self._entry(_("Dar&k"), partial(window.appearance.set_dark, True)),
        )

    def _file(self) -> tuple[QAction | QMenu | None, ...]:
        window = self._window
        self._recent = QMenu(_("Open &recent"), window)
        self._recent.aboutToShow.connect(self._fill_recent)
        self._scripts, self._examples = QMenu(_("Recen&t scripts"), window), QMenu(_("E&xamples"), window)
        self._scripts.aboutToShow.connect(partial(window.scripts.fill_recent, self._scripts))
        self._examples.aboutToShow.connect(partial(window.scripts.fill_examples, self._examples))
        return (
            self._entry(_("&Open recording…"), partial(ask_and_open, window), "Ctrl+O"),
            self._recent,
            self._entry(_("Open s&cript…"), window.scripts.ask_and_open, "Ctrl+Shift+O"),
            self._scripts,
            self._examples,
            None,
            self.save,
            self.export,
            self.copy_picture,
            None,
            self._entry(_("&Quit"), window.close, "Ctrl+Q"),
        )

    def _experiment(self) -> tuple[QAction | None, ...]:
        window, panel = self._window, self._window.desk.experiment
        self.toggles = (
            self._entry(_("Switch nested &writes"), panel.toggle_nested, plain="Shift+N"),
            self._entry(_("Next &lock"), panel.cycle_lock, plain="L"),
        )
        return (
            self._entry(_("&Run"), window.run, "F5", "Ctrl+R"),
            self.stop,
            None,
            *(
                self._entry(preset_title(name), partial(window.choose_preset, number), plain=str(number))
                for number, name in enumerate(PRESETS, 1)
            ),
            None,
            *self.toggles,
        )

    def _playback(self) -> tuple[QAction | None, ...]:
        player = self._window.player
        return (
            self._entry(_("&Play or pause"), player.toggle, plain="Space"),
            self._entry(_("Step &forward"), partial(player.step, 1), plain="Right"),
            self._entry(_("Step &back"), partial(player.step, -1), plain="Left"),
            self._entry(_("Ten steps forward"), partial(player.step, STRIDE), plain="Shift+Right"),
            self._entry(_("Ten steps back"), partial(player.step, -STRIDE), plain="Shift+Left"),
            self._entry(_("To the &start"), player.seek_start, plain="Home"),
            self._entry(_("To the &end"), player.seek_end, plain="End"),
            self.loop,
            None,
            self._entry(_("&Next loss"), player.next_loss, plain="N"),
            self._entry(_("Pre&vious loss"), player.previous_loss, plain="P"),
            self._entry(_("Next loss, or the end"), player.next_stop, plain="PgDown"),
            self._entry(_("Previous loss, or the start"), player.previous_stop, plain="PgUp"),
        )

    def _view(self) -> tuple[QAction | QMenu | None, ...]:
        window, looks = self._window, self._window.appearance
        self._presented = QMenu(_("Present &with"), window)
        choices = {
            name: self._entry(panel.windowTitle(), partial(looks.set_presented, name))
            for name, panel in window.desk.panels.items()
        }
        self._presented.addActions(exclusive(window, *choices.values()))
        self._choices = choices
        return (
            *self.colours,
            None,
            self._entry(_("&Larger"), partial(looks.step_zoom, 1), "Ctrl++", "Ctrl+="),
            self._entry(_("S&maller"), partial(looks.step_zoom, -1), "Ctrl+-"),
            self._entry(_("&Normal size"), partial(looks.set_zoom, 1.0), "Ctrl+0"),
            self._entry(_("F&ull screen"), looks.toggle_full_screen, "F11"),
            None,
            self.presentation,
            self._presented,
            self.reduced_motion,
            None,
            *(panel.toggleViewAction() for panel in window.desk.panels.values()),
            None,
            self._entry(_("Reset &all settings"), window.reset),
        )

    def set_saveable(self, saveable: bool, exportable: bool) -> None:
        """Offer to save what is shown, and to export it."""
        self.save.setEnabled(saveable)
        self.export.setEnabled(exportable)
        self.copy_picture.setEnabled(exportable)

    def show_appearance(self, appearance: "Appearance") -> None:
        """Mark what was chosen."""
        self.colours[(None, False, True).index(appearance.dark)].setChecked(True)
        self._choices[appearance.presented].setChecked(True)
        self.presentation.setChecked(appearance.presenting)

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._window.recent:
            action = self._recent.addAction(Path(path).name.replace("&", "&&"))
            action.setToolTip(plain_tip(path))
            action.triggered.connect(partial(self._window.open_recording, path))
        if not self._window.recent:
            self._recent.addAction(_("No recording was opened or saved yet")).setEnabled(False)
