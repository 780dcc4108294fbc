"""What the window asks and tells in dialogs: files, keys, help, and what this program is."""

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLabel,
    QWidget,
)

from dictrace import resources
from dictrace.app.menus import keys_of
from dictrace.engine import program_version
from dictrace.engine.words import _, chosen_language
from dictrace.widgets.keys_sheet import KeysSheet
from dictrace.widgets.style import close_button, named
from dictrace.widgets.theme import UNIT, Theme

if TYPE_CHECKING:
    from dictrace.app.main_window import MainWindow

_RECORDINGS = "dictrace (*.dictrace *.dictrace.gz)"
_OPENABLE = "dictrace (*.dictrace *.dictrace.gz *.png *.svg)"


def ask_and_open(window: "MainWindow") -> None:
    """Open the recording that the person chooses."""
    path = QFileDialog.getOpenFileName(window, _("Open recording"), "", _OPENABLE)[0]
    if path:
        window.open_recording(path)


def ask_and_save(window: "MainWindow") -> None:
    """Save the run where the person chooses."""
    path = QFileDialog.getSaveFileName(window, _("Save recording"), "run.dictrace", _RECORDINGS)[0]
    if path:
        window.save_recording(path)


def show_keys(window: "MainWindow") -> None:
    """The sheet of keys."""
    KeysSheet(keys_of(window.menuBar()), window.appearance.theme, window).open()


def show_guide(window: "MainWindow") -> None:
    """The guide, in a window of its own beside the program's."""
    from dictrace.widgets.guide import Guide

    Guide(guide_text(), window.appearance.theme, window).show()


def guide_text() -> str:
    """The guide in the chosen language, Markdown."""
    folder = resources.FOLDER
    translated = folder / f"guide.{chosen_language()}.md"
    return (translated if translated.is_file() else folder / "guide.md").read_text("utf-8")


def show_about(window: "MainWindow") -> None:
    """What this program is."""
    about_dialog(window.appearance.theme, window).open()


def about_dialog(theme: Theme, parent: QWidget) -> QDialog:
    """Name, version and purpose."""
    about = QDialog(parent)
    about.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    about.setWindowTitle(_("About dictrace"))
    picture = QLabel()
    side = theme.px(16 * UNIT)
    picture.setPixmap(QApplication.windowIcon().pixmap(QSize(side, side), about.devicePixelRatio()))
    purpose = QLabel(_("Watch a real multiprocessing.Manager dict lose updates, and see why."), wordWrap=True)
    purpose.setMinimumWidth(theme.px(80 * UNIT))
    made_with = _("Python {python}, Qt {qt}").format(python=platform.python_version(), qt=qVersion())
    buttons = close_button(about)
    grid = QGridLayout(about)
    grid.setContentsMargins(*[theme.px(5 * UNIT)] * 4)
    grid.setHorizontalSpacing(theme.px(5 * UNIT))
    grid.setVerticalSpacing(theme.px(2 * UNIT))
    grid.addWidget(picture, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
    for row, label in enumerate((named(QLabel(f"dictrace {program_version()}"), "panelTitle"), purpose)):
        grid.addWidget(label, row, 1)
    grid.addWidget(named(QLabel(made_with), "note"), 2, 1)
    grid.addWidget(buttons, 3, 0, 1, 2)
    return about
