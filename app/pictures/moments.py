"""Moments of a recording, as a person writes them down."""

import re

from dictrace.app.pictures.picture import WishError
from dictrace.engine.clock import Clock
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.words import _

NS_PER_UNIT = {"ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000}


def position_at(recording: Recording, text: str) -> float:
    """The position, by event, that `text` names.

    ``96``: just after event 96; ``12.5ms`` (also ns, us, s): true time since the start of the run; ``50%``: share of
    all events; ``first-loss``, ``last-loss``; ``start``, ``end``.

    Raises:
        WishError: it names none.
        RecordingError: this recording does not have it.
    """
    text, events = text.strip().lower(), len(recording.events)
    if text in ("start", "end"):
        return float(events if text == "end" else 0)
    if text in ("first-loss", "last-loss"):
        losses = recording.history.losses.events
        if not losses:
            raise RecordingError(_("No update is lost in this recording."))
        return float(losses[0 if text == "first-loss" else -1])
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%|ns|us|µs|μs|ms|s|)", text, re.ASCII)
    if match is None:
        raise WishError(
            _(
                "“{text}” is no moment; give the number of an event, a time such as 12.5ms, a share such as 50%, "
                "first-loss, last-loss, start or end."
            ).format(text=text)
        )
    number, unit = float(match[1]), match[2]
    if unit in NS_PER_UNIT:
        return _position_at_time(recording, number * NS_PER_UNIT[unit], text)
    position = number / 100 * events if unit else number
    if position > events:
        raise RecordingError(
            _("“{text}” is after the end; this recording has {n} events.").format(text=text, n=f"{events:,}")
        )
    return float(position)


def _position_at_time(recording: Recording, time_ns: float, text: str) -> float:
    clock = Clock(recording.event_ns)
    if time_ns > clock.duration_ns:
        raise RecordingError(
            _("“{text}” is after the end; this run took {n} ms.").format(text=text, n=f"{clock.duration_ns / 1e6:,.3f}")
        )
    return clock.position_at(time_ns)
