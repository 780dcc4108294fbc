"""An exception that nobody catches, after the pool has done its work."""

import multiprocessing


def task(i, d):
    d[i] = i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        d = manager.dict()
        pool.starmap(task, [(i, d) for i in range(8)])
        print(len(d), flush=True)
        d["missing"]
