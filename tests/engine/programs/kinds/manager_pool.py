"""A pool inside the manager's server: `manager.Pool()`."""

import multiprocessing


def task(x):
    return x * x


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        pool = manager.Pool(2)
        print(pool.map(task, range(10)), pool.apply(task, (12,)))
        pool.close()
        pool.join()
