"""Proxies that stamp each request with who asks, from which line and when, and carry the notebook's notes along.

They keep the names and the behaviour of the proxies they stand for.
"""

from contextlib import suppress
from multiprocessing import managers, util
from time import perf_counter_ns
from typing import Any

from dictrace.engine.recorder.channel import Channel
from dictrace.engine.recorder.entries import Kind
from dictrace.engine.recorder.notebook import Notebook, caller, notebook

STAMP = "_dictrace"
TELL = "_dictrace_tell"
# Names that the type stubs know differently or not at all.
_PlainDictProxy: Any = managers.DictProxy
_PlainAcquirerProxy: Any = getattr(managers, "AcquirerProxy")  # noqa: B009

UNSTAMPED = frozenset({"__str__", "__repr__", "#GETVALUE"})


class _Recording(managers.BaseProxy):
    """What all recording proxies share."""

    _token: Any
    _serializer: str

    def __init__(self, token: Any, serializer: str, manager: Any = None, **settings: Any) -> None:
        super().__init__(token, serializer, manager=manager, **settings)
        if manager is not None:
            book = notebook()
            book.notes.append((Kind.NAME, token.id, *caller()))
            self._reach_for(book)
            tell(book)  # the main program may make no other request, and its manager is gone before it exits

    def _callmethod(self, methodname: str, args: tuple[Any, ...] = (), kwds: dict[str, Any] = {}) -> Any:  # noqa: B006
        if methodname in UNSTAMPED:
            return super()._callmethod(methodname, args, kwds)
        book = notebook()
        if book.reach is None:
            self._reach_for(book)
        site = book.site()
        base = book.copy_of(args[1]) if book.copies and methodname == "__setitem__" else None
        book.seq = seq = book.seq + 1
        notes = book.take() if book.notes else None
        replied_ns, book.reply_ns = book.reply_ns, 0
        base_seq = base.seq if base is not None else None
        stamp = (book.pid, seq, book.task, site, perf_counter_ns(), replied_ns, base_seq, notes)
        result = super()._callmethod(methodname, args, {**kwds, STAMP: stamp})
        book.reply_ns = perf_counter_ns()
        if base is not None:
            book.committed(base)
        elif methodname in ("__getitem__", "get"):
            book.fetched(self._token.id, args[0], site, result)
        return result

    def _reach_for(self, book: Notebook) -> None:
        """See to it that `book` can be told from without a proxy, and is when this process exits."""
        if book.reach is None:
            book.reach = type(self), self._token, self._serializer
            util.Finalize(None, _tell_host, args=(book,), exitpriority=20)


class DictProxy(_Recording, _PlainDictProxy):  # type: ignore[misc]
    """A recording `multiprocessing.managers.DictProxy`."""

    _exposed_ = (*_PlainDictProxy._exposed_, TELL)


class AcquirerProxy(_Recording, _PlainAcquirerProxy):  # type: ignore[misc]
    """A recording `multiprocessing.managers.AcquirerProxy` (Lock, RLock)."""

    _exposed_ = (*_PlainAcquirerProxy._exposed_, TELL)


def tell(book: Notebook) -> None:
    """Send the notes now, by a request that is not counted; keep them where this process has made no other yet."""
    if book.reach is not None:
        proxytype, token, serializer = book.reach
        stamp = (book.pid, book.seq + 1, None, 0, 0, book.reply_ns, None, book.take())
        book.reply_ns = 0
        proxy = proxytype(token, serializer, incref=False)
        managers.BaseProxy._callmethod(proxy, TELL, (), {STAMP: stamp})


def _tell_host(book: Notebook) -> None:
    """At the end of the process: its last notes. They need no place in the serve order, so they go the short way."""
    if book.reply_ns:
        book.notes.append((Kind.REPLY, book.pid, book.seq, book.reply_ns))
    with suppress(OSError, EOFError):
        Channel().send(book.take() or [])
