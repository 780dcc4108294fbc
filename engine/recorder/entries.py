"""The kinds of entries that watched processes send to the host, and what each holds after its kind.

A *stamp* is what a client says of a request, packed by `STAMP`: its process id, the number of the request within the
process, the task that the process is in, the calling line's number within the process (0: unknown), when the request
was sent, when the reply to the request before it arrived (0: none did), and the request that fetched the very object
that is being committed; `NONE` for no task and no such request. Only the host unpacks it, so that neither the server
nor a client has to while others wait. Times are `time.perf_counter_ns`. Keys and values are themselves where `marshal`
knows their type; the others are described (`values.described`) and the entry is wrapped in `DESCRIBED`.
"""

from __future__ import annotations

from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
else:
    Any = object  # `typing` takes longer to load than all of this package

Entry = tuple[Any, ...]
StepTaken = tuple[int, Any, Any]

STAMP = Struct("<7q")
NONE = -1
NOBODY = STAMP.pack(0, 0, NONE, 0, 0, 0, NONE)


class Kind:
    """What an entry tells; in brackets what follows the kind. Plain numbers: they are marshalled."""

    PROCESS = 1  # (pid, name, ns, role or "", parent or 0, start method or ""), from itself and from its parent
    SITE = 2  # (pid, site, file, line)
    NAME = 3  # (address, ident, file, line): where it was made
    BEGIN = 4  # (task, ns, pid)
    END = 5  # (task, ns, pid)
    LOCK = 6  # (pid, maker's pid, number there, step, ns, task, file, line)
    MANAGER = 7  # (pid, name, ns)
    OBJECT = 8  # (address, ident, object, typeid, ns)
    OP = 9  # (ns, stamp, object, method, kind)
    FETCH = 10  # (ns, stamp, object, method, key)
    COMMIT = 11  # (ns, stamp, object, method, key, value)
    WAIT = 12  # (ns, stamp, object)
    UNSENT = 13  # (ns, pid, task, (address, ident), key, seq, site, diff)
    RAISED = 14  # (ns, pid, task, text, file, line, traceback)
    DIVERGED = 15  # (reason)
    FINALS = 16  # (object, key, value, key, value …)
    GOODBYE = 17  # (pid, ns): it ends in order
    EXITED = 18  # (pid, exit_code, ns), from its parent
    UNRETURNED = 19  # (tasks, ns)
    REPLY = 20  # (pid, seq, ns)
    DESCRIBED = 21  # (entry, places in it where a description stands)
    START = 22  # (pid, step, ns)
    STEPS = 23  # (ns, stamp, object, method, step, key, value, step, key, value …)
    CALL = 24  # (ns, stamp, object, method, arguments)
    ASKED = 25  # (pid): its parent is about to end it
    GONE = 26  # (ns): the connection that this came over is closed; made by the host
    RETURNED = 27  # (task, pid, began_ns, ended_ns), from who ordered it
    EXAMINED = 28  # (task, ns): who ordered it looked at its exception
    GHOST = 29  # (pid, text, ns): the process started what can't be followed
    NOW = 30  # (ns): this server will tell nothing earlier any more
    HELLO = 31  # as PROCESS, from itself
    ALL_ASKED = 32  # (): the host is about to end everything
    CLOSED = 33  # (ns): this server has told everything


class Step:
    """What one request did to one key. MAKE and TAKE looked in the same request, so nothing came between."""

    FETCH = 0
    FETCH_ALL = 1  # every key there is
    COMMIT = 2
    MAKE = 3
    REMOVE = 4
    TAKE = 5
    MISS = 6  # asked whether it is there, and it is not


STAMPED = frozenset({Kind.OP, Kind.FETCH, Kind.COMMIT, Kind.WAIT, Kind.STEPS, Kind.CALL})
VALUES = {Kind.COMMIT: slice(6, None), Kind.STEPS: slice(7, None, 3), Kind.FINALS: slice(3, None, 2)}
"""Where in an entry values of keys stand."""
_KEY_PLACES = {Kind.FETCH: 5, Kind.COMMIT: 5, Kind.UNSENT: 5}


def is_key(kind: int, place: int) -> bool:
    """Whether the item in `place` of such an entry is told by a text, however many parts it has."""
    if kind == Kind.STEPS:
        return place > 4 and place % 3 == 0
    return place % 2 == 0 if kind == Kind.FINALS else place == _KEY_PLACES.get(kind)
