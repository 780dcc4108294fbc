"""Long computations in short steps, which a window can take one at a time."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def result_of(steps: Generator[None, None, Result]) -> Result:
    """Take all steps at once; what the generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as stopped:
            found: Result = stopped.value
            return found
