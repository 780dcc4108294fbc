"""Which positions an animation shows, frame by frame: from where to where, how fast, and what moves evenly."""

from dataclasses import dataclass
from enum import StrEnum

from dictrace.app.pictures.moments import position_at
from dictrace.app.pictures.picture import WishError
from dictrace.engine.clock import Clock, drawn_clock
from dictrace.engine.opening import opening_stops
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.words import _

LEAST_S, MOST_S = 1.0, 600.0
RATES = (1.0, 60.0)
USUAL_SPEED = 4.0
USUAL_S = (4.0, 30.0)
STOP_S, OPENING_S = 0.5, 4.0
REST_S, REST_SHARE = 1.5, 1 / 6


class Even(StrEnum):
    """What moves evenly: events, each equally long, or the true time, with crowded instants stretched."""

    EVENT = "event"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """How an animation moves through a recording; at its end it rests for a moment.

    Attributes:
        start, end: moments as `position_at` reads them.
        seconds: length of the animation; None: as the speed gives it.
        speed: by event, events per second; by clock, time of the run over time watched; None: a quiet one.
        fps: frames per second.
        even: what moves evenly.

    Raises:
        RecordingError: a number is out of range.
    """

    start: str = "start"
    end: str = "end"
    seconds: float | None = None
    speed: float | None = None
    fps: float = 20.0
    even: Even = Even.EVENT

    def __post_init__(self) -> None:
        if not RATES[0] <= self.fps <= RATES[1]:
            text = _("An animation has {least} to {most} frames per second, not {n}.")
            raise WishError(text.format(least=f"{RATES[0]:g}", most=f"{RATES[1]:g}", n=f"{self.fps:g}"))
        if self.speed is not None and not self.speed > 0:
            raise WishError(_("The speed of an animation is above 0, not {n}.").format(n=f"{self.speed:g}"))


def positions_of(recording: Recording, motion: Motion) -> list[float]:
    """The position of each frame, ascending, the last one as often as the animation rests.

    Raises:
        WishError: a moment is none, or the animation would be too short or long.
        RecordingError: this recording has no such moment, or nothing between them.
    """
    import numpy as np

    start, end = position_at(recording, motion.start), position_at(recording, motion.end)
    if not start < end:
        text = _("From “{start}” to “{end}” nothing happens.")
        raise RecordingError(text.format(start=motion.start, end=motion.end))
    knots, knots_s = _knots(recording, motion, start, end)
    seconds, rest_s = _lengths(motion, knots_s[-1])
    frames = max(2, round(seconds * motion.fps))
    rest = min(round(rest_s * motion.fps), frames - 2)
    moving = np.linspace(0.0, knots_s[-1], frames - rest)
    moved: list[float] = np.interp(moving, knots_s, knots).tolist()
    return [*moved, *[moved[-1]] * rest]


def _lengths(motion: Motion, needed_s: float) -> tuple[float, float]:
    """Seconds of the animation and of its rest, where moving alone takes `needed_s` at its speed."""
    if motion.seconds is not None:
        seconds, rest_s = motion.seconds, min(REST_S, REST_SHARE * motion.seconds)
    else:
        moving_s = needed_s if motion.speed else min(max(needed_s, USUAL_S[0]), USUAL_S[1]) - REST_S
        seconds, rest_s = moving_s + REST_S, REST_S
    if not LEAST_S <= seconds <= MOST_S:
        text = _("An animation takes {least} to {most} seconds, not {n}.")
        raise WishError(text.format(least=f"{LEAST_S:g}", most=f"{MOST_S:g}", n=f"{seconds:,.1f}"))
    return seconds, rest_s


def _knots(recording: Recording, motion: Motion, start: float, end: float) -> tuple[list[float], list[float]]:
    """Positions from start to end, and when each is reached, in seconds from the start; linear in between."""
    if motion.even is Even.CLOCK:
        drawn = drawn_clock(Clock(recording.event_ns))
        places = [start, *(float(event) for event in range(int(start) + 1, int(end) + 1) if event < end), end]
        times_ns = [drawn.time_at(place) for place in places]
        quiet_s = (end - start) / USUAL_SPEED
        per_ns = 1e-9 / motion.speed if motion.speed else quiet_s / max(times_ns[-1] - times_ns[0], 1.0)
        return places, [(time_ns - times_ns[0]) * per_ns for time_ns in times_ns]
    speed = motion.speed or USUAL_SPEED
    stops = [stop for stop in opening_stops(recording) if stop > start and stop < end]
    stop_s = min(STOP_S, OPENING_S / max(len(stops), 1)) * USUAL_SPEED / speed
    times = [index * stop_s for index in range(len(stops) + 1)]
    places = [start, *stops]
    return [*places, end], [*times, times[-1] + (end - places[-1]) / speed]
