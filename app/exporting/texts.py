"""What the choices of an export are called, and what is said of a file that can't be shown before it is there."""

from dictrace.app.exporting.plan import PAGE_WIDTH_MM, README, SLIDE, Source, obstacle
from dictrace.app.exporting.wish import Kind, Part, Sizing, When
from dictrace.engine.words import _


def kind_name(kind: Kind) -> str:
    """What a kind of file is called."""
    return {
        Kind.PNG: _("Picture (PNG)"),
        Kind.SVG: _("Drawing (SVG)"),
        Kind.PDF: _("Drawing (PDF)"),
        Kind.GIF: _("Animation (GIF)"),
        Kind.WEBP: _("Animation (WebP)"),
        Kind.MP4: _("Video (MP4)"),
        Kind.STORYBOARD: _("Storyboard (folder of PNG)"),
        Kind.TRACE: _("Trace for Perfetto (JSON)"),
        Kind.OPERATIONS: _("Table of operations (CSV)"),
        Kind.COMMITS: _("Table of commits (CSV)"),
        Kind.PAGE: _("Web page (HTML)"),
    }[kind]


def kind_choice(kind: Kind) -> str:
    """The same in a list, with what is missing for it."""
    needs = _("{name}, needs PyAV") if obstacle(kind) else "{name}"
    return needs.format(name=kind_name(kind))


def kind_lesson(kind: Kind) -> str:
    """What a file that is no picture is good for."""
    return {
        Kind.TRACE: _("Every process on a track of its own, with arrows to the manager server; open it in Perfetto."),
        Kind.OPERATIONS: _("One row for each operation that the manager server served, for a spreadsheet."),
        Kind.COMMITS: _("One row for each commit, with the version it was made from and what became of it."),
        Kind.PAGE: _("The whole run in one file that plays in a browser, without a network or a server."),
    }.get(kind, "")


def when_name(when: When, source: Source) -> str:
    """What a moment is called."""
    return {
        When.NOW: _("Shown now: event {event}").format(event=f"{int(source.position):,}"),
        When.FIRST_LOSS: _("First loss"),
        When.END: _("End of the run"),
        When.EVENT: _("Event number"),
    }[when]


def part_name(part: Part) -> str:
    """What a part of a run is called."""
    return {
        Part.WHOLE: _("Whole run"),
        Part.ONWARDS: _("From this moment on"),
        Part.AROUND: _("Around this moment"),
    }[part]


def stills_name(every_loss: bool) -> str:
    """What the moments of a storyboard are called."""
    return _("Every loss") if every_loss else _("Spread evenly")


def sizing_name(sizing: Sizing) -> str:
    """What a size is called."""
    return {
        Sizing.USUAL: _("Usual for the view"),
        Sizing.SLIDE: _("Slide, {size}").format(size=f"{SLIDE.width:g} × {SLIDE.height:g}"),
        Sizing.README: _("README, {size}").format(size=f"{README.width:g} × {README.height:g}"),
        Sizing.PAGE: _("Page width, {n} mm").format(n=f"{PAGE_WIDTH_MM:g}"),
        Sizing.OWN: _("Own size"),
    }[sizing]
