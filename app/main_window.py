"""The window: wires runner, player and views. It decides nothing that a view or the engine can decide."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QVBoxLayout, QWidget

from dictrace.app.desk import Desk
from dictrace.app.menus import command, exclusive, fill_menu, key_name, plain_keys
from dictrace.app.opener import Opener
from dictrace.app.player import Player, PlayMode
from dictrace.app.runner import Runner
from dictrace.app.session import Session
from dictrace.engine.clock import Clock
from dictrace.engine.experiment import PRESETS
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.rows import AnyRow, HeaderRow
from dictrace.engine.words import _
from dictrace.widgets.experiment_texts import preset_title
from dictrace.widgets.stage_painter import StageContext
from dictrace.widgets.style import palette_of, style_sheet
from dictrace.widgets.theme import DARK, LIGHT, ZOOM_STEPS, system_is_dark
from dictrace.widgets.verdict_bar import VerdictBar

GROWTH_MS = 80
LEAST_SIZE = (640.0, 360.0)
FILE_FILTER = "dictrace (*.dictrace *.dictrace.gz)"


class MainWindow(QMainWindow):
    """The program's one window.

    Attributes:
        runner: what runs experiments.
        player: where in the recording the picture is.
        session: the run that is shown, or None before the first.
        theme: how everything looks now.

    Signals:
        completed: the last view, which loads late, is there.
    """

    completed = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = Player(parent=self)
        self.session: Session | None = None
        self._context: StageContext | None = None
        self._begun = False
        self.theme = LIGHT
        self.runner = runner
        self._opener = Opener(self)
        self._dark: bool | None = None
        self._growth_timer = QTimer(self, singleShot=True, interval=GROWTH_MS)
        QApplication.setStyle("Fusion")
        self._build_views()
        self._build_menus()
        self._connect()
        self._apply_theme()
        self._set_running(False)
        self._show_session(None)
        self.resize(QSize(1600, 900))
        self._stage.setFocus()

    @property
    def is_complete(self) -> bool:
        """Every view is there."""
        return self._losses.is_loaded

    def open_recording(self, path: str | os.PathLike[str]) -> None:
        """Show a recording from a file; what is wrong with it is said in the verdict bar."""
        self.runner.close()
        if self.session is not None and self.session.live:
            self._on_runner_finished("")
        self._set_running(False)
        self._opener.open(path)

    def save_recording(self, path: str | os.PathLike[str]) -> None:
        """Write the run that is shown to a file."""
        assert self.session is not None
        try:
            self.session.save(path)
        except RecordingError as error:
            self._say(str(error))

    def set_zoom(self, zoom: float) -> None:
        """Scale everything, 1.0 to 2.0."""
        self.theme = replace(self.theme, zoom=zoom)
        self._apply_theme()

    def set_dark(self, dark: bool | None) -> None:
        """Use the dark or the light theme; None: the one that the desktop uses."""
        self._dark = dark
        self._apply_theme()

    def run(self) -> None:
        """Run the experiment."""
        self._opener.close()
        self.runner.start(self._experiment.experiment())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A plain key that no control wanted."""
        action = self._plain_keys.get(key_name(event))
        if action is None:
            super().keyPressEvent(event)
        else:
            action.trigger()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._opener.close()
        self._growth_timer.stop()
        self.player.pause()
        self.runner.close()
        super().closeEvent(event)

    def _build_views(self) -> None:
        self._verdict, self._desk = VerdictBar(), Desk()
        self._experiment, self._stage = self._desk.experiment, self._desk.stage
        self._transport, self._losses = self._desk.transport, self._desk.losses
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._verdict)
        column.addWidget(self._desk, 1)
        self.setCentralWidget(whole)

    def _build_menus(self) -> None:
        player, panel = self.player, self._experiment

        def entry(text: str, act: Callable[[], object], *keys: str, plain: str = "") -> QAction:
            return command(self, text, act, keys, plain)

        self._save_action = entry(_("&Save recording…"), self._ask_and_save, "Ctrl+S")
        self._stop_action = entry(_("&Stop"), self.runner.stop, "Esc")
        bar = self.menuBar()
        fill_menu(
            bar,
            _("&File"),
            entry(_("&Open recording…"), self._ask_and_open, "Ctrl+O"),
            self._save_action,
            None,
            entry(_("&Quit"), self.close, "Ctrl+Q"),
        )
        fill_menu(
            bar,
            _("&Experiment"),
            entry(_("&Run"), self.run, "F5", "Ctrl+R"),
            self._stop_action,
            None,
            *(
                entry(preset_title(name), partial(panel.choose_preset, number), plain=str(number))
                for number, name in enumerate(PRESETS, 1)
            ),
            None,
            entry(_("Switch nested &writes"), panel.toggle_nested, plain="Shift+N"),
            entry(_("Next &lock"), panel.cycle_lock, plain="L"),
        )
        fill_menu(
            bar,
            _("&Playback"),
            entry(_("&Play or pause"), player.toggle, plain="Space"),
            entry(_("Step &forward"), partial(player.step, 1), plain="Right"),
            entry(_("Step &back"), partial(player.step, -1), plain="Left"),
            entry(_("To the &start"), player.seek_start, plain="Home"),
            entry(_("To the &end"), player.seek_end, plain="End"),
            None,
            entry(_("&Next loss"), player.next_loss, plain="N"),
            entry(_("Pre&vious loss"), player.previous_loss, plain="P"),
        )
        fill_menu(
            bar,
            _("&View"),
            *exclusive(
                self,
                entry(_("Colours of the &desktop"), partial(self.set_dark, None)),
                entry(_("Ligh&t"), partial(self.set_dark, False)),
                entry(_("Dar&k"), partial(self.set_dark, True)),
            ),
            None,
            entry(_("&Larger"), partial(self._step_zoom, 1), "Ctrl++", "Ctrl+="),
            entry(_("S&maller"), partial(self._step_zoom, -1), "Ctrl+-"),
            entry(_("&Normal size"), partial(self.set_zoom, 1.0), "Ctrl+0"),
            entry(_("F&ull screen"), self._toggle_full_screen, "F11"),
            None,
            *(dock.toggleViewAction() for dock in self._desk.panels),
        )
        self._plain_keys = plain_keys(bar)

    def _connect(self) -> None:
        self.runner.started.connect(self._on_runner_started)
        self.runner.rows.connect(self._on_runner_rows)
        self.runner.finished.connect(self._on_runner_finished)
        self._opener.progressed.connect(self._on_opener_progressed)
        self._opener.opened.connect(self._on_opener_opened)
        self._opener.failed.connect(self._say)
        self._growth_timer.timeout.connect(self._show_growth)
        self._losses.loaded.connect(self.completed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply_theme)
        self._experiment.run_requested.connect(self.run)
        self._experiment.stop_requested.connect(self.runner.stop)
        self._stage.run_requested.connect(self.run)
        player, transport = self.player, self._transport
        player.position_changed.connect(self._show_frame)
        player.playing_changed.connect(transport.set_playing)
        player.speed_changed.connect(self._show_speed)
        transport.play_toggled.connect(player.toggle)
        transport.step_requested.connect(player.step)
        transport.start_requested.connect(player.seek_start)
        transport.end_requested.connect(player.seek_end)
        transport.next_loss_requested.connect(player.next_loss)
        transport.previous_loss_requested.connect(player.previous_loss)
        transport.seek_requested.connect(player.seek)
        transport.speed_chosen.connect(player.set_speed)
        transport.by_clock_chosen.connect(self._on_transport_by_clock_chosen)

    def _on_runner_started(self) -> None:
        self._set_running(True)
        self._show_session(None)

    def _on_runner_rows(self, rows: list[AnyRow]) -> None:
        try:
            if self.session is None:
                first, *rows = rows
                assert isinstance(first, HeaderRow)
                self._show_session(Session.begun(first))
            assert self.session is not None
            self.session.extend(rows)
        except (RecordingError, OverflowError) as error:
            self.runner.close()
            self._on_runner_finished(str(error))
        else:
            if not self._growth_timer.isActive():
                self._growth_timer.start()

    def _on_runner_finished(self, problem: str) -> None:
        self._set_running(False)
        if self.session is None:
            self._say(problem)
        else:
            self.session.end(problem)
            self._show_growth()
            self._show_problem()

    def _on_opener_progressed(self, share: float) -> None:
        self._desk.stage_header.set_note(_("reading, {n} %").format(n=round(100 * share)))

    def _on_opener_opened(self, recording: Recording) -> None:
        session = Session(recording, live=False)
        if session.experiment is not None:
            self._experiment.set_experiment(session.experiment)
        self._show_session(session)
        self._show_problem()

    def _on_transport_by_clock_chosen(self, by_clock: bool) -> None:
        self.player.set_mode(PlayMode.BY_CLOCK if by_clock else PlayMode.BY_EVENT)

    def _say(self, message: str) -> None:
        self.player.pause()
        self._verdict.set_message(message)

    def _set_running(self, running: bool) -> None:
        self._experiment.set_running(running)
        self._stage.set_running(running)
        self._verdict.set_running(running)
        self._stop_action.setEnabled(running)

    def _show_session(self, session: Session | None) -> None:
        """Show another recording, or none, from its start."""
        self.session = session
        self._context = session.context if session else None
        self._begun = False
        self._desk.stage_header.set_note("")
        self._verdict.set_gate(session.recording.header.gate if session else None)
        self.setWindowTitle(_("{what} – dictrace").format(what=session.title) if session else "dictrace")
        self.player.show(session.clock if session else Clock(np.zeros(0, np.int64)))
        self._show_growth()

    def _show_growth(self) -> None:
        """What is shown has grown or ended; the first events are played from the start, slowly enough to be seen."""
        self._growth_timer.stop()
        session, player = self.session, self.player
        losses = session.losses if session else []
        if session is not None:
            player.extend(session.clock, losses, session.live)
            if not self._begun and session.recording.events:
                self._begun = True
                player.play()
        self._transport.set_losses(losses)
        self._losses.set_curve(session.curve if session else None, session.expected_updates if session else 0)
        self._verdict.set_note(session.note if session else "")
        self._verdict.set_problem(session.problem if session else "")
        self._save_action.setEnabled(session is not None and session.saveable)
        self._show_frame()
        self._show_speed()

    def _show_problem(self) -> None:
        """Where something went wrong, that is to be seen first: it is told at the end."""
        if self.session is not None and self.session.problem:
            self.player.seek_end()

    def _show_frame(self) -> None:
        frame = frame_at(self.session.recording, self.player.position) if self.session else None
        self._verdict.set_frame(frame)
        self._stage.set_frame(frame, self._context)
        self._transport.set_frame(frame)
        self._losses.set_frame(frame)

    def _show_speed(self) -> None:
        player, session = self.player, self.session
        by_clock = player.mode is PlayMode.BY_CLOCK
        self._transport.set_speeds(player.speeds, player.speed, by_clock)
        if session is not None:
            duration_s, events = session.recording.duration_ns / 1e9, len(session.recording.events)
            shown_s = duration_s / player.speed if by_clock else events / (player.base_speed * player.speed)
            self._desk.stage_header.set_note(session.pace(shown_s))

    def _apply_theme(self) -> None:
        dark = system_is_dark() if self._dark is None else self._dark
        self.theme = theme = replace(DARK if dark else LIGHT, zoom=self.theme.zoom)
        self.setPalette(palette_of(theme))
        self.setStyleSheet(style_sheet(theme))
        self._verdict.set_theme(theme)
        self._desk.set_theme(theme)
        # Set here, so that the window never grows by itself when the zoom does.
        self.setMinimumSize(*(theme.px(length) for length in LEAST_SIZE))

    def _step_zoom(self, direction: int) -> None:
        at = ZOOM_STEPS.index(self.theme.zoom) + direction
        self.set_zoom(ZOOM_STEPS[min(max(at, 0), len(ZOOM_STEPS) - 1)])

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _ask_and_open(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, _("Open recording"), "", FILE_FILTER)
        if path:
            self.open_recording(path)

    def _ask_and_save(self) -> None:
        path, _kind = QFileDialog.getSaveFileName(self, _("Save recording"), "run.dictrace", FILE_FILTER)
        if path:
            self.save_recording(path)
