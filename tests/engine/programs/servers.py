"""Servers made by hand: on the network, under another name, with a wrong key, with the other serializer, gone."""

import multiprocessing
import re
import threading
from multiprocessing.managers import BaseManager, DictProxy, SyncManager

SHARED = {}


class Served(BaseManager):
    """What the server knows."""


class Known(BaseManager):
    """What a client knows."""


class Plain(SyncManager):
    """Uses the other serializer."""


Served.register("shared", lambda: SHARED, DictProxy)
Known.register("shared", proxytype=DictProxy)


def serve(connection):
    """Serve until the end of the program."""
    server = Served(address=("127.0.0.1", 0), authkey=b"key").get_server()
    connection.send(server.address)
    server.serve_forever()


def use(address, name):
    """Write from another process, by several threads, under another name of the server."""
    manager = Known(address=("localhost", address[1]), authkey=b"key")
    manager.connect()
    shared = manager.shared()
    threads = [threading.Thread(target=count, args=(shared, f"{name}{n}")) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def count(shared, key):
    """Add up in a key of its own."""
    shared[key] = []
    for n in range(20):
        shared[key] = [*shared[key], n]


def tried(name, act):
    """Print what `act` gives, or how it fails."""
    try:
        result = act()
    except Exception as error:
        result = re.sub(r"0x[0-9a-f]+", "#", f"{type(error).__name__}: {error}")
    print(name, result)


if __name__ == "__main__":
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(there,), daemon=True)
    server.start()
    address = here.recv()
    users = [multiprocessing.Process(target=use, args=(address, name)) for name in "ab"]
    for user in users:
        user.start()
    for user in users:
        user.join()
    manager = Known(address=address, authkey=b"key")
    manager.connect()
    shared = manager.shared()
    tried("served", lambda: sorted((key, sum(value)) for key, value in shared.items()))
    tried("wrong", Known(address=address, authkey=b"wrong").connect)
    server.terminate()
    server.join()
    tried("gone", lambda: shared["a0"])
    tried("gone", lambda: manager.shared())
    with Plain(serializer="xmlrpclib") as plain:
        tried("plain", lambda: plain.dict().get("x"))
        tried("plain", lambda: plain.list([1, 2]).pop())
