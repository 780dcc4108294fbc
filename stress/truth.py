"""Real runs of every preset, start method and size, each held against all that can be known of it, and run again."""

from collections import Counter
from collections.abc import Iterator
from random import Random

from dictrace.engine.experiment import PRESETS, preset, start_methods
from stress.recordings import fuzzed
from stress.table import Trial
from tests.engine.truth import check

TIMES = 1_000
MAX_PROCESSES, MAX_TASKS = 12, 80


def trials() -> Iterator[Trial]:
    """See the module."""
    totals: Counter[str] = Counter()
    wanted = [(name, method) for name in PRESETS for method in start_methods()]
    turns = iter(range(TIMES))

    def act(chance: Random) -> str:
        name, start_method = wanted[next(turns) % len(wanted)]
        counts = check(
            preset(
                name,
                processes=chance.randint(1, MAX_PROCESSES),
                tasks=chance.randint(1, MAX_TASKS),
                think_ms=chance.choice((0.0, 0.5, 2.0)),
                start_method=start_method,
                seed=chance.choice((None, None, chance.randrange(1000))),
            )
        )
        totals.update(survived=counts.survived, lost=counts.lost)
        return "agreed in everything, run again too"

    trial = fuzzed("truth", "a real run of a preset, and the same once more in the recorded order", TIMES, act)
    sums = f"{totals['survived']:,} updates survived and {totals['lost']:,} were lost"
    yield Trial(trial.part, trial.tried, trial.times, f"{trial.happened}; {sums}", trial.failures)
