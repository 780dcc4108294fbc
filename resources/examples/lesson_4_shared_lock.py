"""Lesson 4: one lock, held from the fetch to the commit, keeps the others out, and nothing is lost.

The lock is made by the manager, once, and every task is given the same one.
"""

import multiprocessing


def task(i, shared, lock):
    with lock:
        squares = shared["squares"]
        squares[i] = i * i
        shared["squares"] = squares


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(4) as pool:
        shared = manager.dict()
        shared["squares"] = {}
        lock = manager.Lock()
        results = [pool.apply_async(task, (i, shared, lock)) for i in range(20)]
        for result in results:
            result.get()
        print(len(shared["squares"]), "of 20 squares are there")
