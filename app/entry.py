"""The command ``dictrace``: the window at once; all else by way of the command line, which takes longer to load."""

import sys

from dictrace.engine.words import choose_language


def main() -> int:
    """Carry out what ``sys.argv`` asks for; the exit status."""
    if len(sys.argv) == 1:
        from dictrace.app.start import has_display, open_window

        if has_display():
            choose_language(None)
            return open_window([])
    from dictrace.app.cli import main as carry_out

    return carry_out()
