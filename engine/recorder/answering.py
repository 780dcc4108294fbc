"""The manager server's side of the connections of `wire`: takes the stamps off, and hears what is told.

Only servers load this.
"""

from __future__ import annotations

import threading
from io import BytesIO
from multiprocessing import connection, managers

from dictrace.engine.recorder.entries import NOBODY
from dictrace.engine.recorder.log import log
from dictrace.engine.recorder.wire import (
    NOTES_ONLY,
    SIZE,
    STAMP_END,
    WITH_NOTES,
    WITH_STAMP,
    End,
    end_of,
    hide_frames,
    loads,
    plain_recv,
    present,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


_STAMPED = WITH_STAMP[0]


class Threading:
    """`threading` as the server sees it: it starts a thread for each connection, and need not wait until it runs."""

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)

    def Thread(self, *args: Any, **kwds: Any) -> threading.Thread:
        """A thread; who starts it goes on at once."""
        made: Any = threading.Thread(*args, **kwds)
        made._started.wait = bool
        return made  # type: ignore[no-any-return]


class Accepting(connection.Listener):
    """A server's listener, all that serving needs being loaded."""

    def accept(self) -> Any:
        """The next client."""
        accepted = super().accept()
        accepted.__class__ = end_of(Arriving, type(accepted))
        return accepted


def start_threads_quickly() -> None:
    """Have this server wait for no thread that it starts."""
    vars(managers)["threading"] = Threading()


class Arriving(connection._ConnectionBase):
    """A server's end before the first request: who asks proves that it knows the key, over the plain connection."""

    def recv(self) -> Any:
        """The first request."""
        self.__class__ = end_of(Answering, type(self).__bases__[-1])
        return self.recv()


class Answering(End):
    """A server's end: takes the stamps off, and hears what is told: at once, as nothing else may hear it later."""

    _stamped = False

    def send(self, reply: Any) -> None:
        """Send the answer."""
        try:
            self._write(self._pickled(reply))
        except BaseException as error:
            hide_frames(error)
            raise

    def recv(self) -> Any:
        """The next request."""
        try:
            message = self._taken()
            if message and message[0] == _STAMPED:  # as nearly all are
                self._stamped, present.stamp, request = True, message[1:STAMP_END], message[STAMP_END:]
            elif message and (heard := self._heard(message)):
                request = heard
            else:
                if message is None:
                    self.__class__ = type(self).__bases__[-1]  # of itself it would look for the end once more
                return plain_recv(self)
            try:
                return loads(request)
            except BaseException as error:
                return self._fail(error)
        except BaseException as error:
            hide_frames(error)
            raise

    def _recv_bytes(self, maxsize: int | None = None) -> BytesIO:
        if self._fails:  # it has come before
            return super()._recv_bytes(maxsize)
        while True:
            request = self._heard(super()._recv_bytes().getvalue())
            if request is not None:
                return BytesIO(request)

    def _heard(self, message: bytes) -> bytes | None:
        """The pickled request of a message; None where it tells only notes, and is answered."""
        front = message[:1]
        if front == WITH_STAMP:
            self._stamped, present.stamp = True, message[1:STAMP_END]
            return message[STAMP_END:]
        if front == WITH_NOTES:
            self._stamped, present.stamp = True, message[1:STAMP_END]
            end = STAMP_END + SIZE.size + SIZE.unpack_from(message, STAMP_END)[0]
            log().told(loads(message[STAMP_END + SIZE.size : end]))
            return message[end:]
        if front == NOTES_ONLY:
            log().told(loads(message[1:]))
            self.send_bytes(b"")
            return None
        if self._stamped:  # else it is new to this thread, to which anything thread-local costs a lot
            present.stamp = NOBODY
        return message
