"""The manager server is killed, and everything that it held is gone with it."""

import multiprocessing
import os
import signal


def task(shared):
    shared["n"] += 1


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        (server,) = multiprocessing.active_children()
        shared = manager.dict(n=0)
        process = multiprocessing.Process(target=task, args=(shared,))
        process.start()
        process.join()
        os.kill(server.pid, signal.SIGKILL)  # as the system does when memory runs out
        server.join()
        try:
            print(shared["n"])
        except (EOFError, OSError) as error:
            print("Nobody answers:", type(error).__name__)
