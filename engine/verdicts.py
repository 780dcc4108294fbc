"""How many updates survived, in a short sentence: of the whole run, or up to a moment of it."""

from typing import TYPE_CHECKING

from dictrace.engine.words import _, ngettext

if TYPE_CHECKING:
    from dictrace.engine.frame import Counts, Frame


def verdict(counts: "Counts") -> str:
    """The headline: how many updates survived. That all did this time proves nothing, and it does not say so."""
    if not counts.attempted:
        return _("No update was attempted")
    if not counts.lost:
        return ngettext(
            "The one update survived this run", "All {n} updates survived this run", counts.attempted
        ).format(n=f"{counts.attempted:,}")
    return ngettext("{survived} of {n} update survived", "{survived} of {n} updates survived", counts.attempted).format(
        survived=f"{counts.survived:,}", n=f"{counts.attempted:,}"
    )


def verdict_at(frame: "Frame") -> str:
    """The headline at a moment: before the end, only of the updates so far."""
    counts = frame.counts
    if frame.event == frame.events and not frame.live:
        return verdict(counts)
    if not counts.attempted:
        return _("No update yet")
    return ngettext(
        "{survived} of {n} update survived so far", "{survived} of {n} updates survived so far", counts.attempted
    ).format(survived=f"{counts.survived:,}", n=f"{counts.attempted:,}")


def breakdown(counts: "Counts") -> str:
    """The line below it: lost updates by kind."""
    return _("{overwritten} overwritten · {never_sent} never sent · {never_ran} never ran").format(
        overwritten=f"{counts.overwritten:,}", never_sent=f"{counts.never_sent:,}", never_ran=f"{counts.never_ran:,}"
    )
