"""Numbers of the tasks that this process gives out.

A job of a pool and its first task have the same number. Numbers of different processes never meet.
"""

from __future__ import annotations

import os
from itertools import count

OWN = 32  # bits below the process id; the main program's numbers have none

_numbers = count()


def next_number() -> int:
    """A number that no other task has."""
    return next(_numbers)


def _start_anew() -> None:
    global _numbers
    _numbers = count(os.getpid() << OWN)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
