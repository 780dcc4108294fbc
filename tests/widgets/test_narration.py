"""The narration can be read by a screen reader, which hears what is new, but not faster than it can say it."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from pytestqt.qtbot import QtBot

from dictrace.widgets.narration import Narration
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import share_of


@pytest.fixture
def narration(qtbot: QtBot) -> Narration:
    made = Narration()
    qtbot.addWidget(made)
    made.resize(400, 24)
    return made


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader is told."""
    told: list[str] = []

    def listen(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            told.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    return told


def pass_time(narration: Narration) -> None:
    """The time until the next announcement is over."""
    timer = narration.findChild(QTimer)
    assert timer is not None
    timer.stop()
    timer.timeout.emit()


def test_it_is_a_text_that_takes_the_focus(narration: Narration) -> None:
    narration.set_sentence("P1 fetched d['test'] <i>.")
    interface = QAccessible.queryAccessibleInterface(narration)
    assert interface.text(QAccessible.Text.Name) == "P1 fetched d['test'] <i>."
    assert interface.role() == QAccessible.Role.StaticText
    assert narration.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_what_is_new_is_announced_at_once(narration: Narration, heard: list[str]) -> None:
    narration.set_sentence("One.")
    assert heard == ["One."]


def test_the_same_is_not_announced_again_nor_nothing(narration: Narration, heard: list[str]) -> None:
    narration.set_sentence("One.")
    pass_time(narration)
    narration.set_sentence("One.")
    narration.set_sentence("")
    assert heard == ["One."]


def test_while_events_fly_by_only_the_newest_is_announced(narration: Narration, heard: list[str]) -> None:
    for sentence in ("One.", "Two.", "Three."):
        narration.set_sentence(sentence)
    assert heard == ["One."]
    pass_time(narration)
    assert heard == ["One.", "Three."]
    narration.set_sentence("Four.")
    assert heard == ["One.", "Three."]
    pass_time(narration)
    assert heard == ["One.", "Three.", "Four."]


def test_without_a_screen_reader_nobody_is_told(
    narration: Narration, heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QAccessible, "isActive", lambda: False)
    narration.set_sentence("One.")
    assert heard == []


def test_focus_can_be_seen(qtbot: QtBot, narration: Narration) -> None:
    narration.show()
    narration.activateWindow()
    qtbot.waitUntil(narration.isActiveWindow)
    narration.clearFocus()
    assert share_of(narration.grab().toImage(), LIGHT.accent) == 0
    narration.setFocus(Qt.FocusReason.TabFocusReason)
    assert share_of(narration.grab().toImage(), LIGHT.accent) > 0.05
