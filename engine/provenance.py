"""Where a recording comes from, in one line: every picture and page says so."""

from dictrace.engine.recording import Recording
from dictrace.engine.rows import GateMode
from dictrace.engine.words import _, ngettext


def provenance(recording: Recording) -> str:
    """Real processes, who decided the serve order if not they, start method, and what is missing."""
    header, end, processes = recording.header, recording.end, len(recording.workers)
    parts = [ngettext("{n} real process", "{n} real processes", processes).format(n=processes)]
    if header.gate is not GateMode.FREE:
        parts.append(_order(header.gate))
    parts += [_("start method {name}").format(name=header.start_method), f"Python {header.python}"]
    if end is not None and end.dropped:
        text = ngettext("{n} row left out", "{n} rows left out", end.dropped)
        parts.append(text.format(n=f"{end.dropped:,}"))
    if not recording.complete:
        parts.append(_("incomplete"))
    if header.recorded:
        parts.append(_("recorded {day}").format(day=header.recorded[:10]))
    return " · ".join(parts)


def _order(gate: GateMode) -> str:
    """Who decided the serve order, where it was not the race."""
    return {
        GateMode.FREE: "",
        GateMode.JITTERED: _("random delays"),
        GateMode.SCRIPTED: _("forced order"),
        GateMode.BY_HAND: _("by hand"),
    }[gate]
