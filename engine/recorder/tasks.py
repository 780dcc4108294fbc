"""Tasks of a pool: begun where its worker takes them, ended where it gives the result back.

What the recorder needs to know travels with the number of the job, from the one who ordered it to the worker and back:
a `Job` is an int like the plain number, but pickling and unpickling it has the recorder act. So no function of the
program is wrapped, and no traceback has a frame too many.
"""

from __future__ import annotations

import os
from multiprocessing import util
from time import perf_counter_ns

from dictrace.engine.recorder.channel import channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.numbers import next_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from dictrace.engine.recorder.entries import Entry

MANY = 1000

_outstanding: dict[int, None] = {}
_returned: list[Entry] = []
_failed: dict[int, int] = {}


class Job(int):
    """Number of a job; each time it is sent, it is sent with the number of another task."""

    _used = False

    def __reduce__(self) -> Any:
        number = next_number() if self._used else int(self)
        self._used = True
        _outstanding[number] = None
        return begin, (int(self), number)


class Jobs:
    """Numbers jobs, in place of `multiprocessing.pool.job_counter`."""

    def __next__(self) -> Job:
        return Job(next_number())


class Result(int):
    """Number of a job whose task is over; `told` is what the one who ordered it is told."""

    told: tuple[int, int, int, int, bool]

    def __reduce__(self) -> Any:
        return returned, (int(self), *self.told)


def begin(job: int, number: int) -> int:
    """In a worker: it took the task with this number."""
    from dictrace.engine.recorder.notebook import notebook

    notebook().begin(number)
    return job


def returned(job: int, number: int, pid: int, began_ns: int, ended_ns: int, succeeded: bool) -> int:
    """In the process that ordered the task: its result came."""
    _outstanding.pop(number, None)
    if not succeeded:
        _failed.setdefault(job, number)
    _returned.append((Kind.RETURNED, number, pid, began_ns, ended_ns))
    if len(_returned) >= MANY:
        told, _returned[:] = _returned[:], ()
        channel().send(told)
    return job


def install(pool: ModuleType) -> None:
    """`multiprocessing.pool` was loaded."""
    module: Any = pool
    plain_setup_queues = module.Pool._setup_queues

    def setup_queues(self: Any) -> None:
        from dictrace.engine.recorder.results import watch

        plain_setup_queues(self)
        watch(self._outqueue)

    module.Pool._setup_queues = setup_queues
    module.job_counter = Jobs()
    module.ApplyResult._value = property(_look_at, _keep)
    util.Finalize(None, _tell_unreturned, exitpriority=-1)


def finish(succeeded: bool, error: Any, text: str = "") -> tuple[int, int, int, int, bool]:
    """In a worker: the task it is in is over; what the one who ordered it is told."""
    from dictrace.engine.recorder.notebook import notebook

    book = notebook()
    number = book.task if book.task is not None else book.last_task
    if not succeeded:
        book.raised(error, text)
    if book.task is not None:
        book.end_and_tell()
    return number, book.pid, book.began_ns, perf_counter_ns(), succeeded


def ended(job: int, i: int, result: tuple[bool, Any]) -> tuple[Result, int, Any]:
    """A result as it is sent. One that can't be pickled comes a second time, as an error."""
    succeeded, value = result
    told = Result(job)
    has_traceback = hasattr(value, "tb")
    told.told = finish(succeeded, value.exc if has_traceback else value, value.tb if has_traceback else "")
    return told, i, result


def _look_at(result: Any) -> Any:
    """What `ApplyResult.get` and the callbacks read: who does, sees an exception that the task raised."""
    attributes = vars(result)
    if _failed and attributes.get("_success") is False:
        number = _failed.pop(attributes["_job"], None)
        if number is not None:
            channel().send([(Kind.EXAMINED, number, perf_counter_ns())])
    return attributes.get("_value")  # a manager's server looks at all attributes, before there is a value


def _keep(result: Any, value: Any) -> None:
    vars(result)["_value"] = value


def _tell_unreturned() -> None:
    """At the end of the process that ordered the tasks."""
    told: list[Entry] = [*_returned, (Kind.UNRETURNED, list(_outstanding), perf_counter_ns())]
    channel().send(told if _outstanding else _returned)


def _forget() -> None:
    """In a forked process: what the parent ordered is the parent's."""
    _outstanding.clear()
    _returned.clear()
    _failed.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
