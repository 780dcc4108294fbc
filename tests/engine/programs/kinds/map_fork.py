"""`Pool.map` and `starmap` under fork, left by `with`."""

import multiprocessing


def task(i, d):
    d[i] = i * i


def double(x):
    return 2 * x


if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager, context.Pool(2) as pool:
        d = manager.dict()
        pool.starmap(task, [(i, d) for i in range(30)])
        print(sum(d.values()), pool.map(double, range(20)))
