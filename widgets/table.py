"""A table of text rows: looks like the theme, copies rows as text, and leaves keys it has no use for to the window."""

from string import Template

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from dictrace.engine.words import _
from dictrace.widgets.theme import Theme

ROW = 22.0
_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class Table(QTableView):
    """Rows of equal height; Up and Down choose a row, Return or a click presses it.

    Ctrl+C, or the entry in the menu of the right button, copies the selected rows as text.

    Signals:
        row_pressed: number of the row.
    """

    row_pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.clicked.connect(self._on_clicked)
        # The keys come to keyPressEvent: as shortcuts they would be the window's.
        for text, act in ((_("Select all rows"), self.selectAll), (_("Copy as text"), self._copy)):
            action = QAction(text, self)
            action.triggered.connect(act)
            self.addAction(action)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def set_theme(self, theme: Theme) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        names = {name: getattr(theme, name).name() for name in ("panel", "sunken", "muted", "border", "accent")}
        lengths = {"on_accent": theme.on_accent.name(), "small": f"{theme.px(11)}px", "gap": f"{theme.px(4)}px"}
        self.setStyleSheet(_SHEET.substitute(names | lengths))

    def choose_row(self, row: int) -> None:
        """Select a row (-1: none) and bring it into view."""
        if row < 0:
            self.clearSelection()
            return
        flags = QItemSelectionModel.SelectionFlag
        index = self.model().index(row, 0)
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.bring_into_view(row)

    def bring_into_view(self, row: int) -> None:
        """Scroll to a row, also where the table has just been shown and does not know yet how far it can scroll."""
        self.executeDelayedItemsLayout()
        self.scrollTo(self.model().index(row, 0))

    def selected_text(self) -> str:
        """The selected rows, in order: a line each, tabs between the cells."""
        model = self.model()
        selection = self.selectionModel().selection()
        parts = [selection.at(place) for place in range(selection.count())]
        columns = range(model.columnCount())
        return "\n".join(
            "\t".join(str(model.index(row, column).data() or "") for column in columns)
            for row in sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.currentIndex().isValid():
                self.row_pressed.emit(self.currentIndex().row())
        elif event.key() in _KEYS or event.matches(QKeySequence.StandardKey.SelectAll):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.selected_text())

    def _on_clicked(self, index: QModelIndex) -> None:
        """A click that adds to the selection presses nothing."""
        if QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.NoModifier:
            self.row_pressed.emit(index.row())


_SHEET = Template("""
QTableView { background: $panel; border: 1px solid $panel; outline: none;
    selection-background-color: $accent; selection-color: $on_accent; }
QTableView:focus { border-color: $accent; }
QHeaderView { background: $panel; border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $border;
    padding: $gap; font-size: $small; }
QTableCornerButton::section { background: $panel; border: none; }
""")
