"""A multiprocessing.Lock can't be given to a task of a pool; one of the manager can."""

import multiprocessing


def task(i, shared, lock):
    with lock:
        shared["sum"] += i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict(sum=0)
        lock = multiprocessing.Lock()
        for i in range(4):
            pool.apply_async(task, (i, shared, lock)).get()  # without get() nobody would even be told
        print("sum:", shared["sum"])
