"""Kills the server of its manager, and ends well."""

import multiprocessing
import os
import signal

if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict(n=1)
    os.kill(manager._process.pid, signal.SIGKILL)
    manager._process.join()
