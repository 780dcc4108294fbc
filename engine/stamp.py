"""What a client says of a request, as the host reads it."""

from typing import NamedTuple, Self

from dictrace.engine.recorder.entries import NONE, STAMP


class Stamp(NamedTuple):
    """Times are ns, of `time.perf_counter_ns`.

    Attributes:
        pid: process id; 0: not known.
        seq: number of the request within the process.
        task: number of the task that the process is in, or None.
        site: number of the calling line within the process; 0: not known.
        request_ns: when the request was sent; 0: not known.
        reply_ns: when the reply to the request before it arrived; 0: none did.
        base_seq: the request that fetched the very object that is being committed, or None.
    """

    pid: int
    seq: int
    task: int | None
    site: int
    request_ns: int
    reply_ns: int
    base_seq: int | None

    @classmethod
    def unpacked(cls, stamp: bytes) -> Self:
        """The stamp that came packed."""
        pid, seq, task, site, request_ns, reply_ns, base_seq = STAMP.unpack(stamp)
        none = NONE
        return cls(
            pid, seq, None if task == none else task, site, request_ns, reply_ns, None if base_seq == none else base_seq
        )
