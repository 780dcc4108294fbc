"""What lies below the verdict: stage and transport in the middle, panels around them."""

from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import QByteArray, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QStackedWidget, QTabBar, QTabWidget, QVBoxLayout, QWidget

from dictrace.engine.words import _
from dictrace.widgets.card import Card
from dictrace.widgets.experiment_panel import WIDTH, ExperimentPanel
from dictrace.widgets.panel import Panel
from dictrace.widgets.script_panel import ScriptPanel
from dictrace.widgets.stage import Stage
from dictrace.widgets.theme import LIGHT, UNIT, Theme
from dictrace.widgets.transport import Transport

TOLD = ("why", "code", "dict", "log", "output")
"""Panels that share a place as tabs, the first on top."""

LOW, HIGH = 480.0, 740.0
LEAST_WIDTH, WIDTH_OF_THREE = 1000.0, 1200.0
RIGHT_WIDTH = 340.0
PRESENTED_SHARE = 0.4

_LEFT, _RIGHT, _BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
_ACROSS, _DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Room(Enum):
    """How much room there is for the zoom: panels side by side, tabs at the right and below, at the left, or in one."""

    WIDE = "wide"
    TIGHT = "tight"
    NARROW = "narrow"
    SMALL = "small"


ROW_SHARE = {Room.WIDE: 0.2, Room.TIGHT: 0.24, Room.NARROW: 0.26}
"""Height of a row of panels below the stage, which is what everybody looks at, by the room there is."""


def room_for(width: float, height: float) -> Room:
    """The room that a desk of this size has, base units."""
    if height < LOW or width < LEAST_WIDTH:
        return Room.SMALL
    if width < WIDTH_OF_THREE:
        return Room.NARROW
    return Room.TIGHT if height < HIGH else Room.WIDE


class Desk(QMainWindow):
    """Arranges views. Where there is little room for the zoom, panels share places as tabs.

    Attributes:
        experiment, script, stage, transport: what is there from the start.
        stage_header: the line above the stage.
        panels: the docks, by name; all but that of the experiment are empty until `fill`.

    Signals:
        painted: it was painted for the first time.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # As a child it is no window of its own.
        self.setWindowFlags(Qt.WindowType.Widget)
        self._is_painted = False
        self._theme = LIGHT
        self._room: Room | None = None
        self._presented: str | None = None
        self._layout = QByteArray()
        self._before: tuple[QSize, QByteArray] | None = None
        self._titling = QTimer(self, singleShot=True, interval=0)
        self._titling.timeout.connect(self._title)
        self.experiment, self.script, self.stage, self.transport = (
            ExperimentPanel(),
            ScriptPanel(),
            Stage(),
            Transport(),
        )
        self._settings = QStackedWidget()
        self._settings.addWidget(self.experiment)
        self._settings.addWidget(self.script)
        self.show_script(False)
        self._make_panels()
        self._cards = (Card(_("Stage"), self.stage), Card("", self.transport))
        self.stage_header = self._cards[0].header
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.addWidget(self._cards[0], 1)
        self._middle.addWidget(self._cards[1])
        self.setCentralWidget(middle)
        self.setCorner(Qt.Corner.BottomLeftCorner, _LEFT)
        self.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self.setAnimated(False)

    def fill(self, views: Mapping[str, QWidget]) -> None:
        """Put views into panels, by the panels' names."""
        for name, view in views.items():
            self.panels[name].set_view(view)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and zoom; with another zoom the panels go to their places anew."""
        if theme.zoom != self._theme.zoom:
            self._room = None
        self._theme = theme
        for part in (self.experiment, self.script, self.stage, self.transport):
            part.set_theme(theme)
        for card in self._cards:
            card.set_theme(theme)
        for panel in self.panels.values():
            panel.set_theme(theme)
        margin = theme.px(2 * UNIT)
        self.setContentsMargins(margin, margin, margin, margin)
        self._middle.setSpacing(margin)
        self._arrange()

    def show_script(self, shown: bool) -> None:
        """Show the settings of a script, or those of the presets."""
        chosen, other = (self.script, self.experiment) if shown else (self.experiment, self.script)
        chosen.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        other.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._settings.setCurrentWidget(chosen)

    def present(self, name: str | None) -> None:
        """Show only stage, transport and the panel of this name; None: again what there was before."""
        if name is not None and self._presented is None:
            self._layout = self.saveState()
            self._before = self.size(), self._layout
        self._presented, self._room = name, None
        self._arrange()
        self._return()

    def layout_state(self) -> bytes:
        """Where the panels are, also while one of them is presented."""
        state = self.saveState() if self._presented is None else self._layout
        return bytes(state.data())

    def restore_layout(self, state: bytes) -> None:
        """Put the panels where they were; an empty or unknown `state`: to their usual places."""
        self._layout = QByteArray(state)
        self._room = None
        self._arrange()

    def show_all(self) -> None:
        """Bring back the panels that were closed."""
        for panel in self.panels.values():
            panel.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._return()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the sizes are those of the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            self._room = None
            self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()

    def _make_panels(self) -> None:
        titles = {
            "experiment": _("Experiment"),
            "history": _("History"),
            "why": _("Why"),
            "code": _("Code"),
            "dict": _("Dict"),
            "log": _("Log"),
            "output": _("Output"),
            "timeline": _("Timeline"),
            "losses": _("Lost updates"),
            "blame": _("By process"),
            "runs": _("Runs"),
        }
        self.panels = {name: Panel(name, title) for name, title in titles.items()}
        self.panels["experiment"].set_view(self._settings)
        for panel in self.panels.values():
            panel.dockLocationChanged.connect(self._titling.start)
            panel.topLevelChanged.connect(self._titling.start)
            panel.visibilityChanged.connect(self._titling.start)

    def _title(self) -> None:
        """A panel whose tab says its title does not say it again."""
        for panel in self.panels.values():
            beside = [other for other in self.tabifiedDockWidgets(panel) if not other.isHidden()]
            panel.header.set_titled(panel.isFloating() or not beside)

    def _arrange(self) -> None:
        """Put the panels to their places where the room has become another one, as soon as it is that of the screen."""
        if not self.isVisible():
            return
        width, height = (length / self._theme.zoom for length in (self.width(), self.height()))
        room = room_for(width, height)
        if room is self._room:
            return
        first, self._room = self._room is None, room
        self.stage_header.setVisible(room is not Room.SMALL)
        if self._presented is not None:
            self._arrange_presented(self._presented)
            return
        hidden = [panel for panel in self.panels.values() if panel.isHidden() and self._is_painted]
        layout, self._layout = self._layout if first else QByteArray(), QByteArray()
        # Qt restores only what has a place already, and remembers what was asked of it before that.
        if self._is_painted and self.restoreState(layout):
            return
        self._arrange_all(room)
        self.restoreState(layout)
        for panel in hidden:
            panel.hide()

    def _return(self) -> None:
        """After a presentation, have panels as wide and high as they were, once there is again the room for it."""
        if self._before is not None and self._presented is None and self.size() == self._before[0]:
            layout, self._before = self._before[1], None
            self.restoreState(layout)

    def _arrange_presented(self, name: str) -> None:
        for panel in self.panels.values():
            panel.setVisible(False)
        chosen = self.panels[name]
        across = self.width() > 1.4 * self.height() and name not in ("timeline", "losses")
        self.addDockWidget(_RIGHT if across else _BOTTOM, chosen)
        chosen.show()
        whole = self.width() if across else self.height()
        self.resizeDocks([chosen], [round(PRESENTED_SHARE * whole)], _ACROSS if across else _DOWN)

    def _arrange_all(self, room: Room) -> None:
        for panel in self.panels.values():
            self.removeDockWidget(panel)
        left = [self.panels["experiment"]]
        history = self.panels["history"]
        told = [self.panels[name] for name in TOLD]
        timeline, losses, blame, runs = (self.panels[name] for name in ("timeline", "losses", "blame", "runs"))
        if room is Room.SMALL:
            self._add_tabs(_LEFT, [*left, history, *told, timeline, losses, blame, runs])
        elif room is Room.NARROW:
            self._add_tabs(_LEFT, [*left, history, *told[:-1]])
            self._add_tabs(_BOTTOM, [timeline, losses, blame, runs, told[-1]])
        elif room is Room.TIGHT:
            self._add_tabs(_LEFT, left)
            self._add_tabs(_RIGHT, [history, *told[:-1]])
            self._add_tabs(_BOTTOM, [timeline, losses, blame, runs, told[-1]])
        else:
            self._add_tabs(_LEFT, left)
            self._add_tabs(_RIGHT, [history])
            self.splitDockWidget(history, told[0], _DOWN)
            self._tabify(told)
            self._add_tabs(_BOTTOM, [timeline])
            self.splitDockWidget(timeline, losses, _DOWN)
            self.splitDockWidget(losses, blame, _ACROSS)
            self.splitDockWidget(blame, runs, _ACROSS)
            for panel in (losses, blame, runs):
                panel.show()
            self.resizeDocks([losses, blame, runs], [8, 6, 6], _ACROSS)
            self.resizeDocks([history, told[0]], [1, 1], _DOWN)
        if room is not Room.SMALL:
            row = round(ROW_SHARE[room] * self.height())
            rows = [timeline, losses] if room is Room.WIDE else [timeline]
            self.resizeDocks(rows, [row] * len(rows), _DOWN)
        if room in (Room.WIDE, Room.TIGHT):
            self.resizeDocks([history], [self._theme.px(RIGHT_WIDTH)], _ACROSS)
        self.resizeDocks(left, [self._theme.px(RIGHT_WIDTH if room is Room.NARROW else WIDTH)], _ACROSS)

    def _add_tabs(self, area: Qt.DockWidgetArea, panels: Sequence[Panel]) -> None:
        """One place in `area` for all of `panels`, the first on top."""
        self.addDockWidget(area, panels[0])
        self._tabify(panels)

    def _tabify(self, panels: Sequence[Panel]) -> None:
        for below, panel in pairwise(panels):
            self.tabifyDockWidget(below, panel)
        # Among all that is below, a wrapper would be made for each control's inner parts.
        for bar in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)
        for panel in panels:
            panel.show()
        panels[0].raise_()
