"""What the window asks and tells in dialogs: files, keys, help, and what this program is."""

import platform
from importlib.resources import files

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QLabel,
    QMenuBar,
    QWidget,
)

from dictrace.app.menus import keys_of
from dictrace.engine import program_version
from dictrace.engine.words import _, chosen_language
from dictrace.widgets.guide import Guide
from dictrace.widgets.keys_sheet import KeysSheet
from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme

_RECORDINGS = "dictrace (*.dictrace *.dictrace.gz)"
_OPENABLE = "dictrace (*.dictrace *.dictrace.gz *.png *.svg)"


def ask_what_to_open(parent: QWidget) -> str:
    """The path of a recording, or empty."""
    return QFileDialog.getOpenFileName(parent, _("Open recording"), "", _OPENABLE)[0]


def ask_where_to_save(parent: QWidget) -> str:
    """The path for a recording, or empty."""
    return QFileDialog.getSaveFileName(parent, _("Save recording"), "run.dictrace", _RECORDINGS)[0]


def show_keys(bar: QMenuBar, theme: Theme, parent: QWidget) -> None:
    """The sheet of keys."""
    KeysSheet(keys_of(bar), theme, parent).open()


def show_guide(theme: Theme, parent: QWidget) -> None:
    """The guide, in a window of its own beside the program's."""
    Guide(guide_text(), theme, parent).show()


def guide_text() -> str:
    """The guide in the chosen language, Markdown."""
    folder = files("dictrace.resources")
    translated = folder / f"guide.{chosen_language()}.md"
    return (translated if translated.is_file() else folder / "guide.md").read_text("utf-8")


def show_about(theme: Theme, parent: QWidget) -> None:
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
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(about.reject)
    grid = QGridLayout(about)
    grid.setContentsMargins(*[theme.px(5 * UNIT)] * 4)
    grid.setHorizontalSpacing(theme.px(5 * UNIT))
    grid.setVerticalSpacing(theme.px(2 * UNIT))
    grid.addWidget(picture, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
    for row, label in enumerate((named(QLabel(f"dictrace {program_version()}"), "panelTitle"), purpose)):
        grid.addWidget(label, row, 1)
    grid.addWidget(named(QLabel(made_with), "note"), 2, 1)
    grid.addWidget(buttons, 3, 0, 1, 2)
    about.open()
