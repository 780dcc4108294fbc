"""Start and stop, over and over, in every way a run can end: nothing may be left of it."""

from collections.abc import Iterator
from random import Random

from dictrace.engine.experiment import start_methods
from stress.recordings import fuzzed
from stress.table import Trial
from tests.engine.cycles import ENDINGS, cycle
from tests.engine.leftovers import apart, assert_nothing_left, inventory

TIMES = 500


def trials() -> Iterator[Trial]:
    """Each cycle is looked at by itself, so that what is left is known by its seed."""
    ways = [(ending, method) for ending in ENDINGS for method in start_methods()]
    turns = iter(range(TIMES))
    with apart() as folder:
        cycle(Random(0), "whole", start_methods()[0])
        before = inventory(folder)

        def act(chance: Random) -> str:
            ending, start_method = ways[next(turns) % len(ways)]
            cycle(chance, ending, start_method)
            assert_nothing_left(folder, before)
            return f"{ending} and nothing left"

        tried = "start-stop cycles: processes, files, sockets, shared memory, descriptors, threads"
        yield fuzzed("leftovers", tried, TIMES, act)
