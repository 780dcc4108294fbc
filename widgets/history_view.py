"""The history as a view: the commit graph of one key; where there are several keys, also a list of them."""

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from dictrace.engine.explain import certificate_text, happened
from dictrace.engine.frame import Frame
from dictrace.engine.graph import Graph, Graphs
from dictrace.engine.recording import Recording
from dictrace.engine.words import _
from dictrace.widgets.choice import Choice
from dictrace.widgets.history_painter import (
    RowsState,
    keys_in_sight,
    paint_graph,
    paint_keys,
    row_text,
)
from dictrace.widgets.history_rows import HistoryRows
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.slices import Slices
from dictrace.widgets.text import draw_invitation
from dictrace.widgets.theme import LIGHT, UNIT, Theme

AT_ONCE = 1_000
"""Commits that are taken in without a wait, a few milliseconds' work; more of them are taken in by and by."""


class HistoryView(QWidget):
    """Shows the commits served up to the frame's event, newest first. A click on a key in the list shows its graph.

    Signals:
        seek_requested: position, by event, of a commit that the person clicked or pressed Enter on.
        selected: what the person picked out.
    """

    seek_requested = Signal(float)
    selected = Signal(Selection)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._recording: Recording | None = None
        self._graphs: Graphs | None = None
        self._event = 0
        self._selection = NOTHING
        self._number: int | None = None
        self._chosen = False
        self._names: list[str] = []
        self._slices = Slices(self)
        self._slices.sliced.connect(self._on_slices_sliced)
        self._choice = Choice(_("Key"), self)
        self._make_searchable()
        self._rows = HistoryRows(self._paint, self._describe, self)
        self._rows.setAccessibleName(_("History: commits, newest first"))
        self.setAccessibleName(_("History"))
        self.setFocusProxy(self._rows)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._choice)
        self._column.addWidget(self._rows, 1)
        self._choice.activated.connect(self._on_choice_activated)
        self._rows.moved.connect(self._on_rows_moved)
        self._rows.activated.connect(self._on_rows_activated)
        self._choice.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._choice.set_theme(theme)
        self._rows.set_theme(theme)
        self._column.setSpacing(theme.px(UNIT))

    def set_recording(self, recording: Recording | None) -> None:
        """Show another recording, or what this one has got since."""
        if recording is not self._recording:
            self._slices.stop()
            self._recording = recording
            self._graphs = Graphs(recording) if recording is not None else None
            self._event, self._selection, self._chosen, self._number = 0, NOTHING, False, None
            self._names.clear()
            self._rows.show_top()
        elif self._graphs is not None:
            self._graphs.advance()
        keys = len(self._graphs.slots) if self._graphs is not None else 0
        if not self._chosen:
            self._number = 0 if keys == 1 else None
        self._fill_choice()
        self._choice.setVisible(keys > 1)
        self._show()

    def set_frame(self, frame: Frame | None) -> None:
        self._event = frame.event if frame is not None else 0
        self._rows.set_count(self._count())

    def set_selection(self, selection: Selection) -> None:
        """Pick out the selected commit, in the graph of its key where a graph is shown."""
        self._selection = selection
        graphs = self._graphs
        number = graphs.number_of(self._selected_event()) if graphs is not None else -1
        if self._number is not None and number not in (-1, self._number):
            self._open(number)
        else:
            self._rows.set_current(self._selected_item())

    def _make_searchable(self) -> None:
        """What is typed into the list of keys finds them."""
        choice = self._choice
        choice.setEditable(True)
        choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(8)
        completer = choice.completer()
        assert completer is not None
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(completer.CompletionMode.PopupCompletion)

    def _fill_choice(self) -> None:
        """The list of all keys, then each key; made anew only where a name has become known since."""
        graphs, choice, names = self._graphs, self._choice, self._names
        if graphs is None or (names and graphs.label(0) != names[0]):
            names.clear()
        if not names:
            choice.clear()
            choice.addItem(_("All keys"))
        if graphs is not None:
            added = [graphs.label(number) for number in range(len(names), len(graphs.slots))]
            names += added
            choice.addItems(added)
        choice.setCurrentIndex(0 if self._number is None else self._number + 1)

    def _open(self, number: int | None) -> None:
        """Show the graph of a key, or (None) the list of all keys."""
        self._number, self._chosen = number, True
        self._choice.setCurrentIndex(0 if number is None else number + 1)
        self._rows.show_top()
        self._show()

    def _show(self) -> None:
        """Another list, or what has been added to it; a long history first has to be taken in."""
        graphs, number = self._graphs, self._number
        if graphs is not None and number is not None and graphs.behind(number) > AT_ONCE:
            self._slices.start(graphs.reading((number,)))
        self._rows.set_count(self._count())
        self._rows.set_current(self._selected_item())

    def _graph(self) -> Graph | None:
        """The graph that is shown, if one is and its commits are taken in."""
        graphs, number = self._graphs, self._number
        return None if graphs is None or number is None or graphs.behind(number) > AT_ONCE else graphs.graph(number)

    def _count(self) -> int:
        shown = self._graphs if self._number is None else self._graph()
        return shown.count_at(self._event) if shown is not None else 0

    def _selected_event(self) -> int:
        """The event that is selected, or that shows the selected loss; 0 for none."""
        selection, recording = self._selection, self._recording
        if selection.event is None and selection.loss is not None and recording is not None:
            return recording.history.losses.victims[selection.loss]
        return selection.event or 0

    def _selected_item(self) -> int:
        graph, event = self._graph(), self._selected_event()
        if graph is not None:
            return graph.ordinal_of(event)
        return self._graphs.number_of(event) if self._graphs is not None and self._number is None else -1

    def _victim(self, graph: Graph) -> int:
        """Ordinal of the commit whose loss is selected, -1 for none."""
        loss, recording = self._selection.loss, self._recording
        return -1 if loss is None or recording is None else graph.ordinal_of(recording.history.losses.victims[loss])

    def _paint(self, painter: QPainter, rect: QRectF, offset: float) -> None:
        graph, focused = self._graph(), self._rows.hasFocus()
        if not self._count():
            draw_invitation(painter, rect, self._expectation(), self._theme)
        elif graph is not None:
            state = RowsState(self._event, offset, self._rows.current, self._victim(graph), focused)
            paint_graph(painter, rect, graph, state, self._theme)
        elif self._graphs is not None:
            state = RowsState(self._event, offset, self._rows.current, focused=focused)
            unread = self._unread(self._graphs, keys_in_sight(rect, self._graphs, state))
            paint_keys(painter, rect, self._graphs, replace(state, unread=unread), self._theme)

    def _expectation(self) -> str:
        """What is to be seen here, where nothing is yet."""
        graphs, number = self._graphs, self._number
        if graphs is None or number is None or not self._slices.is_working:
            return _(
                "Each commit to the dict will be a row here: who made it, from which version, and what became of it."
            )
        count = len(graphs.slots[number].events)
        done = count - graphs.behind(number)
        return _("Laying out the commits: {done} of {n}").format(done=f"{done:,}", n=f"{count:,}")

    def _unread(self, graphs: Graphs, numbers: range) -> frozenset[int]:
        """Those keys of which too much is not taken in yet to wait for it; that begins now."""
        unread, room = [], AT_ONCE
        for number in numbers:
            behind = graphs.behind(number)
            if behind > room:
                unread.append(number)
            else:
                room -= behind
        if unread and not self._slices.is_working:
            self._slices.start(graphs.reading(unread))
        return frozenset(unread)

    def _describe(self, item: int) -> str:
        """A row in words: the whole row, what it committed, and why that was lost."""
        graph, recording = self._graph(), self._recording
        if recording is None or self._graphs is None:
            return ""
        if graph is None:
            return happened(recording, self._newest_of(item))
        row = graph.row(item, self._event)
        said = f"{row_text(row)}\n{happened(recording, row.event)}"
        if row.loss is None:
            return said
        return f"{said}\n{certificate_text(recording.history.certificate(row.loss))}"

    def _newest_of(self, number: int) -> int:
        """Event of the newest commit to a key; its updates are not lost."""
        assert self._graphs is not None
        slot = self._graphs.slots[number]
        return slot.events[slot.ordinal_at(self._event)]

    def _selection_of(self, item: int) -> Selection:
        graph, recording = self._graph(), self._recording
        assert recording is not None
        if graph is None:
            event, loss = self._newest_of(item), None
        else:
            row = graph.row(item, self._event)
            event, loss = row.event, row.loss
        worker = recording.event_worker[event - 1]
        return Selection(event, loss, worker if worker >= 0 else None)

    def _on_rows_moved(self, item: int) -> None:
        self._selection = self._selection_of(item)
        self.selected.emit(self._selection)

    def _on_rows_activated(self, item: int) -> None:
        """A commit is gone to, a key is opened."""
        if self._graph() is None:
            self._open(item)
            return
        self._on_rows_moved(item)
        assert self._selection.event is not None
        self.seek_requested.emit(float(self._selection.event))

    def _on_slices_sliced(self) -> None:
        """Some commits more are taken in, or all of them."""
        if self._slices.is_working:
            self._rows.viewport().update()
        else:
            self._show()

    def _on_choice_activated(self, index: int) -> None:
        self._open(index - 1 if index else None)
