"""The sheet of keys: what every key does, as the menus say it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from dictrace.engine.words import _
from dictrace.widgets.style import close_button, named, resize_within_screen
from dictrace.widgets.theme import UNIT, Theme

COLUMNS = 3


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """A menu: its title and, for each of its entries that has keys, what it does and the keys."""

    title: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]


class KeysSheet(QDialog):
    """Shows groups of keys, in as many columns as the screen is wide enough for; Esc closes it."""

    def __init__(self, groups: Sequence[KeyGroup], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        buttons = close_button(self)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(_("Keys"))
        column = QVBoxLayout(self)
        column.addWidget(self._area, 1)
        column.addWidget(buttons)
        rest = QSize(theme.px(8 * UNIT), buttons.sizeHint().height() + theme.px(14 * UNIT))
        for columns in range(COLUMNS, 0, -1):
            sheet = _sheet(groups, columns, theme)
            self._area.setWidget(sheet)
            self.ensurePolished()
            wanted = sheet.sizeHint() + rest
            if wanted.width() <= self.screen().availableSize().width():
                break
        resize_within_screen(self, wanted)
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()


def _sheet(groups: Sequence[KeyGroup], columns: int, theme: Theme) -> QWidget:
    """All groups, each in the column that is shortest so far."""
    sheet = named(QWidget(), "scrolled")
    row = QHBoxLayout(sheet)
    row.setSpacing(theme.px(10 * UNIT))
    sides = [QVBoxLayout() for _column in range(columns)]
    lengths = [0] * columns
    for side in sides:
        side.setSpacing(theme.px(5 * UNIT))
        row.addLayout(side, 1)
    for group in groups:
        shortest = lengths.index(min(lengths))
        sides[shortest].addWidget(_table(group, theme))
        lengths[shortest] += len(group.keys) + 2
    for side in sides:
        side.addStretch(1)
    return sheet


def _table(group: KeyGroup, theme: Theme) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(5 * UNIT))
    grid.setVerticalSpacing(theme.px(0.5 * UNIT))
    grid.setColumnStretch(0, 1)
    grid.addWidget(named(QLabel(group.title), "panelTitle"), 0, 0, 1, 2)
    for row, (text, keys) in enumerate(group.keys, 1):
        grid.addWidget(QLabel(text), row, 0)
        chips = QHBoxLayout()
        chips.setSpacing(theme.px(UNIT))
        chips.addStretch(1)
        for key in keys:
            chips.addWidget(named(QLabel(key), "code"))
        grid.addLayout(chips, row, 1)
    return table
