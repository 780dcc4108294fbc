"""Tasks of a `ProcessPoolExecutor`."""

from __future__ import annotations

from dictrace.engine.recorder.numbers import next_number
from dictrace.engine.recorder.tasks import begin, finish

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


class WorkId(int):
    """Number of a call; a worker that unpickles it has begun the task."""

    number: int

    def __reduce__(self) -> Any:
        return begin, (int(self), self.number)


def install(process: ModuleType) -> None:
    """`concurrent.futures.process` was loaded."""
    module: Any = process
    plain_init, plain_send = module._CallItem.__init__, module._sendback_result

    def init(self: Any, work_id: int, *call: Any, **more: Any) -> None:
        numbered = WorkId(work_id)
        numbered.number = next_number()
        plain_init(self, numbered, *call, **more)

    def sendback_result(
        result_queue: Any, work_id: int, result: Any = None, exception: Any = None, exit_pid: int | None = None
    ) -> None:
        finish(exception is None, getattr(exception, "exc", exception), getattr(exception, "tb", ""))
        plain_send(result_queue, work_id, result, exception, exit_pid)

    module._CallItem.__init__ = init
    module._sendback_result = sendback_result
