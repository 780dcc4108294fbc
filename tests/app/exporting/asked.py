"""A window whose export dialog is open, driven by its controls as a person does."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QPushButton, QWidget

from dictrace.app.exporting.dialog import ExportDialog
from dictrace.widgets.choice import Choice
from dictrace.widgets.picture_preview import PicturePreview
from dictrace.widgets.switch import Switch
from tests.app.watched import Watched, a_run

PATIENCE_MS = 30_000


class Asked:
    """The dialog of a window with a run that is over, paused at its second loss."""

    def __init__(self, watched: Watched, patch: pytest.MonkeyPatch) -> None:
        self.watched, self.qtbot, self._patch = watched, watched.qtbot, patch
        watched.run(a_run())
        watched.window.player.pause()
        session = watched.window.session
        assert session is not None
        self.session = session
        self.position = session.losses[1]
        watched.window.player.seek(self.position)
        self.dialog = self.ask()

    def ask(self) -> ExportDialog:
        """Open the dialog from the menu."""
        self.watched.action("Export…").trigger()
        (self.dialog,) = [made for made in self.watched.window.findChildren(ExportDialog) if made.isVisible()]
        return self.dialog

    def choose(self, name: str, text: str) -> None:
        """Go to an entry of a list with the arrow keys."""
        (choice,) = [made for made in self.dialog.findChildren(Choice) if made.accessibleName() == name]
        self.qtbot.keyClick(choice, Qt.Key.Key_Home)
        while choice.currentText() != text:
            before = choice.currentIndex()
            self.qtbot.keyClick(choice, Qt.Key.Key_Down)
            assert choice.currentIndex() != before, f"no “{text}” among the choices"

    def switch(self, name: str) -> None:
        """Press a switch."""
        (made,) = [made for made in self.dialog.findChildren(Switch) if made.accessibleName() == name]
        self.qtbot.mouseClick(made, Qt.MouseButton.LeftButton)

    def type_into(self, name: str, text: str) -> None:
        """Type into a field instead of what is there."""
        (field,) = [
            made
            for made in self.dialog.findChildren(QWidget)
            if made.accessibleName() == name
            and (isinstance(made, QLineEdit) or made.metaObject().className()[-3:] == "Box")
        ]
        field.selectAll()  # type: ignore[attr-defined]
        self.qtbot.keyClicks(field, text)

    def save_to(self, path: Path) -> None:
        """Press the button and choose this file; returns at once."""
        self.proposed = ""

        def chosen(_parent: QWidget, _title: str, proposed: str, _filter: str) -> tuple[str, str]:
            self.proposed = proposed
            return str(path), ""

        self._patch.setattr(QFileDialog, "getSaveFileName", chosen)
        self.qtbot.mouseClick(self.button("Save…"), Qt.MouseButton.LeftButton)

    def saved(self, path: Path) -> bytes:
        """Save to a file, and what is in it once the dialog is gone."""
        with self.qtbot.waitSignal(self.dialog.accepted, timeout=PATIENCE_MS):
            self.save_to(path)
        return path.read_bytes()

    def button(self, text: str) -> QPushButton:
        (found,) = [made for made in self.dialog.findChildren(QPushButton) if made.text().replace("&", "") == text]
        return found

    @property
    def sentence(self) -> str:
        """What the dialog has to say."""
        (found,) = [label for label in self.dialog.findChildren(QLabel) if label.objectName() == "strong"]
        return found.text()

    @property
    def note(self) -> str:
        """What it tells of the file to come."""
        (found,) = [label for label in self.dialog.findChildren(QLabel) if label.objectName() == "note"]
        return found.text()

    @property
    def preview(self) -> PicturePreview:
        return self.dialog.findChild(PicturePreview)  # type: ignore[return-value]

    @property
    def progress(self) -> QProgressBar:
        return self.dialog.findChild(QProgressBar)  # type: ignore[return-value]
