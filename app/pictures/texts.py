"""What is said of a picture in words: where it comes from, and what is to be seen for those who don't see it."""

from collections.abc import Iterator

from dictrace.app.pictures.picture import View
from dictrace.app.pictures.subject import Subject
from dictrace.engine.frame import Frame
from dictrace.engine.provenance import provenance, reservations
from dictrace.engine.verdicts import breakdown, verdict_at
from dictrace.engine.words import _, joined, ngettext


def caption_of(subject: Subject, position: float) -> str:
    """Where a picture comes from, in one line, and, before its end, the event it shows."""
    events = len(subject.recording.events)
    told = provenance(subject.recording)
    if position >= events:
        return told
    return _("{text} · event {event} of {n}").format(text=told, event=f"{int(position):,}", n=f"{events:,}")


def alt_text(subject: Subject, position: float, view: View) -> str:
    """A few sentences that tell what a view shows at a position."""
    recording, frame = subject.recording, subject.frame(position)
    processes = len(recording.workers)
    what = ngettext(
        "{view}: a run of “{title}” with {n} process, after event {event} of {events}.",
        "{view}: a run of “{title}” with {n} processes, after event {event} of {events}.",
        processes,
    ).format(
        view=view_name(view),
        title=subject.session.title,
        n=processes,
        event=f"{frame.event:,}",
        events=f"{frame.events:,}",
    )
    known = ", ".join(reservations(recording))
    if known:
        what = joined((what, _("About this recording: {text}.").format(text=known)))
    return joined((what, _counted(frame), *(_story(subject, frame) if view is View.WHY else (frame.happened,))))


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


def _story(subject: Subject, frame: Frame) -> Iterator[str]:
    """What the view that tells why an update was lost says."""
    from dictrace.engine.story import newest_story

    told = newest_story(subject.recording, frame.event)
    if not told.steps:
        yield told.title
        return
    yield _("{sentence}.").format(sentence=told.title)
    yield from (step.text for step in told.steps)
    yield _("{label}: {text}").format(label=_("Cure"), text=told.cure)


def _counted(frame: Frame) -> str:
    """How many updates survived by then, and what became of the others."""
    told = [verdict_at(frame), breakdown(frame.counts)] if frame.counts.lost else [verdict_at(frame)]
    return joined(_("{sentence}.").format(sentence=sentence) for sentence in told)
