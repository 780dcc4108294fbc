"""Moments of a recording, as a person writes them down."""

import re
from collections.abc import Sequence

from dictrace.app.pictures.picture import WishError
from dictrace.engine.clock import Clock
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.rows import WaitRow
from dictrace.engine.words import _

NS_PER_UNIT = {"ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000}


def position_at(recording: Recording, text: str) -> float:
    """The position, by event, that `text` names.

    ``96``: just after event 96; ``12.5ms`` (also ns, us, s): true time since the start of the run; ``50%``: share of
    all events; ``first-loss``, ``last-loss``; ``first-wait``, ``last-wait``, for a shared lock; ``start``, ``end``.

    Raises:
        WishError: it names none.
        RecordingError: this recording does not have it.
    """
    text, events = text.strip().lower(), len(recording.events)
    if text in ("start", "end"):
        return float(events if text == "end" else 0)
    which, _dash, kind = text.partition("-")
    if which in ("first", "last") and kind in ("loss", "wait"):
        found = _losses(recording) if kind == "loss" else _waits(recording)
        return float(found[0 if which == "first" else -1])
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%|ns|us|µs|μs|ms|s|)", text, re.ASCII)
    if match is None:
        raise WishError(
            _(
                "“{text}” is no moment; give the number of an event, a time such as 12.5ms, a share such as 50%, "
                "first-loss, last-loss, first-wait, last-wait, start or end."
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


def _losses(recording: Recording) -> Sequence[int]:
    """Events at which updates were lost; never none."""
    losses = recording.history.losses.events
    if not losses:
        raise RecordingError(_("No update is lost in this recording."))
    return losses


def _waits(recording: Recording) -> Sequence[int]:
    """Events at which a process began to wait for a shared lock that another one holds; never none."""
    waits = [event for event, row in enumerate(recording.events, start=1) if isinstance(row, WaitRow)]
    if not waits:
        raise RecordingError(_("No process waits for a shared lock in this recording."))
    return waits


def _position_at_time(recording: Recording, time_ns: float, text: str) -> float:
    clock = Clock(recording.event_ns)
    if time_ns > clock.duration_ns:
        raise RecordingError(
            _("“{text}” is after the end; this run took {n} ms.").format(text=text, n=f"{clock.duration_ns / 1e6:,.3f}")
        )
    return clock.position_at(time_ns)
