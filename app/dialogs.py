"""What the window asks and tells in dialogs: files, keys, help, and what this program is."""

from importlib.resources import files

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMenuBar, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from dictrace.app.menus import keys_of
from dictrace.engine import program_version
from dictrace.engine.words import _
from dictrace.widgets.keys_sheet import KeysSheet
from dictrace.widgets.theme import Theme

_FILTER = "dictrace (*.dictrace *.dictrace.gz)"


def ask_what_to_open(parent: QWidget) -> str:
    """The path of a recording, or empty."""
    return QFileDialog.getOpenFileName(parent, _("Open recording"), "", _FILTER)[0]


def ask_where_to_save(parent: QWidget) -> str:
    """The path for a recording, or empty."""
    return QFileDialog.getSaveFileName(parent, _("Save recording"), "run.dictrace", _FILTER)[0]


def show_keys(bar: QMenuBar, theme: Theme, parent: QWidget) -> None:
    """The sheet of keys."""
    KeysSheet(keys_of(bar), theme, parent).open()


def show_guide(theme: Theme, parent: QWidget) -> None:
    """The guide, in a window of its own beside the program's."""
    guide = QDialog(parent)
    guide.setWindowTitle(_("Guide"))
    guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    text = QTextBrowser()
    text.setAccessibleName(_("Guide"))
    text.setMarkdown((files("dictrace.resources") / "guide.md").read_text("utf-8"))
    QVBoxLayout(guide).addWidget(text)
    guide.resize(theme.px(680), theme.px(620))
    guide.show()


def show_about(parent: QWidget) -> None:
    """Name, version and purpose."""
    about = QMessageBox(parent)
    about.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    about.setWindowTitle(_("About dictrace"))
    about.setText(f"dictrace {program_version()}")
    about.setInformativeText(_("Watch a real multiprocessing.Manager dict lose updates, and see why."))
    about.open()
