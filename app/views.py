"""The views in the panels: each is handed what it shows, and what is selected in one is selected in all.

Importing this module imports them all and the libraries they need: the window does it after its first frame.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from dictrace.app.session import Session
from dictrace.app.turns import Turns
from dictrace.engine.frame import Counts
from dictrace.widgets.blame_bars import BlameBars
from dictrace.widgets.code_view import CodeView
from dictrace.widgets.dict_view import DictView
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.log_view import LogView
from dictrace.widgets.losses_plot import LossesPlot
from dictrace.widgets.output_view import OutputView
from dictrace.widgets.runs_strip import Run, RunsStrip
from dictrace.widgets.selection import NOTHING, Selection
from dictrace.widgets.theme import Theme
from dictrace.widgets.timeline import Timeline
from dictrace.widgets.why_view import WhyView


class Views(QObject):
    """All views that live in panels.

    Attributes:
        of_panel: name of the panel -> its view.
        losses: the plot, which appears a moment after the others.
        selection: what they all show as selected.
        turns: hands them frames.

    Signals:
        seek_requested: the position that a view was asked to go to.
        cure_requested: the Experiment to run.
    """

    seek_requested = Signal(float)
    cure_requested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection = NOTHING
        self._session: Session | None = None
        self.losses = LossesPlot()
        self._blame, self._runs, self._why, self._output = BlameBars(), RunsStrip(), WhyView(), OutputView()
        timeline, history, code, table, log = Timeline(), HistoryView(), CodeView(), DictView(), LogView()
        seekers = (timeline, history, self._why, code, table, log)
        for seeker in seekers:
            seeker.seek_requested.connect(self.seek_requested)
        self._followers = (*seekers, self._blame)
        for follower in self._followers:
            follower.selected.connect(self.select)
        self._why.cure_requested.connect(self.cure_requested)
        self.turns = Turns((*self._followers, self._output, self.losses), self)
        self.of_panel: dict[str, QWidget] = {
            "history": history,
            "why": self._why,
            "code": code,
            "dict": table,
            "log": log,
            "output": self._output,
            "timeline": timeline,
            "losses": self.losses,
            "blame": self._blame,
            "runs": self._runs,
        }

    def set_theme(self, theme: Theme) -> None:
        for view in (*self._followers, self._output, self.losses, self._runs):
            view.set_theme(theme)

    def set_session(self, session: Session | None) -> None:
        """Show a run, or what it has got since; with another one nothing is selected any more."""
        if session is not self._session:
            self._session = session
            self.select(NOTHING)
        for view in (*self._followers, self._output):
            view.set_recording(session.recording if session else None)
        if session is not None:
            self.losses.set_curve(lambda: session.curve, session.expected_updates)
        else:
            self.losses.set_curve(None)

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Compare these runs, oldest first."""
        self._runs.set_runs(runs)

    def set_comparison(self, before: Counts | None, after: Counts | None) -> None:
        """Show the outcomes of a run and of the same with its cure; None: not known."""
        self._why.set_comparison(before, after)

    def select(self, selection: Selection) -> None:
        """Have all views show this as selected; a loss that the run has not is not taken up."""
        losses = self._session.recording.history.losses.events if self._session else ()
        if selection.loss is not None and selection.loss >= len(losses):
            return
        self.selection = selection
        for view in self._followers:
            view.set_selection(selection)
