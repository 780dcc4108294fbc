"""What was tried, how often, and what happened: one line of the table that `make stress` prints."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """One line.

    Attributes:
        part, tried: what of the program, and what was done to it.
        times: how often.
        happened: what came of it, with figures.
        failures: what must not have happened, in words; empty where all went well.
    """

    part: str
    tried: str
    times: int
    happened: str
    failures: tuple[str, ...] = ()


def lines_of(trials: Iterable[Trial]) -> list[str]:
    """The table, Markdown."""
    lines = ["| part | tried | times | what happened | failures |", "| --- | --- | --: | --- | --: |"]
    return lines + [
        f"| {trial.part} | {trial.tried} | {trial.times:,} | {trial.happened} | {len(trial.failures)} |"
        for trial in trials
    ]
