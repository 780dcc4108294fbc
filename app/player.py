"""The player: where in a recording the picture is, and how it moves by itself. It knows nothing of what is shown."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from enum import Enum
from itertools import pairwise
from math import ceil, floor

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from dictrace.engine.clock import Clock, drawn_clock

TICK_MS = 16
WHOLE_RUN_S = 30.0
STOP_S, OPENING_S = 0.8, 8.0
FACTORS = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
RATIOS = (*(1 / n for n in (10_000, 4_000, 2_000, 1_000, 400, 200, 100, 40, 20, 10, 4, 2)), 1.0, 2.0, 4.0)


class PlayMode(Enum):
    """What moves evenly while playing: the events (each equally long) or the true time, crowded instants stretched."""

    BY_EVENT = "by event"
    BY_CLOCK = "by clock"


class Player(QObject):
    """Moves a position through a recording.

    At the end of a live recording a playing player stays with the end as rows arrive; seeking or stepping away leaves
    it, `seek_end` comes back.

    Attributes:
        position: by event, 0 to the recording's number of events.
        playing: it moves by itself, or will as soon as rows arrive.
        mode: what moves evenly.
        loops: at the end of a recording that is over, playing goes on from its start.
        stops: positions, ascending, at which something has just happened while the run begins, between its first
            events: by event they are `STOP_S` apart, or all of them take `OPENING_S`, and single steps don't skip them.
        jumps: playing shows no moments between two events, for those whom continuous motion disturbs.
        speed: by event, a multiple of `base_speed`, one of `FACTORS`; by clock, run time over watched time where events
            are not crowded, one of `RATIOS`.

    Signals:
        position_changed: new position, also when a recording is shown.
        playing_changed: new `playing`.
        speed_changed: new `speed`, also when the mode or the recording changed it.
        loops_changed, jumps_changed: new `loops`, new `jumps`.
    """

    position_changed = Signal(float)
    playing_changed = Signal(bool)
    speed_changed = Signal(float)
    loops_changed = Signal(bool)
    jumps_changed = Signal(bool)

    def __init__(self, seconds: Callable[[], float] = time.monotonic, parent: QObject | None = None) -> None:
        """`seconds` is the clock that playing follows."""
        super().__init__(parent)
        self._seconds = seconds
        self._clock = Clock(())
        self._stretched: Clock | None = None
        self._losses: Sequence[int] = ()
        self._live = False
        self._position = 0.0
        self._reached = 0.0
        self._playing = self._loops = self._jumps = False
        self.stops: Sequence[float] = ()
        self._mode = PlayMode.BY_EVENT
        self._factor = 1.0
        self._ratio: float | None = None
        self._ticked_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def position(self) -> float:
        return self._position

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def loops(self) -> bool:
        return self._loops

    @property
    def jumps(self) -> bool:
        return self._jumps

    @property
    def mode(self) -> PlayMode:
        return self._mode

    @property
    def speed(self) -> float:
        if self._mode is PlayMode.BY_EVENT:
            return self._factor
        return self._ratio or self._usual_ratio

    @property
    def by_clock(self) -> bool:
        return self._mode is PlayMode.BY_CLOCK

    @property
    def factor(self) -> float:
        """The speed by event, whatever the mode."""
        return self._factor

    @property
    def speeds(self) -> tuple[float, ...]:
        """The speeds that can be chosen in this mode, slowest first."""
        return FACTORS if self._mode is PlayMode.BY_EVENT else RATIOS

    @property
    def base_speed(self) -> float:
        """Events per second at factor 1: the whole recording in `WHOLE_RUN_S`, but at least one event per second."""
        return max(1.0, self._clock.events / WHOLE_RUN_S)

    @property
    def whole_s(self) -> float:
        """Seconds that the whole recording takes at this speed."""
        if self._mode is PlayMode.BY_EVENT:
            return self._clock.events / (self.base_speed * self.speed)
        return self._drawn.duration_ns / 1e9 / self.speed

    @property
    def follows_live(self) -> bool:
        """It stays with the end of a live recording."""
        return self._playing and self._live and self._at_end

    def show(self, clock: Clock, losses: Sequence[int] = (), live: bool = False) -> None:
        """Take up another recording: from its start, or, where it is live, following its end.

        `losses` are the events at which updates are lost, ascending. The factor by event stays as it is; the speed by
        clock becomes the one at which this recording takes about `WHOLE_RUN_S`, until `set_speed` chooses another.
        """
        self._take(clock, losses, live)
        self.stops = ()
        self._ratio = None
        self._position = self._reached = float(clock.events) if live else 0.0
        self.position_changed.emit(self._position)
        self.speed_changed.emit(self.speed)
        self._set_playing(live)

    def extend(self, clock: Clock, losses: Sequence[int], live: bool) -> None:
        """The same recording has grown or is no longer live; its events so far are unchanged."""
        follows, speed = self.follows_live, self.speed
        self._take(clock, losses, live)
        if self.speed != speed:
            self.speed_changed.emit(self.speed)
        if follows:
            self._move(float(clock.events))
            self._set_playing(live)

    def play(self) -> None:
        """Move; from the start where there is nothing ahead."""
        if self._at_end and not self._live:
            self._move(0.0)
        self._set_playing(True)

    def pause(self) -> None:
        """Stay."""
        self._set_playing(False)

    def toggle(self) -> None:
        """Pause if playing, play if not."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def step(self, events: int) -> None:
        """Pause so many events further on, or, below 0, back; moments between events count as a step."""
        self._set_playing(False)
        aim = float((floor if events > 0 else ceil)(self._position) + events)
        if events == 1:
            aim = min(aim, next((stop for stop in self.stops if stop > self._position), aim))
        elif events == -1:
            aim = max(aim, next((stop for stop in reversed(self.stops) if stop < self._position), aim))
        self._move(aim)

    def seek(self, position: float) -> None:
        """Go to a position; what was playing plays on from there."""
        self._move(position)
        self._set_playing(self._playing)

    def seek_start(self) -> None:
        """Go before the first event."""
        self.seek(0.0)

    def seek_end(self) -> None:
        """Go to the last event, and follow it where the recording is live."""
        self._move(float(self._clock.events))
        self._set_playing(self._live)

    def next_loss(self) -> None:
        """Pause at the next event that lost an update, if there is one."""
        self._go_to_loss(bisect_right(self._losses, self._position))

    def previous_loss(self) -> None:
        """Pause at the last event before this position that lost an update, if there is one."""
        self._go_to_loss(bisect_left(self._losses, self._position) - 1)

    def next_stop(self) -> None:
        """Pause at the next loss, or, where none is ahead, at the end."""
        self._set_playing(False)
        index = bisect_right(self._losses, self._position)
        self._move(float(self._losses[index] if index < len(self._losses) else self._clock.events))

    def previous_stop(self) -> None:
        """Pause at the last loss before this position, or, where there is none, at the start."""
        self._set_playing(False)
        index = bisect_left(self._losses, self._position) - 1
        self._move(float(self._losses[index]) if index >= 0 else 0.0)

    def set_loops(self, loops: bool) -> None:
        """Choose what happens at the end."""
        if loops != self._loops:
            self._loops = loops
            self.loops_changed.emit(loops)

    def set_jumps(self, jumps: bool) -> None:
        """Choose whether playing leads from event to event."""
        if jumps != self._jumps:
            self._jumps = jumps
            self.jumps_changed.emit(jumps)

    def set_mode(self, mode: PlayMode) -> None:
        """Choose what moves evenly; each mode keeps its own speed."""
        if mode is not self._mode:
            self._mode = mode
            self.speed_changed.emit(self.speed)

    def set_by_clock(self, by_clock: bool) -> None:
        """Choose the mode."""
        self.set_mode(PlayMode.BY_CLOCK if by_clock else PlayMode.BY_EVENT)

    def set_speed(self, speed: float) -> None:
        """Choose one of `speeds`.

        Raises:
            ValueError: it is none of them.
        """
        if speed not in self.speeds:
            raise ValueError(f"speed {speed} is not one of {self.speeds}")
        if self._mode is PlayMode.BY_EVENT:
            self._factor = speed
        else:
            self._ratio = speed
        self.speed_changed.emit(speed)

    @property
    def _usual_ratio(self) -> float:
        wanted = max(self._drawn.duration_ns, 1) / 1e9 / WHOLE_RUN_S
        return min(RATIOS, key=lambda ratio: max(ratio / wanted, wanted / ratio))

    @property
    def _drawn(self) -> Clock:
        """What moves evenly by clock; made when it is first needed."""
        if self._stretched is None:
            self._stretched = drawn_clock(self._clock)
        return self._stretched

    @property
    def _at_end(self) -> bool:
        return self._position >= self._clock.events

    def _take(self, clock: Clock, losses: Sequence[int], live: bool) -> None:
        self._clock, self._losses, self._live = clock, losses, live
        self._stretched = None

    def _go_to_loss(self, index: int) -> None:
        if 0 <= index < len(self._losses):
            self._set_playing(False)
            self._move(float(self._losses[index]))

    def _move(self, position: float) -> None:
        position = self._reached = min(max(position, 0.0), float(self._clock.events))
        if position != self._position:
            self._position = position
            self.position_changed.emit(position)

    def _set_playing(self, playing: bool) -> None:
        """Also starts the timer anew, or stops it: it runs while something is ahead to play."""
        playing = playing and (self._live or not self._at_end)
        if playing and not self._at_end:
            self._ticked_s = self._seconds()
            self._timer.start()
        else:
            self._timer.stop()
        if playing != self._playing:
            self._playing = playing
            self.playing_changed.emit(playing)

    def _ahead_by_event(self, left_s: float) -> float:
        """The position so many seconds further on: evenly from stop to stop, then from event to event."""
        ahead = self._reached
        stop_s = min(STOP_S, OPENING_S / max(len(self.stops), 1))
        for start, stop in pairwise((0.0, *self.stops)):
            if ahead < stop:
                needed_s = (stop - ahead) / (stop - start) * stop_s
                if left_s < needed_s:
                    return ahead + (stop - start) * left_s / stop_s
                ahead, left_s = stop, left_s - needed_s
        return ahead + left_s * self.base_speed

    def _on_timer_timeout(self) -> None:
        now_s = self._seconds()
        elapsed_s, self._ticked_s = now_s - self._ticked_s, now_s
        if self._mode is PlayMode.BY_EVENT:
            ahead = self._ahead_by_event(elapsed_s * self.speed)
        else:
            drawn_ns = self._drawn.time_at(self._reached) + elapsed_s * 1e9 * self.speed
            ahead = self._drawn.position_at(drawn_ns)
        reached = max((stop for stop in self.stops if stop <= ahead), default=0.0)
        self._move(max(reached, floor(ahead)) if self.jumps else ahead)
        self._reached = min(ahead, float(self._clock.events))
        if self._at_end and self._loops and not self._live:
            self._move(0.0)
        elif self._at_end:
            self._set_playing(self._live)
