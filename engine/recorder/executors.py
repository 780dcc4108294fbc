"""Tasks of a `ProcessPoolExecutor`."""

from __future__ import annotations

from concurrent.futures import _base

from dictrace.engine.recorder.numbers import next_number
from dictrace.engine.recorder.tasks import begin, finish, tell_examined, unsendable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_TASK = "_dictrace_task"

_arrived: dict[int, int] = {}  # identity of an exception that no future has yet -> the task that raised it


class WorkId(int):
    """Number of a call; a worker that unpickles it has begun the task."""

    number: int

    def __reduce__(self) -> Any:
        return begin, (int(self), self.number)


def raised(number: int, rebuild: Any, *parts: Any) -> Any:
    """In the process that ordered the task: the exception that it raised."""
    error = rebuild(*parts)
    _arrived[id(error)] = number
    return error


def install(process: ModuleType) -> None:
    """`concurrent.futures.process` was loaded."""
    module: Any = process
    plain_init, plain_send = module._CallItem.__init__, module._sendback_result
    plain_reduce = module._ExceptionWithTraceback.__reduce__
    plain_feeder_error = module._SafeQueue._on_queue_feeder_error

    def init(self: Any, work_id: int, *call: Any, **more: Any) -> None:
        numbered = WorkId(work_id)
        numbered.number = next_number()
        plain_init(self, numbered, *call, **more)

    def sendback_result(
        result_queue: Any, work_id: int, result: Any = None, exception: Any = None, exit_pid: int | None = None
    ) -> None:
        if exception is None:
            finish(True, None)
        plain_send(result_queue, work_id, result, exception, exit_pid)

    def reduce(self: Any) -> Any:
        number = finish(False, self.exc, self.tb)[0]
        rebuild, parts = plain_reduce(self)
        return raised, (number, rebuild, *parts)

    def on_queue_feeder_error(self: Any, error: Exception, item: Any) -> None:
        if isinstance(item, module._CallItem):
            unsendable(item.work_id.number, error)
            _arrived[id(error)] = item.work_id.number
        plain_feeder_error(self, error, item)

    module._CallItem.__init__ = init
    module._sendback_result = sendback_result
    module._ExceptionWithTraceback.__reduce__ = reduce
    module._SafeQueue._on_queue_feeder_error = on_queue_feeder_error
    future: Any = _base.Future
    future._exception = property(_look_at, _keep)


def _keep(future: Any, error: Any) -> None:
    attributes = vars(future)
    attributes["_exception"] = error
    number = _arrived.pop(id(error), None)
    if number is None and isinstance(error, _base.BrokenExecutor):
        number = next_number()  # a process died, and nobody is left to tell which tasks had begun
        unsendable(number, error)
    if number is not None:
        attributes[_TASK] = number


def _look_at(future: Any) -> Any:
    """What `result`, `exception` and a future's text read: who does, sees the exception."""
    attributes = vars(future)
    number = attributes.pop(_TASK, None)
    if number is not None:
        tell_examined([number])
    return attributes["_exception"]
