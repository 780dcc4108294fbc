"""The queue through which the results of a pool come back; loaded when `multiprocessing` has made one itself."""

from __future__ import annotations

from multiprocessing.queues import SimpleQueue

from dictrace.engine.recorder.tasks import ended

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Outgoing(SimpleQueue):  # type: ignore[type-arg]
    """See the module."""

    def put(self, obj: Any) -> None:
        """Put a result, with which the task is over, or the mark that no more will come."""
        super().put(obj if obj is None else ended(*obj))


def watch(queue: Any) -> None:
    """Have the results that come through the queue of a pool of processes recorded."""
    if type(queue) is SimpleQueue:
        queue.__class__ = Outgoing
