"""Damaged and malicious recordings: read, and everything made of them that the program makes of a recording."""

import resource
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random

from dictrace.engine.experiment import PRESETS, preset
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from stress.table import Trial
from tests.engine.fuzzing import BOMBS, bomb, damaged, look_at, opened

TIMES = 100_000


def trials() -> Iterator[Trial]:
    """Mutations of real recordings of every preset, and small files that ask for much."""
    good, kinds = list(real_recordings()), iter(range(len(BOMBS)))
    yield fuzzed("recordings", "damaged: read, and everything made of them", TIMES, lambda chance: _try(chance, good))
    yield fuzzed("recordings", "small files that ask for much", len(BOMBS), lambda chance: _bomb(next(kinds), good[0]))


def real_recordings() -> Iterator[bytes]:
    """A small run of each preset, as the lines of a file."""
    for name in PRESETS:
        with Run(Order(preset(name, processes=3, tasks=6))) as run:
            lines = b"".join(run.lines())
        assert b'"row":"end"' in lines, f"the run of {name} broke off"
        yield lines


def fuzzed(part: str, tried: str, times: int, act: Callable[[Random], str]) -> Trial:
    """Do it with as many seeds; what `act` returns is counted, what it raises is a failure."""
    outcomes: Counter[str] = Counter()
    failures: dict[str, str] = {}
    slowest_s = 0.0
    for seed in range(times):
        begun_s = time.perf_counter()
        try:
            outcomes[act(Random(seed))] += 1
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            outcomes["failed"] += 1
            failures.setdefault(f"{type(error).__name__} in {place.name}", f"seed {seed}: {error}")
        slowest_s = max(slowest_s, time.perf_counter() - begun_s)
    counts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    happened = f"{counts}; slowest {slowest_s:.2f} s; at most {memory_mb:,} MB in all"
    return Trial(part, tried, times, happened, tuple(f"{what}, {where}" for what, where in failures.items()))


def _try(chance: Random, good: list[bytes]) -> str:
    look = opened(damaged(chance, good))
    if look.recording is None:
        return "refused in a sentence"
    look_at(look.recording, chance)
    return "opened up to the damage" if look.recording.damage else "opened"


def _bomb(kind: int, good: bytes) -> str:
    look = opened(bomb(kind, good))
    if look.recording is None:
        return "refused in a sentence"
    return "cut at the limit" if look.recording.damage else "opened"
