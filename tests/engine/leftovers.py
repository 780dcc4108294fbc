"""What runs may leave behind: processes, files and sockets, shared memory, and what grew in this process itself."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from tests.engine.runs import wait_until

SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Inventory:
    """What there is; `processes` that ended and were not waited for are counted too.

    Attributes:
        files: folders and sockets where runs make theirs.
        shared: names of shared memory and semaphores that `multiprocessing` made, of anybody.
        descriptors, threads: how many this process has.
    """

    processes: frozenset[int]
    files: frozenset[str]
    shared: frozenset[str]
    descriptors: int
    threads: int

    def more_than(self, before: "Inventory") -> list[str]:
        """What there is more of than `before`, in words."""
        told = []
        for field in fields(self):
            now, then = getattr(self, field.name), getattr(before, field.name)
            if now - then if isinstance(now, frozenset) else now > then:
                told.append(f"{field.name}: {now} after {then}")
        return told


@contextmanager
def apart() -> Iterator[Path]:
    """A folder in which all runs that are started meanwhile make their files, and by which they are known."""
    with TemporaryDirectory(prefix="d", dir="/tmp") as folder, patch.dict(os.environ, TMPDIR=folder):
        yield Path(folder)


def inventory(folder: Path) -> Inventory:
    """What there is now of the runs known by `folder`."""
    names = (path.name for path in SHARED_MEMORY.glob("*") if path.name.startswith(("sem.mp-", "psm_")))
    return Inventory(
        frozenset(processes_of(folder)),
        frozenset(chain.from_iterable((*folders, *files) for _, folders, files in os.walk(folder))),
        frozenset(names),
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
    )


def processes_of(folder: Path) -> Iterator[int]:
    """Process ids of the runs known by `folder`, and of children of this process that were not waited for."""
    mark = f"TMPDIR={folder}\0".encode()
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile
            parts = (place / "stat").read_text().rpartition(")")[2].split()
            is_unburied = parts[0] == "Z" and int(parts[1]) == os.getpid()
            if is_unburied or (mark in (place / "environ").read_bytes() and int(place.name) != os.getpid()):
                yield int(place.name)


def assert_nothing_left(folder: Path, before: Inventory, within_s: float = 20.0) -> None:
    """There is, or soon will be, nothing more than `before`."""
    shared = inventory(folder).shared
    last: list[str] = []

    def is_clean() -> bool:
        nonlocal shared
        now = inventory(folder)
        shared &= now.shared  # what comes only now is another program's
        last[:] = replace(now, shared=shared).more_than(before)
        return not last

    try:
        wait_until(is_clean, within_s)
    except AssertionError:
        raise AssertionError("; ".join(last)) from None
