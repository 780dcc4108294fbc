"""The window: wires feed, player and views. It decides nothing that a view or the engine can decide.

Loads only what its first frame needs; the rest, see `late`, comes after that.
"""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from dictrace.app.appearance import Appearance
from dictrace.app.autosave import Autosave
from dictrace.app.desk import Desk
from dictrace.app.dropping import dropped_file
from dictrace.app.exporting.exports import Exports
from dictrace.app.feed import Feed
from dictrace.app.late import load_plot, load_views
from dictrace.app.menu_bar import MenuBar
from dictrace.app.menus import key_name
from dictrace.app.open_scripts import OpenScripts, script_at
from dictrace.app.playback import connect_transport
from dictrace.app.player import Player
from dictrace.app.recovery import Recovery
from dictrace.app.settings import Remembered, with_recent
from dictrace.engine.clock import Clock
from dictrace.engine.experiment import Experiment
from dictrace.engine.order import Order
from dictrace.engine.words import _
from dictrace.widgets.focus_room import FocusRoom
from dictrace.widgets.slices import Slices
from dictrace.widgets.theme import Theme
from dictrace.widgets.verdict_bar import VerdictBar

if TYPE_CHECKING:
    from dictrace.app.pictures.embedding import Shown
    from dictrace.app.runner import Runner
    from dictrace.app.session import Session
    from dictrace.app.views import Views
    from dictrace.engine.frame import Counts
    from dictrace.widgets.runs_strip import Run
    from dictrace.widgets.stage_painter import StageContext


class MainWindow(QMainWindow):
    """The program's one window.

    Attributes:
        runner: what runs experiments.
        player: where in the recording the picture is.
        desk: where the views are.
        appearance: how everything looks.
        exports: makes files and pictures of what is shown.
        scripts: somebody's own scripts.
        is_complete: what loads after the first frame is there.
        recent: paths of the recordings opened or saved last, newest first.

    Signals:
        completed: what loads after the first frame is there.
        closing: the window is about to close; `remembered` is what the next one may begin with.
    """

    completed = Signal()
    closing = Signal()

    def __init__(
        self,
        runner: "Runner",
        remembered: Remembered | None = None,
        parent: QWidget | None = None,
        autosave: Autosave | None = None,
    ) -> None:
        """`remembered` is what to begin with; None: a first start. `autosave` keeps runs that are not saved."""
        super().__init__(parent)
        self.runner = runner
        self.player = Player(parent=self)
        self.is_complete = False
        self.recent: tuple[str, ...] = ()
        self._autosave = autosave or Autosave(None)
        self._feed = Feed(runner, self, self._autosave)
        self.exports = Exports(self, self._feed)
        self._late = Slices(self)
        self._views: Views | None = None
        self._context: StageContext | None = None
        self._begun = False
        self._before: Counts | None = None
        self._runs: list[Run] = []
        self._build()
        self.appearance = Appearance(self, self.desk)
        self.scripts = OpenScripts(self)
        self._menus = MenuBar(self, self._feed)
        self._connect()
        self._connect_player()
        self._set_running(False)
        self._show_session()
        self.restore(remembered or Remembered())
        self.setAcceptDrops(True)
        self._stage.setFocus()

    @property
    def session(self) -> "Session | None":
        """The run that is shown, or None before the first."""
        return self._feed.session

    def settle(self) -> None:
        """Have all views show the position now, and not one after the other."""
        if self._views is not None:
            self._views.turns.finish()

    def open_recording(self, path: str | os.PathLike[str]) -> None:
        """Show a recording from a file; what is wrong with it is said in the verdict bar."""
        self._feed.open(path)

    def open(self, path: str) -> None:
        """Show the recording, or run the script, that is in a file."""
        if path.endswith(".py"):
            self.scripts.open(script_at(path))
        else:
            self.open_recording(path)

    def save_recording(self, path: str | os.PathLike[str]) -> None:
        """Write the run that is shown to a file."""
        from dictrace.engine.recording import RecordingError

        assert self.session is not None
        try:
            self._feed.save(path)
        except RecordingError as error:
            self._say(str(error))
        else:
            self.recent = with_recent(self.recent, os.path.abspath(path))

    @property
    def remembered(self) -> Remembered:
        """What another window may begin with."""
        appearance = self.appearance
        return Remembered(
            geometry=b"" if appearance.presenting else bytes(self.saveGeometry().data()),
            layout=self.desk.layout_state(),
            dark=appearance.dark,
            zoom=appearance.zoom,
            reduced_motion=self.player.jumps,
            loops=self.player.loops,
            by_clock=self.player.by_clock,
            factor=self.player.factor,
            presented=appearance.presented,
            experiment=self._experiment.experiment(),
            recent=self.recent,
            scripts=self.scripts.known,
            export=self.exports.remembered,
        )

    def restore(self, remembered: Remembered) -> None:
        """Begin with what was remembered."""
        self.appearance.set_dark(remembered.dark)
        self.appearance.set_zoom(remembered.zoom)
        self.desk.restore_layout(remembered.layout)
        if not (remembered.geometry and self.restoreGeometry(remembered.geometry)):
            self.resize(QSize(1600, 900))
        self.player.set_jumps(remembered.reduced_motion)
        self.player.set_loops(remembered.loops)
        self.player.set_by_clock(False)
        self.player.set_speed(remembered.factor)
        self.player.set_by_clock(remembered.by_clock)
        self.appearance.set_presented(remembered.presented)
        self._experiment.set_experiment(remembered.experiment)
        self.recent, self.scripts.known, self.exports.wish = remembered.recent, remembered.scripts, remembered.export

    def reset(self) -> None:
        """Everything that is remembered as at the first start."""
        if self.appearance.presenting:
            self.appearance.toggle_presentation()
        self.desk.show_all()
        self.restore(Remembered())

    def run(self) -> None:
        """Run the experiment, or the script where one is shown."""
        self._before = None
        if self.scripts.chosen:
            self.scripts.run()
        else:
            self._start(self._experiment.experiment())

    def choose_preset(self, number: int) -> None:
        """Show the presets with this one chosen."""
        self.scripts.leave()
        self._experiment.choose_preset(number)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path:
            event.acceptProposedAction()
            self.open(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A plain key that no control wanted."""
        action = self._menus.plain_keys.get(key_name(event))
        if action is None:
            super().keyPressEvent(event)
        else:
            action.trigger()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        self._late.stop()
        self.player.pause()
        self._feed.close()
        self._recovery.close()
        super().closeEvent(event)

    def _build(self) -> None:
        self._verdict, self.desk = VerdictBar(), Desk()
        self._experiment, self._stage, self._transport = self.desk.experiment, self.desk.stage, self.desk.transport
        whole = FocusRoom()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._recovery = Recovery(self._autosave, self._feed.recover, whole)
        column.addWidget(self._verdict)
        column.addWidget(self._recovery.bar)
        column.addWidget(self.desk, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        feed = self._feed
        feed.running.connect(self._set_running)
        feed.changed.connect(self._show_session)
        feed.grown.connect(self._show_growth)
        feed.ended.connect(self._on_feed_ended)
        feed.opened.connect(self._on_feed_opened)
        feed.progressed.connect(self._verdict.set_share)
        feed.reading.connect(lambda _reading: self._verdict.set_share(None))
        feed.failed.connect(self._say)
        self.desk.painted.connect(lambda: self._late.start(self._complete()))
        self.appearance.theme_changed.connect(self._set_theme)
        self.appearance.choice_changed.connect(lambda: self._menus.show_appearance(self.appearance))
        self._experiment.run_requested.connect(self.run)
        self._experiment.stop_requested.connect(self.runner.stop)
        self._stage.run_requested.connect(self.run)
        self.scripts.run_requested.connect(self._start)

    def _connect_player(self) -> None:
        player = self.player
        connect_transport(self._transport, player)
        player.position_changed.connect(self._show_frame)
        player.speed_changed.connect(self._show_pace)
        player.loops_changed.connect(self._menus.loop.setChecked)
        player.jumps_changed.connect(self._menus.reduced_motion.setChecked)

    def _complete(self) -> Iterator[None]:
        """Load step by step what the first frame did not need."""
        yield from load_views()
        views = self._made_views()
        yield
        yield from load_plot()
        views.losses.load()
        self._recovery.offer()
        self.is_complete = True
        self.completed.emit()

    def _made_views(self) -> "Views":
        """The views in the panels; where they are wanted before they were loaded, they are loaded now."""
        if self._views is None:
            from dictrace.app.views import Views

            self._views = views = Views(self)
            views.seek_requested.connect(self.player.seek)
            views.cure_requested.connect(self._on_views_cure_requested)
            views.set_theme(self.appearance.theme)
            self.desk.fill(views.of_panel)
        return self._views

    def _on_feed_opened(self, path: str) -> None:
        if path:
            self.recent = with_recent(self.recent, path)
        self._before = None
        assert self.session is not None
        if self.session.experiment is not None:
            self._experiment.set_experiment(self.session.experiment)
            self.scripts.leave()
        self._show_problem()
        if self._feed.shown is not None:
            self._show_as_in(self._feed.shown)

    def _show_as_in(self, shown: "Shown") -> None:
        """Show the moment and the view that a picture shows."""
        self.player.pause()
        self.player.seek(shown.position)
        panel = self.desk.panels.get(shown.picture.view)
        if panel is not None:
            panel.show()
            panel.raise_()

    def _on_feed_ended(self) -> None:
        """A run that came to its end is compared with others."""
        session = self.session
        assert session is not None
        made = session.experiment or session.recording.script
        if session.finished and made is not None:
            from dictrace.widgets.runs_strip import Run

            self._runs.append(Run(made, session.counts))
            self._made_views().set_runs(self._runs)
            if self._before is not None:
                self._made_views().set_comparison(self._before, session.counts)
        self._show_problem()

    def _on_views_cure_requested(self, experiment: Experiment) -> None:
        """Run with the cure, and compare with what is shown now."""
        assert self.session is not None
        self._before = self.session.counts
        self._experiment.set_experiment(experiment)
        self.scripts.leave()
        self._start(experiment)

    def _start(self, what: Experiment | Order) -> None:
        self._made_views().set_comparison(self._before, None)
        self._feed.run(what)

    def _say(self, message: str) -> None:
        self.player.pause()
        self._verdict.set_message(message)

    def _set_running(self, running: bool) -> None:
        self._experiment.set_running(running)
        self.desk.script.set_running(running)
        self._stage.set_running(running)
        self._verdict.set_running(running)
        self._menus.stop.setEnabled(running)

    def _show_session(self) -> None:
        """Another recording is to be shown, or none, from its start."""
        session = self.session
        self._context = session.context if session else None
        self._begun = False
        self.desk.stage_header.set_note("")
        self._verdict.set_gate(session.recording.header.gate if session else None)
        self._experiment.set_shown(session.recording.header.what if session and session.experiment is None else "")
        self.setWindowTitle(_("{what} – dictrace").format(what=session.title) if session else "dictrace")
        self._show_session_in_views()
        self.player.show(session.clock if session else Clock(()))
        self._show_progress()

    def _show_session_in_views(self) -> None:
        """Before any frame of it is, so that no view looks for a frame's losses in another recording."""
        if self.session is not None:
            self._made_views().set_session(self.session)
        elif self._views is not None:
            self._views.set_session(None)

    def _show_growth(self) -> None:
        """What is shown has grown or ended."""
        if self.session is not None:
            self.desk.script.set_seen(self.session.start_methods)
        self._show_session_in_views()
        self._show_progress()

    def _show_progress(self) -> None:
        """Take up what there is now; the first events are played from the start, slowly enough to be seen."""
        session, player = self.session, self.player
        losses = session.losses if session else []
        if session is not None:
            player.stops = session.stops
            player.extend(session.clock, losses, session.live)
            if not self._begun and session.recording.events:
                self._begun = True
                player.play()
        self._transport.set_losses(losses)
        self._verdict.set_note(session.note if session else "")
        self._verdict.set_problem(session.problem if session else "")
        self._menus.set_saveable(session is not None and session.saveable, self.exports.possible)
        self._show_frame()
        self._show_pace()

    def _show_problem(self) -> None:
        """Where something went wrong or a run was stopped, that is to be seen first: it is told at the end."""
        if self.session is not None and not self.session.finished:
            self.player.seek_end()

    def _show_frame(self) -> None:
        frame = self.session.frame_at(self.player.position) if self.session else None
        self._verdict.set_frame(frame)
        self._stage.set_frame(frame, self._context)
        self._transport.set_frame(frame)
        if self._views is not None:
            self._views.turns.start(frame)

    def _show_pace(self) -> None:
        self.desk.stage_header.set_note(self.session.pace(self.player.whole_s) if self.session is not None else "")

    def _set_theme(self, theme: Theme) -> None:
        self._verdict.set_theme(theme)
        self._recovery.bar.set_theme(theme)
        self.desk.set_theme(theme)
        if self._views is not None:
            self._views.set_theme(theme)
