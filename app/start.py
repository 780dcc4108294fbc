"""Opens the window; without a display, runs the default experiment off screen and saves a picture of the window."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from dictrace import resources
from dictrace.app.autosave import Autosave, private_folder
from dictrace.app.main_window import MainWindow
from dictrace.app.runner import Runner
from dictrace.app.settings import load, save, user_settings
from dictrace.engine.order import Script
from dictrace.engine.words import _, chosen_language

PICTURE = Path("dictrace-window.png")
PATIENCE_MS = 60_000


def open_window(arguments: list[str]) -> int:
    """Open the window, with the recording or script named in `arguments` if there is one; the exit status.

    Raises:
        click.UsageError: more than one recording, no such file, or one where there is no display.
        RecordingError: without a display, the run or the picture failed.
    """
    headless = not has_display()
    if arguments:
        _check(arguments, headless)
    if headless:
        print(_("There is no display: the default experiment runs off screen."), flush=True)
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QT_LOGGING_RULES"] = "default.warning=false"  # it warns of what it can't do at each window
    # Asked for here, no style comes back as an object, for which hundreds of constants would be made.
    application = QApplication(["dictrace", "-style", "Fusion"])
    application.setApplicationName("dictrace")
    application.setDesktopFileName("dictrace")
    translate_qt(application)
    application.setWindowIcon(QIcon(str(resources.FOLDER / "icons" / "dictrace.svg")))
    store = None if headless else user_settings()
    autosave = Autosave(None if headless else private_folder())
    window = MainWindow(Runner(), load(store) if store else None, autosave=autosave)
    if store:
        window.closing.connect(lambda: save(store, window.remembered))
    window.show()
    if arguments:
        open_given(window, arguments)
    if not headless:
        return application.exec()
    try:
        show_default_run(window)
        save_picture(window, PICTURE)
    finally:
        window.close()
    return 0


def _check(arguments: list[str], headless: bool) -> None:
    from click import UsageError  # as all that only a few starts need, loaded by these

    if not Path(arguments[0]).exists():
        raise UsageError(_("There is no file “{path}”.").format(path=arguments[0]))
    if len(arguments) > 1 and not arguments[0].endswith(".py"):
        raise UsageError(_("dictrace opens one recording at a time."))
    if headless:
        raise UsageError(_("There is no display; `dictrace report` prints what the recording says."))


def open_given(window: MainWindow, arguments: list[str]) -> None:
    """Open what the command line names: a recording, or a script with its arguments, which runs here."""
    name, *rest = arguments
    if name.endswith(".py"):
        window.scripts.open(Script(name, tuple(rest), os.getcwd()))
    else:
        window.open_recording(name)


def has_display() -> bool:
    """Whether a window can be seen; a platform that was chosen by hand counts as one."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def translate_qt(application: QApplication) -> None:
    """Have Qt's own texts, those of its dialogs and context menus, in the language of ours."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(chosen_language()), "qtbase", "_", folder):
        application.installTranslator(translator)


def show_default_run(window: MainWindow) -> None:
    """Run the experiment that the window offers, print the verdict, and stop at the loss in the middle.

    Raises:
        RecordingError: the run failed.
    """
    from dictrace.engine.recording import RecordingError
    from dictrace.engine.report import report_of, text_of

    waiting = QEventLoop()
    window.runner.finished.connect(waiting.quit)
    QTimer.singleShot(PATIENCE_MS, waiting, waiting.quit)
    window.run()
    waiting.exec()
    session = window.session
    if session is None or session.live or session.problem:
        raise RecordingError(session.problem if session and session.problem else _("The run did not end in time."))
    print(text_of(report_of(session.recording)))
    losses = session.losses
    window.player.seek(losses[len(losses) // 2] if losses else len(session.recording.events))


def save_picture(window: MainWindow, path: Path) -> None:
    """Save what the window shows, once the plot has been loaded, as a PNG.

    Raises:
        RecordingError: the file can't be written.
    """
    from dictrace.engine.recording import RecordingError

    waiting = QEventLoop()
    if not window.is_complete:
        window.completed.connect(waiting.quit)
        waiting.exec()
    window.settle()
    QApplication.processEvents()  # what the views lay out when they get to it
    if not window.grab().save(str(path)):
        raise RecordingError(_("“{name}” can't be written.").format(name=path))
    print(_("A picture of the window is in {name}.").format(name=path))
