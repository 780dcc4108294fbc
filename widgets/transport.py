"""The transport: play, step, scrub and jump to losses, and how fast."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QToolButton, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.words import _
from dictrace.widgets.choice import Choice
from dictrace.widgets.icons import Icon, button_icon
from dictrace.widgets.scrub_bar import ScrubBar
from dictrace.widgets.theme import LIGHT, UNIT, Theme

WIDE = 1100.0
NARROW = 470.0


class Transport(QWidget):
    """Shows where the player is and asks it to move. Its setters send nothing.

    Signals:
        play_toggled, start_requested, end_requested, next_loss_requested, previous_loss_requested: buttons.
        step_requested: 1 forward, -1 back.
        seek_requested: position, by event.
        speed_chosen: one of the speeds that were offered.
        by_clock_chosen: True to move by true time, False by event.
        loop_chosen: True to start again at the end.
    """

    play_toggled = Signal()
    start_requested = Signal()
    end_requested = Signal()
    step_requested = Signal(int)
    next_loss_requested = Signal()
    previous_loss_requested = Signal()
    seek_requested = Signal(float)
    speed_chosen = Signal(float)
    by_clock_chosen = Signal(bool)
    loop_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._rows = self._losses = self._events = self._duration_ns = 0
        self._icons: dict[QToolButton, Icon] = {}
        self._grid, self._buttons = QGridLayout(self), QHBoxLayout()
        # Made in the order in which Tab goes through them.
        self._play, self._loop = self._add_buttons()
        self._scrub = ScrubBar(self)
        self._event, self._events_label = QSpinBox(self), QLabel(self)
        self._time = QLabel(self)
        self._place = QHBoxLayout()
        self._mode, self._speed = Choice(_("What moves evenly"), self), Choice(_("Speed"), self)
        self._set_up_place()
        self._set_up_choices()
        self._connect()
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._arrange()
        self.set_frame(None)

    def set_frame(self, frame: Frame | None) -> None:
        """Show the frame's position; without one nothing can be played."""
        events, duration_ns = (frame.events, frame.duration_ns) if frame else (0, 0)
        if (events, duration_ns) != (self._events, self._duration_ns):
            self._events, self._duration_ns = events, duration_ns
            self._reserve()
        self._scrub.set_position(frame.position if frame else 0.0, events)
        self._show_event(frame.event if frame else 0)
        time = time_text(frame.time_ns) if frame else ""
        self._time.setText(time)
        self._events_label.setToolTip(time)
        for control in (*self._icons, self._scrub, self._event, self._mode, self._speed):
            control.setEnabled(events > 0)
        self._set_loss_buttons(events > 0 and self._losses > 0)

    def set_losses(self, losses: Sequence[int]) -> None:
        """The events at which updates are lost, ascending."""
        self._losses = len(losses)
        self._scrub.set_losses(losses)
        self._set_loss_buttons(self._losses > 0)

    def set_playing(self, playing: bool) -> None:
        self._icons[self._play] = Icon.PAUSE if playing else Icon.PLAY
        name = _("Pause") if playing else _("Play")
        self._play.setAccessibleName(name)
        self._play.setToolTip(_("{name} ({key})").format(name=name, key=_("Space")))
        self._draw_icon(self._play)

    def set_loops(self, loops: bool) -> None:
        self._loop.setChecked(loops)

    def set_speeds(self, speeds: Sequence[float], speed: float, by_clock: bool) -> None:
        """Offer these speeds, slowest first; `by_clock`: as shares of real time, else as factors."""
        self._mode.setCurrentIndex(int(by_clock))
        if [self._speed.itemData(index) for index in range(self._speed.count())] != list(speeds):
            self._speed.clear()
            for offered in speeds:
                self._speed.addItem(speed_text(offered, by_clock), offered)
        self._speed.setCurrentIndex(self._speed.findData(speed))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self._scrub, self._mode, self._speed):
            part.set_theme(theme)
        for button in self._icons:
            button.setIconSize(QSize(theme.px(17), theme.px(17)))
            self._draw_icon(button)
        self._grid.setHorizontalSpacing(theme.px(2 * UNIT))
        self._grid.setVerticalSpacing(theme.px(UNIT))
        self._grid.setContentsMargins(*(theme.px(n * UNIT) for n in (2, 1, 3, 1)))
        self._buttons.setSpacing(theme.px(0.5 * UNIT))
        self._place.setSpacing(theme.px(1.5 * UNIT))
        self._mode.setFixedWidth(theme.px(112))
        self._speed.setFixedWidth(theme.px(90))
        self._reserve()
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as in three rows, whatever the rows now."""
        margins = self._grid.contentsMargins()
        spacing = self._grid.horizontalSpacing()
        buttons = self._buttons.minimumSize().width()
        if not self._loop.isHidden():
            buttons -= self._loop.minimumSizeHint().width() + self._buttons.spacing()
        row = max(
            buttons + spacing + self._speed.minimumWidth(),
            self._place.minimumSize().width() + spacing + self._mode.minimumWidth(),
        )
        return QSize(row + margins.left() + margins.right(), self._grid.totalMinimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_event(self, event: int) -> None:
        """Show a number that nobody is just typing over."""
        if self._event.hasFocus() and self._event.text() != self._event.textFromValue(self._event.value()):
            return
        blocker = QSignalBlocker(self._event)
        if self._event.maximum() != self._events:  # setting it has the whole window laid out anew
            self._event.setRange(0, self._events)
        self._event.setValue(event)
        blocker.unblock()

    def _set_up_place(self) -> None:
        self._event.setAccessibleName(_("Number of the event"))
        self._event.setToolTip(_("Type the number of an event to go there."))
        self._event.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._event.setKeyboardTracking(False)
        self._event.setGroupSeparatorShown(True)
        self._event.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._event.valueChanged.connect(lambda event: self.seek_requested.emit(float(event)))
        self._place.addWidget(self._event)
        self._place.addWidget(self._events_label)

    def _add_buttons(self) -> tuple[QToolButton, QToolButton]:
        """All buttons, in a row; returns the one that plays and the one that loops."""
        self._add_button(Icon.START, _("To the start"), _("Home"), self.start_requested.emit)
        self._add_button(Icon.STEP_BACK, _("Step back"), _("Left"), lambda: self.step_requested.emit(-1))
        play = self._add_button(Icon.PLAY, _("Play"), _("Space"), self.play_toggled.emit)
        self._add_button(Icon.STEP, _("Step"), _("Right"), lambda: self.step_requested.emit(1))
        self._add_button(Icon.END, _("To the end"), _("End"), self.end_requested.emit)
        self._loss_buttons = (
            self._add_button(Icon.PREVIOUS_LOSS, _("Previous loss"), "P", self.previous_loss_requested.emit),
            self._add_button(Icon.NEXT_LOSS, _("Next loss"), "N", self.next_loss_requested.emit),
        )
        loop = self._add_button(Icon.LOOP, _("Loop"), "O", lambda: self.loop_chosen.emit(loop.isChecked()))
        loop.setCheckable(True)
        return play, loop

    def _add_button(self, icon: Icon, name: str, key: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(_("{name} ({key})").format(name=name, key=key))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act())
        self._icons[button] = icon
        self._buttons.addWidget(button)
        return button

    def _set_up_choices(self) -> None:
        self._time.setToolTip(_("True time since the start of the run"))
        self._mode.addItems([_("by event"), _("by clock")])
        self._mode.setToolTip(
            _("By event: every event takes equally long. By clock: true time, crowded moments stretched a little.")
        )
        self._speed.setToolTip(_("By event: 1× shows the whole run in half a minute. By clock: share of real speed."))
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        self._scrub.seek_requested.connect(self.seek_requested)
        self._mode.activated.connect(lambda index: self.by_clock_chosen.emit(index == 1))
        self._speed.activated.connect(lambda: self.speed_chosen.emit(self._speed.currentData()))

    def _arrange(self) -> None:
        """All in one row, or, the narrower it is, in two or three."""
        rows = 1 if self.width() >= self._theme.px(WIDE) else 2 if self.width() >= self._theme.px(NARROW) else 3
        if rows == self._rows:
            return
        self._rows = rows
        grid, right = self._grid, Qt.AlignmentFlag.AlignRight
        parts: tuple[QWidget, ...] = (self._scrub, self._time, self._mode, self._speed)
        for part in parts:
            grid.removeWidget(part)
        for row in (self._buttons, self._place):
            grid.removeItem(row)
        if rows == 1:
            grid.addLayout(self._buttons, 0, 0)
            grid.addWidget(self._scrub, 0, 1)
            grid.addLayout(self._place, 0, 2)
            for column, part in enumerate((self._time, self._mode, self._speed), 3):
                grid.addWidget(part, 0, column)
        elif rows == 2:
            grid.addWidget(self._scrub, 0, 0, 1, 2)
            grid.addLayout(self._place, 0, 2)
            grid.addWidget(self._time, 0, 3, right)
            grid.addLayout(self._buttons, 1, 0)
            grid.addWidget(self._mode, 1, 2, right)
            grid.addWidget(self._speed, 1, 3, right)
        else:
            grid.addWidget(self._scrub, 0, 0, 1, 3)
            grid.addLayout(self._buttons, 1, 0, 1, 2)
            grid.addWidget(self._speed, 1, 2, right)
            grid.addLayout(self._place, 2, 0)
            grid.addWidget(self._mode, 2, 1, 1, 2, right)
        # Last: showing lays out at once, and may come back here.
        self._time.setVisible(rows < 3)
        self._loop.setVisible(rows < 3)

    def _draw_icon(self, button: QToolButton) -> None:
        ink = self._theme.lost_text if button in self._loss_buttons else self._theme.text
        button.setIcon(button_icon(self._icons[button], ink, self._theme.border))

    def _set_loss_buttons(self, enabled: bool) -> None:
        for button in self._loss_buttons:
            button.setEnabled(enabled)

    def _reserve(self) -> None:
        """Keep room for the longest texts of this recording, so that nothing moves while playing."""
        self._events_label.setText(_("of {events} events").format(events=f"{self._events:,}") if self._events else "")
        for label, text in (
            (self._events_label, self._events_label.text()),
            (self._time, time_text(self._duration_ns)),
        ):
            label.ensurePolished()
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(text) + self._theme.px(UNIT))
        # Where its size is not fixed, each time that it tells would have the whole window laid out anew.
        self._time.setFixedSize(self._time.minimumWidth(), self._scrub.sizeHint().height())
        self._event.ensurePolished()
        digits = self._event.fontMetrics().horizontalAdvance(f"{max(self._events, 999):,}")
        self._event.setFixedWidth(digits + self._theme.px(5 * UNIT))


def speed_text(speed: float, by_clock: bool) -> str:
    """A speed as a person reads it: a factor, ``2×`` or ``1/4×``; by clock, a share of real speed, ``1/400``."""
    number = f"{speed:g}" if speed >= 1 else f"1/{round(1 / speed):,}"
    return number if by_clock and speed < 1 else f"{number}×"


def time_text(time_ns: int) -> str:
    """A time since the start of the run, in the unit that suits it."""
    if time_ns < 10_000_000_000:
        return _("{n} ms").format(n=f"{time_ns / 1e6:,.2f}")
    return _("{n} s").format(n=f"{time_ns / 1e9:,.2f}")
