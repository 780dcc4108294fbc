"""The host's end of the channel: lets the watched processes in and takes what they send, in rounds.

One thread does it for all. Woken by what comes, it lets `PACE_S` pass and then takes whatever there is: a host that
woke up for each message would take the processor from the processes that send them. After a round that took `MUCH` it
waits for nothing, as somebody may be waiting for room.
"""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from queue import SimpleQueue
from struct import Struct

from dictrace.engine.recorder.channel import SEND_NOW

PACE_S = 0.005
BACKLOG = 4096  # a thousand processes may come within one round
CHUNK, MUCH = 1 << 16, 1 << 14
CHUNKS = 64  # more than a socket holds; so much is taken from one before others come
IDLE_BYTES = 40  # a server that has nothing to tell says so in fewer
ALONE = 2  # the listening socket and the one that wakes the thread

_SIZE, _LARGE = Struct("!i"), Struct("!iQ")  # how `multiprocessing.connection` begins a message


class Intake:
    """See the module.

    Args:
        address: the path of the socket to listen at.
        on_message: called with a connection's number, from 1 as they come, and a message.
        on_gone: called with the number of a connection that ended, after its messages. Both in the intake's thread.

    Attributes:
        messages: how many messages came that told something.
        size: how many bytes came.
        alone: set while nobody is connected.
        servers: the connections of manager servers.
    """

    def __init__(self, address: str, on_message: Callable[[int, bytes], None], on_gone: Callable[[int], None]) -> None:
        self._on_message = on_message
        self._on_gone = on_gone
        self.messages = self.size = 0
        self.alone = threading.Event()
        self.alone.set()
        self.servers: set[socket.socket] = set()
        self._numbers = count(1)
        self._asked: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(address)
        self._listening.listen(BACKLOG)
        self._waking, self._woken = socket.socketpair()
        self._selector = selectors.DefaultSelector()
        self._watch(self._listening, self._accept)
        self._watch(self._woken, lambda: self._woken.recv(CHUNK))
        self._is_closing = False
        self._thread = threading.Thread(target=self._take_in, daemon=True)
        self._thread.start()

    def catch_up(self, then: Callable[[], None]) -> None:
        """Take in all that was sent until now, also by those who wait to be let in, and call `then`, in the thread."""
        self._asked.put(then)
        self._waking.send(b"\0")

    def ask_servers(self) -> None:
        """Ask the manager servers to tell what they have."""
        for server in list(self.servers):
            with suppress(OSError):  # it is gone
                server.sendall(_SIZE.pack(len(SEND_NOW)) + SEND_NOW)

    def close(self) -> None:
        """Take in nothing any more, and let nobody in."""
        self._is_closing = True
        self._waking.send(b"\0")
        self._thread.join()
        for line in [self._waking, *(key.fileobj for key in self._selector.get_map().values())]:
            assert isinstance(line, socket.socket)
            line.close()
        self._selector.close()

    def _watch(self, readable: socket.socket, act: Callable[[], object]) -> None:
        readable.setblocking(False)
        self._selector.register(readable, selectors.EVENT_READ, act)

    def _take_in(self) -> None:
        taken = 0
        while not self._is_closing:
            self._selector.select()
            if taken < MUCH:
                time.sleep(PACE_S)
            before = self.size
            while self._round() and not self._is_closing:
                pass
            taken = self.size - before

    def _round(self) -> bool:
        """Take what there is; whether there was anything."""
        asked = [self._asked.get() for _ in range(self._asked.qsize())]
        ready = self._selector.select(0)
        for key, _events in ready:
            key.data()
        for then in asked:
            then()
        return bool(ready)

    def _accept(self) -> None:
        while True:
            try:
                line = self._listening.accept()[0]
            except BlockingIOError:
                return
            self.alone.clear()
            sender = _Sender(next(self._numbers), line)
            self._watch(line, partial(self._take, sender))
            self._take(sender)

    def _take(self, sender: "_Sender") -> None:
        for _ in range(CHUNKS):
            data = sender.read()
            if data is None:
                return
            if not data:
                self._let_go(sender)
                return
            self._hear(sender, data)

    def _let_go(self, sender: "_Sender") -> None:
        self._selector.unregister(sender.line)
        self.servers.discard(sender.line)
        sender.line.close()
        self._on_gone(sender.number)
        if len(self._selector.get_map()) == ALONE:
            self.alone.set()

    def _hear(self, sender: "_Sender", data: bytes) -> None:
        self.size += len(data)
        for message in sender.messages(data):
            self.messages += len(message) > IDLE_BYTES
            if message:
                self._on_message(sender.number, message)
            else:
                self.servers.add(sender.line)


class _Sender:
    """A connection, with its number and what has come of a message that is not whole."""

    def __init__(self, number: int, line: socket.socket) -> None:
        self.number = number
        self.line = line
        self._rest = bytearray()

    def read(self) -> bytes | None:
        """What has come; None where that is nothing, nothing where no more comes."""
        try:
            return self.line.recv(CHUNK)
        except BlockingIOError:
            return None
        except OSError:
            return b""  # it ended before it took what it was sent

    def messages(self, data: bytes) -> Iterator[bytes]:
        """The messages that `data` makes whole."""
        rest, at = self._rest, 0
        rest += data
        while (begin := at + _SIZE.size) <= len(rest):
            (size,) = _SIZE.unpack_from(rest, at)
            if size < 0:
                begin = at + _LARGE.size
                size = _LARGE.unpack_from(rest, at)[1] if begin <= len(rest) else len(rest)
            if begin + size > len(rest):
                break
            at = begin + size
            yield bytes(rest[begin:at])
        del rest[:at]
