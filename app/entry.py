"""The command ``dictrace``: the window at once; all else by way of the command line, which takes longer to load."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from dictrace.engine.words import choose_language

THREADS = "OPENBLAS_NUM_THREADS"


def main() -> int:
    """Carry out what ``sys.argv`` asks for; the exit status."""
    if len(sys.argv) == 1:
        from dictrace.app.start import has_display, open_window

        if has_display():
            choose_language(None)
            return open_window([])
    with _loading():
        from dictrace.app.cli import main as carry_out
    return carry_out()


@contextmanager
def _loading() -> Iterator[None]:
    """Load sooner: nothing is collected, as all that is loaded stays, and NumPy starts no threads for linear algebra.

    The environment is afterwards as it was: the programs that are watched get it.
    """
    given = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    gc.disable()
    yield
    gc.freeze()
    gc.enable()
    if given is None:
        del os.environ[THREADS]
    else:
        os.environ[THREADS] = given
