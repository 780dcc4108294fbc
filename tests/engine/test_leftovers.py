"""Nothing is left of a run, however it ends: no process, socket, folder, shared memory, descriptor or thread."""

import signal
import sys
from random import Random

import pytest

from dictrace.engine.experiment import start_methods
from tests.engine.cycles import ENDINGS, cycle
from tests.engine.faulty import POINTS, struck
from tests.engine.leftovers import apart, assert_nothing_left, inventory

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux has them")

CYCLES = 20


def test_nothing_is_left_of_many_runs() -> None:
    with apart() as folder:
        cycle(Random(0), "whole", start_methods()[0])
        before = inventory(folder)
        for number in range(CYCLES):
            ending, start_method = list(ENDINGS)[number % len(ENDINGS)], start_methods()[number % len(start_methods())]
            cycle(Random(number), ending, start_method)
        assert_nothing_left(folder, before)


@pytest.mark.parametrize("name", POINTS)
def test_nothing_is_left_after_a_fault(name: str) -> None:
    with apart() as folder:
        before = inventory(folder)
        struck(POINTS[name], "spawn", signal.SIGKILL)
        assert_nothing_left(folder, before)
