"""What is said of a picture in words: where it comes from, and what is to be seen for those who don't see it."""

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.subject import Subject
from dictrace.engine.explain import breakdown, verdict
from dictrace.engine.frame import Frame
from dictrace.engine.rows import GateMode
from dictrace.engine.words import _, joined, ngettext


def caption_of(subject: Subject, position: float) -> str:
    """Where a picture comes from, in one line: real processes, who decided the order, what is missing, and when."""
    recording = subject.recording
    header, end, events = recording.header, recording.end, len(recording.events)
    processes = len(recording.workers)
    parts = [ngettext("{n} real process", "{n} real processes", processes).format(n=processes)]
    if header.gate is not GateMode.FREE:
        parts.append(_order(header.gate))
    parts.append(_("start method {name}").format(name=header.start_method))
    if end is not None and end.dropped:
        text = ngettext("{n} row left out", "{n} rows left out", end.dropped)
        parts.append(text.format(n=f"{end.dropped:,}"))
    if end is None:
        parts.append(_("incomplete"))
    if header.recorded:
        parts.append(_("recorded {day}").format(day=header.recorded[:10]))
    if 0 <= position < events:
        parts.append(_("event {event} of {n}").format(event=f"{int(position):,}", n=f"{events:,}"))
    return " · ".join(parts)


def alt_text(subject: Subject, position: float, view: View) -> str:
    """A few sentences that tell what a view shows at a position."""
    recording, frame = subject.recording, subject.frame(position)
    what = _("{view} of a run of “{title}” with {n} processes, after event {event} of {events}.").format(
        view=view_name(view),
        title=subject.session.title,
        n=len(recording.workers),
        event=f"{frame.event:,}",
        events=f"{frame.events:,}",
    )
    return joined((what, _counted(frame), frame.happened))


def view_name(view: View) -> str:
    """What a view is called."""
    return {
        View.WINDOW: _("All views"),
        View.STAGE: _("Stage"),
        View.TIMELINE: _("Timeline"),
        View.HISTORY: _("History"),
        View.LOSSES: _("Lost updates"),
        View.DICT: _("Dict"),
        View.CODE: _("Code"),
        View.WHY: _("Why"),
        View.LOG: _("Log"),
        View.BLAME: _("By process"),
    }[view]


def _order(gate: GateMode) -> str:
    """Who decided the serve order, where it was not the race."""
    return {
        GateMode.FREE: "",
        GateMode.JITTERED: _("random delays"),
        GateMode.SCRIPTED: _("forced order"),
        GateMode.BY_HAND: _("by hand"),
    }[gate]


def _counted(frame: Frame) -> str:
    """How many updates survived by then, and what became of the others."""
    counts = frame.counts
    if not counts.attempted:
        return _("No update yet.")
    return f"{verdict(counts)}. {breakdown(counts)}." if counts.lost else f"{verdict(counts)}."
