"""A worker is killed in the middle of a task, whose result then never comes.

A pool starts another worker in its place, but nobody does the task again: get() without a timeout would wait for ever.
"""

import multiprocessing
import os
import signal


def task(i, shared):
    if i == 1:
        os.kill(os.getpid(), signal.SIGKILL)  # as the system does when memory runs out
    shared[i] = i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        shared = manager.dict()
        results = [pool.apply_async(task, (i, shared)) for i in range(3)]
        results[0].get()
        results[2].get()  # of the worker that took its place
        print("task 1 has a result:", results[1].ready())
