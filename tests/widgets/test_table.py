"""A table gives its selected rows as text, by key and by menu."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel
from pytestqt.qtbot import QtBot

from dictrace.widgets.table import Table


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    qtbot.addWidget(made)
    model = QStandardItemModel(made)
    for row in ("1", "2", "3"):
        model.appendRow([QStandardItem(row), QStandardItem(f"what {row} was")])
    made.setModel(model)
    made.hideColumn(1)
    QGuiApplication.clipboard().clear()
    yield made
    QGuiApplication.clipboard().clear()


def test_copy_gives_selected_rows_whole_also_hidden_columns(qtbot: QtBot, table: Table) -> None:
    table.choose_row(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "2\twhat 2 was"


def test_menu_copies_too(table: Table) -> None:
    entries = {action.text(): action for action in table.actions()}
    assert table.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    entries["Select all rows"].trigger()
    entries["Copy as text"].trigger()
    assert QGuiApplication.clipboard().text() == "1\twhat 1 was\n2\twhat 2 was\n3\twhat 3 was"


def test_keys_it_has_no_use_for_are_left_to_the_window(qtbot: QtBot, table: Table) -> None:
    table.choose_row(0)
    pressed: list[int] = []
    table.row_pressed.connect(pressed.append)
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert pressed == [1]
    assert table.currentIndex().row() == 1
