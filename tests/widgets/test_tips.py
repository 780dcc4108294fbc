"""Tool tips show what looks like markup as it stands."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QWidget
from pytestqt.qtbot import QtBot

from dictrace.widgets.tips import plain_tip, show_tip
from tests.widgets.texts import shown_in_tip


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d['test'] was overwritten",
        "d['<b>spam</b>'] = 1",
        "<img src='spam.png'> & <i>more</i>",
        "<b>two</b>\nlines",
        "a < b > c & d &amp; e",
    ],
)
def test_every_character_of_a_text_is_seen(text: str) -> None:
    assert shown_in_tip(plain_tip(text)) == text


def test_a_tip_is_shown_as_it_stands(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, QPoint(1, 1), widget.mapToGlobal(QPoint(1, 1)))
    show_tip(event, "d['<b>spam</b>'] = 1", widget)
    assert shown_in_tip(QToolTip.text()) == "d['<b>spam</b>'] = 1"
    show_tip(event, "", widget)
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
