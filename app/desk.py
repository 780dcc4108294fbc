"""What lies below the verdict: stage and transport in the middle, panels around them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget, QVBoxLayout, QWidget

from dictrace.engine.words import _
from dictrace.widgets.card import Card
from dictrace.widgets.experiment_panel import WIDTH, ExperimentPanel
from dictrace.widgets.losses_plot import LossesPlot
from dictrace.widgets.panel import Panel
from dictrace.widgets.stage import Stage
from dictrace.widgets.theme import LIGHT, UNIT, Theme
from dictrace.widgets.transport import Transport

LOW = 480.0
LOSSES_SHARE = 0.25


class Desk(QMainWindow):
    """Arranges views. Where it is low for its zoom, panels share a place as tabs and the stage's header goes.

    Attributes:
        experiment, stage, transport, losses: the views.
        stage_header: the line above the stage.
        panels: the docks.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # As a child it is no window of its own.
        self.setWindowFlags(Qt.WindowType.Widget)
        self._theme = LIGHT
        self._low: bool | None = None
        self.experiment, self.stage = ExperimentPanel(), Stage()
        self.transport, self.losses = Transport(), LossesPlot()
        self._cards = (Card(_("Stage"), self.stage), Card("", self.transport))
        self.stage_header = self._cards[0].header
        self.panels = (
            Panel("experiment", _("Experiment"), self.experiment),
            Panel("losses", _("Lost updates"), self.losses),
        )
        middle = QWidget()
        self._middle = QVBoxLayout(middle)
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.addWidget(self._cards[0], 1)
        self._middle.addWidget(self._cards[1])
        self.setCentralWidget(middle)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)

    def set_theme(self, theme: Theme) -> None:
        """Take over colours and zoom; with another zoom the panels go to their places anew."""
        if theme.zoom != self._theme.zoom:
            self._low = None
        self._theme = theme
        for part in (self.experiment, self.stage, self.transport, self.losses, *self._cards, *self.panels):
            part.set_theme(theme)
        margin = theme.px(2 * UNIT)
        self.setContentsMargins(margin, margin, margin, margin)
        self._middle.setSpacing(margin)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now the sizes are those of the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            self._low = None
            self._arrange()

    def _arrange(self) -> None:
        low = self.height() < self._theme.px(LOW)
        if low is self._low:
            return
        self._low = low
        experiment, losses = self.panels
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, experiment)
        if low:
            self.tabifyDockWidget(experiment, losses)
            experiment.raise_()
        else:
            self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, losses)
            self.resizeDocks([losses], [round(LOSSES_SHARE * self.height())], Qt.Orientation.Vertical)
        self.resizeDocks([experiment], [self._theme.px(WIDTH)], Qt.Orientation.Horizontal)
        self.stage_header.setVisible(not low)
