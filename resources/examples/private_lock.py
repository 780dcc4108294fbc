"""A lock that each process makes for itself keeps nobody out.

A process that is started by spawn runs this file again from the top. So it makes a second lock, and a third: each
process holds its own, and all of them are let in at once.
"""

import multiprocessing

context = multiprocessing.get_context("spawn")
lock = context.Lock()  # one in each process


def task(i, shared, meeting):
    with lock:
        squares = shared["squares"]
        squares[i] = i * i
        meeting.wait()  # both are inside the lock
        shared["squares"] = squares


if __name__ == "__main__":
    with context.Manager() as manager, context.Pool(2) as pool:
        shared = manager.dict()
        shared["squares"] = {}
        meeting = manager.Barrier(2)
        results = [pool.apply_async(task, (i, shared, meeting)) for i in range(4)]
        for result in results:
            result.get()
        print(len(shared["squares"]), "of 4 squares are there")
