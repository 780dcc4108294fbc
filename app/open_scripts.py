"""Scripts in the window: choosing one, asking once before it runs, running it, and the way back to the presets."""

import ast
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox

from dictrace import resources
from dictrace.engine.order import Order, Script
from dictrace.engine.words import _
from dictrace.widgets.tips import plain_tip

if TYPE_CHECKING:
    from dictrace.app.main_window import MainWindow

RECENT = 8


class Known(msgspec.Struct, frozen=True):
    """What is remembered of scripts.

    Attributes:
        recent: those that ran last, newest first, with their last arguments, at most `RECENT`.
        trusted: paths of those of which a person has said that they may run.
    """

    recent: tuple[Script, ...] = ()
    trusted: tuple[str, ...] = ()


class OpenScripts(QObject):
    """The scripts of one window.

    Attributes:
        known: what is remembered.
        chosen: the script panel is shown; Run runs the script.

    Signals:
        run_requested: the `Order` to run.
    """

    run_requested = Signal(object)

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.known = Known()
        self.chosen = False
        self._window, self._panel = window, window.desk.script
        self._question: QMessageBox | None = None
        self._panel.leave_requested.connect(self.leave)
        self._panel.run_requested.connect(window.run)
        self._panel.stop_requested.connect(window.runner.stop)

    def ask_and_open(self) -> None:
        """Open the script that the person chooses."""
        path = QFileDialog.getOpenFileName(self._window, _("Open script"), "", "Python (*.py)")[0]
        if path:
            self.open(script_at(path))

    def open(self, script: Script) -> None:
        """Show a script and run it; one that nobody has said yes to only after that."""
        self._panel.set_script(script)
        self._panel.set_seen("")
        self._choose(True)
        self._window.run()

    def leave(self) -> None:
        """Show the presets again."""
        self._choose(False)

    def run(self) -> None:
        """Run the script that is shown; the first time a person is asked, which takes until the answer."""
        script = self._panel.script()
        if script is None:
            return
        if path_of(script) in self.known.trusted or is_example(script):
            self._run(script)
        else:
            self._ask(script)

    def fill_recent(self, menu: QMenu) -> None:
        """Make a menu of the scripts that ran last."""
        menu.clear()
        for script in self.known.recent:
            name = " ".join((os.path.basename(script.path), *script.arguments))
            action = menu.addAction(name.replace("&", "&&"))
            action.setToolTip(plain_tip(path_of(script)))
            action.triggered.connect(partial(self.open, script))
        if not self.known.recent:
            menu.addAction(_("No script was run yet")).setEnabled(False)

    def fill_examples(self, menu: QMenu) -> None:
        """Make a menu of the example scripts, each by what it shows."""
        menu.clear()
        for path in sorted(examples_folder().glob("*.py")):
            action = menu.addAction(_(title_of(path)).replace("&", "&&"))
            action.triggered.connect(partial(self.open, script_at(str(path))))

    def _choose(self, chosen: bool) -> None:
        self.chosen = chosen
        self._window.desk.show_script(chosen)

    def _ask(self, script: Script) -> None:
        name = os.path.basename(script.path)
        text = _("“{name}” will run with your rights: it may do whatever you may do on this computer.")
        question = self._question = QMessageBox(self._window)
        question.setWindowTitle(_("Run this script?"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(text.format(name=name))
        question.setInformativeText(_("Run it only if you know what it does. This is asked once for each script."))
        run = question.addButton(_("Run"), QMessageBox.ButtonRole.AcceptRole)
        question.setDefaultButton(question.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole))
        run.clicked.connect(partial(self._trust, script))
        question.open()

    def _trust(self, script: Script) -> None:
        self.known = msgspec.structs.replace(self.known, trusted=(*self.known.trusted, path_of(script)))
        self._run(script)

    def _run(self, script: Script) -> None:
        path = path_of(script)
        others = (other for other in self.known.recent if path_of(other) != path)
        self.known = msgspec.structs.replace(self.known, recent=(script, *others)[:RECENT])
        self.run_requested.emit(Order(script=script, limits=self._panel.limits()))


def script_at(path: str, arguments: tuple[str, ...] = ()) -> Script:
    """The script of a file, to run in its own folder."""
    folder, name = os.path.split(os.path.abspath(path))
    return Script(name, arguments, folder)


def path_of(script: Script) -> str:
    """Where the script is."""
    return os.path.realpath(os.path.join(script.cwd, script.path))


def examples_folder() -> Path:
    """The folder of the example scripts."""
    return resources.FOLDER / "examples"


def is_example(script: Script) -> bool:
    """Whether it comes with this program."""
    return Path(path_of(script)).parent == examples_folder().resolve()


def title_of(path: Path) -> str:
    """First line of a script's docstring, or else its name."""
    try:
        told = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    except (OSError, SyntaxError, ValueError):
        told = None
    return (told or path.name).splitlines()[0].rstrip(".")
