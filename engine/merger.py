"""Brings the entries of several manager servers into one order, by the times at which they served. Runs in the host.

With one server everything passes at once: its order is the serve order. With more, an entry waits until no other server
can still tell something earlier.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dictrace.engine.recorder.entries import STAMPED, Entry, Kind

NEVER = 1 << 63  # later than any time

_SERVED = STAMPED | {Kind.UNSENT, Kind.RAISED}


@dataclass(slots=True)
class Server:
    """What one server told that has not passed, in its order; it will tell nothing earlier than `until_ns`."""

    waiting: deque[tuple[int, Entry]] = field(default_factory=deque)
    until_ns: int = 0


class Merger:
    """See the module. Servers are told apart by the number of their connection, the `source`."""

    def __init__(self) -> None:
        self._servers: dict[int, Server] = {}

    def pass_on(self, source: int, entries: Iterable[Entry]) -> Iterator[tuple[int, Entry]]:
        """Take entries in, and give those whose place is known, each with its source."""
        for entry in entries:
            if entry[0] == Kind.MANAGER:
                self._servers[source] = Server()
            server = self._servers.get(source)
            if server is None:
                yield source, entry
            elif entry[0] == Kind.NOW:
                server.until_ns = entry[1]
            else:
                server.waiting.append((_served_ns(entry), entry))
                if entry[0] == Kind.GONE:
                    server.until_ns = NEVER
        yield from self._ready()

    def finish(self) -> Iterator[tuple[int, Entry]]:
        """No server tells anything any more."""
        for server in self._servers.values():
            server.until_ns = NEVER
        yield from self._ready()

    def _ready(self) -> Iterator[tuple[int, Entry]]:
        for source, server in list(self._servers.items()):
            if server.until_ns == NEVER and not server.waiting and len(self._servers) > 1:
                del self._servers[source]
        while waiting := [(server.waiting[0][0], source) for source, server in self._servers.items() if server.waiting]:
            ns, source = min(waiting)
            if len(self._servers) > 1 and ns > min(server.until_ns for server in self._servers.values()):
                return
            yield source, self._servers[source].waiting.popleft()[1]


def _served_ns(entry: Entry) -> int:
    """When it was served; what has no place in the order goes with what comes before it."""
    kind = entry[0]
    if kind == Kind.DESCRIBED:
        return _served_ns(entry[1])
    return entry[1] if kind in _SERVED else 0
