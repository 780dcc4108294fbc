"""Switch, drop-down list, cards and panels: what a person does is told, what a setter does is not."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from dictrace.widgets.card import Card
from dictrace.widgets.choice import Choice
from dictrace.widgets.panel import Panel
from dictrace.widgets.switch import Switch
from dictrace.widgets.theme import LIGHT
from tests.widgets.frames import share_of


@pytest.fixture
def switch(qtbot: QtBot) -> Switch:
    made = Switch("Nested writes")
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    return made


def test_switch_tells_what_a_person_did(qtbot: QtBot, switch: Switch) -> None:
    told: list[bool] = []
    switch.clicked.connect(lambda on: told.append(on))
    switch.setChecked(True)
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert told == [False, True]
    assert switch.accessibleName() == "Nested writes"


def test_switch_shows_its_state_by_place_and_colour(switch: Switch) -> None:
    off = switch.grab().toImage()
    switch.setChecked(True)
    on = switch.grab().toImage()
    assert share_of(off, LIGHT.accent) == 0
    assert share_of(on, LIGHT.accent) > 0.2
    left, right = QPoint(12, 12), QPoint(26, 12)
    assert off.pixelColor(left) == LIGHT.panel != off.pixelColor(right)
    assert on.pixelColor(right) == LIGHT.on_accent != on.pixelColor(left)
    switch.setEnabled(False)
    assert share_of(switch.grab().toImage(), LIGHT.accent) == 0


def test_switch_shows_the_focus_and_scales(qtbot: QtBot, switch: Switch) -> None:
    switch.show()
    switch.activateWindow()
    before = switch.grab().toImage()
    switch.setFocus()
    qtbot.waitUntil(switch.hasFocus)
    assert share_of(switch.grab().toImage(), LIGHT.accent) > share_of(before, LIGHT.accent)
    width = switch.width()
    switch.set_theme(replace(LIGHT, zoom=2.0))
    assert switch.width() == 2 * width
    switch.close()


def test_choice_is_not_changed_by_scrolling_past(qtbot: QtBot) -> None:
    choice = Choice("Speed")
    qtbot.addWidget(choice)
    choice.set_theme(LIGHT)
    choice.addItems(["1×", "2×"])
    place, delta = QPointF(5, 5), QPoint(0, -120)
    buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(place, place, delta, delta, buttons, modifiers, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(choice, wheel)
    assert choice.currentIndex() == 0
    assert share_of(choice.grab().toImage(), LIGHT.muted) > 0.005, "the arrow"


def test_card_and_panel_carry_a_title_and_a_note(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    view, docked = QLabel("view"), QLabel("docked")
    card, panel = Card("Stage", view), Panel("losses", "Lost updates")
    panel.set_view(docked)
    window.setCentralWidget(card)
    window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, panel)
    for part in (card, panel):
        part.set_theme(replace(LIGHT, zoom=1.5))
        part.header.set_note("shown 43× slower than it ran")
    texts = {label.text() for label in window.findChildren(QLabel)}
    assert {"Stage", "Lost updates", "shown 43× slower than it ran", "view", "docked"} <= texts
    assert panel.objectName() == "losses"
    window.show()
    panel.toggleViewAction().trigger()
    assert panel.isHidden()
    window.close()
    assert Card("", QLabel(), window).header.isHidden()
