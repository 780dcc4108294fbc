"""Runs every part of the stress tests, or those that are named, and prints the table of `docs/reliability.md`.

A part is a module of this folder with a function ``trials`` that yields `table.Trial`. Status 1: something failed.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

from stress.table import Trial, lines_of

NO_PARTS = {"__main__", "table"}


def main(names: list[str]) -> int:
    """Run the parts and print the table; the exit status."""
    parts = names or sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NO_PARTS)
    trials: list[Trial] = []
    for name in parts:
        begun_s = time.monotonic()
        for trial in import_module(f"stress.{name}").trials():
            print(f"{name}: {trial.tried} ({time.monotonic() - begun_s:,.0f} s)", file=sys.stderr, flush=True)
            for failure in trial.failures:
                print(f"  {failure}", file=sys.stderr)
            trials.append(trial)
    print("\n".join(lines_of(trials)))
    return any(trial.failures for trial in trials)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
