"""Real runs of every preset under every start method: all that is known of each agrees, and it can be run again."""

import pytest

from dictrace.engine.experiment import PRESETS, preset, start_methods
from tests.engine.truth import check

SIZES = (1, 1), (2, 8), (3, 20), (4, 60), (5, 5), (8, 30)
WANTED = [(name, method) for name in PRESETS for method in start_methods()]


@pytest.mark.parametrize(("number", "name", "start_method"), [(i, *wanted) for i, wanted in enumerate(WANTED)])
def test_all_that_is_known_of_a_run_agrees(number: int, name: str, start_method: str) -> None:
    processes, tasks = SIZES[number % len(SIZES)]
    check(preset(name, processes=processes, tasks=tasks, start_method=start_method))
