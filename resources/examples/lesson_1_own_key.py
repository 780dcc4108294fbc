"""Lesson 1: each task writes a key of its own, and nothing is lost.

A write like this replaces the whole value of one key, in one request to the manager. No task looks at what was there
before, so none can work from something that is out of date.
"""

import multiprocessing


def task(i, shared):
    shared[i] = i * i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(4) as pool:
        shared = manager.dict()
        results = [pool.apply_async(task, (i, shared)) for i in range(20)]
        for result in results:
            result.get()
        print(len(shared), "of 20 keys are there")
