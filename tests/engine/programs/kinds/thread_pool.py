"""A pool of threads on a shared dict."""

import multiprocessing
from multiprocessing.pool import ThreadPool

if __name__ == "__main__":
    with multiprocessing.Manager() as manager, ThreadPool(3) as pool:
        d = manager.dict()
        pool.starmap(d.__setitem__, [(i, i) for i in range(40)])
        print(len(d), sum(d.values()))
