"""Tasks of a pool: begun where its worker takes them, ended where it gives the result back.

What the recorder needs to know travels with the number of the job, from the one who ordered it to the worker and back:
a `Job` is an int like the plain number, but pickling and unpickling it has the recorder act. So no function of the
program is wrapped, and no traceback has a frame too many.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import suppress
from multiprocessing import util
from time import perf_counter_ns

from dictrace.engine.recorder.channel import channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.notebook import calling_frame, line_of, name_of, notebook, trace_of
from dictrace.engine.recorder.numbers import next_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any

    from dictrace.engine.recorder.entries import Entry

MANY = 1000

_outstanding: dict[int, None] = {}
_returned: deque[Entry] = deque()
_failed: dict[int, list[int]] = {}  # of each job, the tasks that raised and whose exceptions nobody has looked at


class Job(int):
    """Number of a job; each time it is sent, it is sent with the number of another task, `sent`.

    `place` is what ordered it: code, and the instruction there.
    """

    sent: int | None = None
    place: tuple[CodeType, int] | None = None

    def __reduce__(self) -> Any:
        self.sent = int(self) if self.sent is None else next_number()
        _outstanding[self.sent] = None
        return begin, (int(self), self.sent)


class Jobs:
    """Numbers jobs, in place of `multiprocessing.pool.job_counter`."""

    def __next__(self) -> Job:
        return Job(next_number())


class Items(deque):  # type: ignore[type-arg]
    """What an iterator of `imap` has ready: who takes the result of a task that raised sees its exception."""

    def __init__(self, job: int, in_order: bool) -> None:
        super().__init__()
        self._job = job
        self._in_order = in_order

    def popleft(self) -> Any:
        """As `deque.popleft`."""
        item = super().popleft()
        if not item[0] and _failed.get(self._job):
            failed = _failed[self._job]
            number = min(failed) if self._in_order else failed[0]
            failed.remove(number)
            tell_examined([number])
        return item


class Result(int):
    """Number of a job whose task is over; `told` is what the one who ordered it is told."""

    told: tuple[int, int, int, int, bool]

    def __reduce__(self) -> Any:
        return returned, (int(self), *self.told)


def begin(job: int, number: int) -> int:
    """In a worker: it took the task with this number. Who ordered it takes it back where the pool is terminated."""
    if number not in _outstanding:
        notebook().begin(number)
    return job


def returned(job: int, number: int, pid: int, began_ns: int, ended_ns: int, succeeded: bool) -> int:
    """In the process that ordered the task: its result came."""
    _outstanding.pop(number, None)
    if not succeeded:
        _failed.setdefault(job, []).append(number)
    _returned.append((Kind.RETURNED, number, pid, began_ns, ended_ns))
    if len(_returned) >= MANY:
        channel().send(take_returned())
    return job


def take_returned() -> list[Entry]:
    """What is not yet told of results that came, in any thread."""
    told: list[Entry] = []
    with suppress(IndexError):
        while True:
            told.append(_returned.popleft())
    return told


def install(pool: ModuleType) -> None:
    """`multiprocessing.pool` was loaded."""
    module: Any = pool
    plain_setup_queues = module.Pool._setup_queues
    plain_result, plain_iterator = module.ApplyResult.__init__, module.IMapIterator.__init__

    def setup_queues(self: Any) -> None:
        from dictrace.engine.recorder.results import watch

        plain_setup_queues(self)
        watch(self._outqueue)
        self._quick_put = _watched(self._quick_put)

    def init_result(self: Any, pool: Any, *callbacks: Any, **more: Any) -> None:
        plain_result(self, pool, *callbacks, **more)
        self._job.place = _place(module.__file__)
        if type(self) is module.ApplyResult and not isinstance(pool, module.ThreadPool):
            _outstanding[int(self._job)] = None  # it may never be sent

    def init_iterator(self: Any, pool: Any) -> None:
        plain_iterator(self, pool)
        self._job.place = _place(module.__file__)
        self._items = Items(self._job, not isinstance(self, module.IMapUnorderedIterator))

    module.Pool._setup_queues = setup_queues
    module.ApplyResult.__init__ = init_result
    module.IMapIterator.__init__ = init_iterator
    module.job_counter = Jobs()
    module.ApplyResult._value = property(_look_at, _keep)
    util.Finalize(None, _tell_unreturned, exitpriority=-1)


def finish(succeeded: bool, error: Any, text: str = "") -> tuple[int, int, int, int, bool]:
    """In a worker: the task it is in is over; what the one who ordered it is told."""
    book = notebook()
    number = book.task if book.task is not None else book.last_task
    if not succeeded:
        book.raised(error, text)
    book.end_and_tell()
    return number, book.pid, book.began_ns, perf_counter_ns(), succeeded


def ended(job: int, i: int, result: tuple[bool, Any]) -> tuple[Result, int, Any]:
    """A result as it is sent. One that can't be pickled comes a second time, as an error."""
    succeeded, value = result
    told = Result(job)
    wrapped = type(value).__name__ == "ExceptionWithTraceback"
    told.told = finish(succeeded, value.exc if wrapped else value, value.tb if wrapped else "")
    return told, i, result


def unsendable(number: int, error: BaseException, place: tuple[CodeType, int] | None = None) -> None:
    """In the process that ordered the task, at `place` of a `Job`: it could not be sent."""
    _outstanding.pop(number, None)
    now = perf_counter_ns()
    where = (place[0].co_filename, line_of(*place)) if place is not None else (None, None)
    channel().send([(Kind.RAISED, now, os.getpid(), number, name_of(error), *where, trace_of(error))])


def tell_examined(numbers: list[int]) -> None:
    """Who ordered these tasks looked at their exceptions."""
    channel().send([(Kind.EXAMINED, number, perf_counter_ns()) for number in numbers])


def _place(machinery: str) -> tuple[CodeType, int] | None:
    """The nearest place outside the file `machinery` and this one, without its line, which takes long to find."""
    frame = calling_frame(sys._getframe(2), (machinery, __file__))
    return (frame.f_code, frame.f_lasti) if frame is not None else None


def _watched(put: Any) -> Any:
    """`put` sends a task of a pool; what can't be pickled fails here."""

    def quick_put(task: Any) -> None:
        try:
            put(task)
        except Exception as error:
            if error.__traceback__ is not None:
                error.__traceback__ = error.__traceback__.tb_next  # as it would be unwatched
            if task is not None:
                _failed.setdefault(task[0], []).append(task[0].sent)
                unsendable(task[0].sent, error, task[0].place)
            raise

    return quick_put


def _look_at(result: Any) -> Any:
    """What `ApplyResult.get` and the callbacks read: who does, sees an exception that the task raised."""
    attributes = vars(result)
    if _failed and attributes.get("_success") is False:
        tell_examined(_failed.pop(attributes["_job"], []))
    return attributes.get("_value")  # a manager's server looks at all attributes, before there is a value


def _keep(result: Any, value: Any) -> None:
    vars(result)["_value"] = value


def _tell_unreturned() -> None:
    """At the end of the process that ordered the tasks."""
    told = take_returned()
    if _outstanding:
        told.append((Kind.UNRETURNED, list(_outstanding), perf_counter_ns()))
    channel().send(told)


def _forget() -> None:
    """In a forked process: what the parent ordered is the parent's."""
    _outstanding.clear()
    _returned.clear()
    _failed.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
