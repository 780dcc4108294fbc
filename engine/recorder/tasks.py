"""Start, tasks and private locks, as seen inside the process that runs them."""

import multiprocessing
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.notebook import caller, notebook
from dictrace.engine.recorder.proxies import tell


class Task:
    """A picklable call of `function` as task number `number`."""

    def __init__(self, function: Callable[..., Any], number: int) -> None:
        self.function = function
        self.number = number

    def __call__(self, *args: Any, **kwds: Any) -> Any:
        book = notebook()
        book.begin(self.number)
        try:
            return self.function(*args, **kwds)
        except BaseException as error:
            book.raised(error)
            raise
        finally:
            if book.end():
                tell(book)


def came_up() -> None:
    """Note that this process, a worker, runs."""
    book = notebook()
    book.notes.append((Kind.START, book.pid, "up", perf_counter_ns()))


class PrivateLock:
    """A `multiprocessing.Lock` made inside one process, so that nobody else can have it."""

    def __init__(self) -> None:
        self._lock = multiprocessing.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()
        self._note(True)

    def __exit__(self, *_error: object) -> None:
        self._note(False)
        self._lock.release()

    def _note(self, acquired: bool) -> None:
        book = notebook()
        book.notes.append((Kind.PRIVATE_LOCK, book.pid, acquired, perf_counter_ns(), book.task, caller()[1]))
