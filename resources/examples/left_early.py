"""The pool is left before its tasks are done, and they are not done any more.

Leaving the with block of a pool does not wait for its tasks; it ends the workers.
"""

import multiprocessing


def task(i, shared, meeting, go):
    meeting.wait()
    go.wait()  # a long piece of work
    shared[i] = i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        meeting, go = manager.Barrier(3), manager.Event()
        with multiprocessing.Pool(2) as pool:
            for i in range(2):
                pool.apply_async(task, (i, shared, meeting, go))
            meeting.wait()  # both tasks have begun
        print(len(shared), "of 2 keys are there")
