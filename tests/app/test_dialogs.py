"""The dialogs can be read: whole, in both themes, at every zoom, and the guide in every language."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QScrollArea, QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from dictrace.app.dialogs import about_dialog, guide_text
from dictrace.engine.words import LANGUAGES, choose_language
from dictrace.widgets.guide import Guide
from dictrace.widgets.keys_sheet import KeyGroup, KeysSheet
from dictrace.widgets.style import style_sheet
from dictrace.widgets.theme import DARK, LIGHT, Theme

GROUPS = (
    KeyGroup("File", (("Open", ("Ctrl+O",)), ("Run", ("F5", "Ctrl+R")))),
    KeyGroup("Playback", tuple((f"Go to the next loss {n}", ("PgDown",)) for n in range(8))),
    KeyGroup("Help", (("Guide", ("F1",)),)),
)


@pytest.fixture(params=[LIGHT, DARK, replace(LIGHT, zoom=2.0)], ids=["light", "dark", "twice as large"])
def theme(request: pytest.FixtureRequest) -> Theme:
    found: Theme = request.param
    return found


@pytest.fixture
def parent(qtbot: QtBot, theme: Theme) -> QWidget:
    """What a dialog belongs to, and gets its style from."""
    made = QWidget()
    qtbot.addWidget(made)
    made.setStyleSheet(style_sheet(theme))
    return made


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    choose_language("en")


def test_sheet_of_keys_is_whole(theme: Theme, parent: QWidget) -> None:
    sheet = KeysSheet(GROUPS, theme, parent)
    sheet.show()
    (area,) = sheet.findChildren(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    assert area.verticalScrollBar().maximum() == 0 or sheet.height() > 0.9 * sheet.screen().availableSize().height()
    labels = area.widget().findChildren(QLabel)
    assert all(label.width() >= label.sizeHint().width() for label in labels)
    assert {"F5", "Ctrl+R", "Go to the next loss 7"} < {label.text() for label in labels}
    sheet.close()


def test_guide_is_readable_in_every_theme(theme: Theme, parent: QWidget) -> None:
    guide = Guide("# Title\n\nRun `code` now.\n\n| a | b |\n| --- | --- |\n| `c` | d |\n", theme, parent)
    guide.show()
    (text,) = guide.findChildren(QTextBrowser)
    assert text.viewport().grab().toImage().pixelColor(3, 3) == theme.panel
    assert text.palette().text().color() == theme.text
    size = QTextCharFormat.Property.FontPointSize
    document = text.document()
    for word, mono in (("Run", False), ("code", True), ("c", True)):
        letters = document.find(word, document.find("Title").position()).charFormat()
        assert letters.fontFixedPitch() is mono
        assert not letters.hasProperty(size), "as large as the text around it, at every zoom"
    guide.close()


def test_dialogs_stay_within_the_screen(theme: Theme, parent: QWidget) -> None:
    long = KeyGroup("Playback", tuple((f"Go to the next loss {n}", ("Shift+PgDown",)) for n in range(80)))
    for dialog in (KeysSheet([long], theme, parent), Guide("# Title\n" * 50, theme, parent)):
        dialog.show()
        room = dialog.screen().availableSize()
        assert dialog.width() <= room.width()
        assert dialog.height() <= room.height()
        dialog.close()


def test_about_names_what_a_report_of_a_fault_needs(theme: Theme, parent: QWidget) -> None:
    about_dialog(theme, parent).open()
    (about,) = parent.findChildren(QDialog)
    said = " ".join(label.text() for label in about.findChildren(QLabel))
    assert re.search(r"dictrace \d", said)
    assert re.search(r"Python 3\.\d+\.\d+, Qt 6\.\d+\.\d+", said)
    (close,) = about.findChildren(QPushButton)
    assert close.icon().isNull(), "no picture of Fusion's"
    close.click()
    assert not about.isVisible()


def test_guides_of_all_languages_say_the_same() -> None:
    shapes, texts = set(), set()
    for language in LANGUAGES:
        choose_language(language)
        text = guide_text()
        texts.add(text)
        keys = tuple(re.findall(r"\*\*(F9|N|L|\?|Page Up|Page Down)\*\*", text))
        shapes.add((text.count("\n#"), text.count("\n- "), text.count("\n|"), text.count("`"), tuple(sorted(keys))))
    assert len(texts) == len(LANGUAGES)
    assert len(shapes) == 1
