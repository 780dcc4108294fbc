"""The sheet of keys: what every key does, as the menus say it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from dictrace.engine.words import _
from dictrace.widgets.style import named
from dictrace.widgets.theme import UNIT, Theme


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """A menu: its title and, for each of its entries that has keys, what it does and the keys."""

    title: str
    keys: tuple[tuple[str, str], ...]


class KeysSheet(QDialog):
    """Shows groups of keys side by side; Esc closes it."""

    def __init__(self, groups: Sequence[KeyGroup], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = named(QWidget(), "scrolled")
        columns = QHBoxLayout(sheet)
        columns.setSpacing(theme.px(8 * UNIT))
        sides = (QVBoxLayout(), QVBoxLayout())
        for side in sides:
            columns.addLayout(side)
        for group in groups:
            side = min(sides, key=lambda layout: layout.sizeHint().height())
            side.addWidget(_table(group, theme))
        for side in sides:
            side.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        QVBoxLayout(self).addWidget(area)
        self.resize(sheet.sizeHint().width() + theme.px(48), sheet.sizeHint().height() + theme.px(48))


def _table(group: KeyGroup, theme: Theme) -> QWidget:
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, theme.px(2 * UNIT))
    grid.setHorizontalSpacing(theme.px(4 * UNIT))
    grid.setVerticalSpacing(theme.px(UNIT))
    grid.addWidget(named(QLabel(group.title), "panelTitle"), 0, 0, 1, 2)
    for row, (text, keys) in enumerate(group.keys, 1):
        grid.addWidget(QLabel(text), row, 0)
        grid.addWidget(named(QLabel(keys), "code"), row, 1, Qt.AlignmentFlag.AlignRight)
    return table
