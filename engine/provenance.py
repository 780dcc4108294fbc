"""Where a recording comes from, in one line: every picture and page says so."""

from dictrace.engine.recording import Recording
from dictrace.engine.rows import GateMode
from dictrace.engine.words import _, ngettext


def provenance(recording: Recording) -> str:
    """Real processes, who decided the serve order if not they, start method, and what is missing."""
    header, processes = recording.header, len(recording.workers)
    parts = [ngettext("{n} real process", "{n} real processes", processes).format(n=processes), *_order(header.gate)]
    method = recording.start_methods or header.start_method
    parts += [_("start method {name}").format(name=method), f"Python {header.python}"]
    parts += _missing(recording)
    if header.recorded:
        parts.append(_("recorded {day}").format(day=header.recorded[:10]))
    return " · ".join(parts)


def reservations(recording: Recording) -> list[str]:
    """What must be known of a recording, however short the words: that nature did not decide, or that it has gaps."""
    return [*_order(recording.header.gate), *_missing(recording)]


def _order(gate: GateMode) -> list[str]:
    """Who decided the serve order, where it was not the race."""
    return {
        GateMode.FREE: [],
        GateMode.JITTERED: [_("random delays")],
        GateMode.SCRIPTED: [_("forced order")],
        GateMode.BY_HAND: [_("by hand")],
    }[gate]


def _missing(recording: Recording) -> list[str]:
    dropped = recording.end.dropped if recording.end is not None else 0
    left_out = ngettext("{n} row left out", "{n} rows left out", dropped).format(n=f"{dropped:,}")
    return [*([left_out] if dropped else []), *([] if recording.complete else [_("incomplete")])]
