"""A process dies with the lock in its hand, and nobody else gets it any more."""

import multiprocessing
import os
import signal


def unlucky(lock):
    with lock:
        os.kill(os.getpid(), signal.SIGKILL)


def patient(lock):
    print("got the lock:", lock.acquire(timeout=0.5))


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        lock = manager.Lock()
        for target in unlucky, patient:
            process = multiprocessing.Process(target=target, args=(lock,))
            process.start()
            process.join()
