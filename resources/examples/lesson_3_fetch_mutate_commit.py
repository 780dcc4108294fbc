"""Lesson 3: the copy is written back, and what others wrote in the meantime is overwritten.

Pairs of tasks meet at a barrier when both have their copy. So each pair loses one of its two squares in every run; in
a real program it is a matter of luck, and may go well for months.
"""

import multiprocessing


def task(i, shared, meeting):
    squares = shared["squares"]  # fetch a copy
    squares[i] = i * i  # change it
    meeting.wait()  # … while somebody else does the same
    shared["squares"] = squares  # commit it, whatever is there by now


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        shared["squares"] = {}
        meeting = manager.Barrier(2)
        results = [pool.apply_async(task, (i, shared, meeting)) for i in range(20)]
        for result in results:
            result.get()
        print(len(shared["squares"]), "of 20 squares are there")
