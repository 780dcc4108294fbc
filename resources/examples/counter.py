"""A counter: += is a fetch and a commit, and visits are lost in between.

Python reads the old number first, then works out what to add, then writes the sum. Here two tasks meet while they
work out what to add, so both have read the same number.
"""

import multiprocessing


def one_visit(meeting):
    meeting.wait()
    return 1


def task(shared, meeting):
    shared["visits"] += one_visit(meeting)


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict(visits=0)
        meeting = manager.Barrier(2)
        results = [pool.apply_async(task, (shared, meeting)) for _ in range(10)]
        for result in results:
            result.get()
        print(shared["visits"], "of 10 visits were counted")
