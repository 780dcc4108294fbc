"""Four workers, but one of them gets everything, so that a wrong program looks right.

With so large a chunk all of the work is one parcel. Without a lock nothing is lost, and that proves nothing.
"""

import multiprocessing
from functools import partial


def task(shared, i):
    shared["sum"] += i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(4) as pool:
        shared = manager.dict(sum=0)
        pool.map(partial(task, shared), range(10), chunksize=10)
        print("sum:", shared["sum"])
