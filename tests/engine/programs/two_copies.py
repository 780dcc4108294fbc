"""One task with two copies of the same version; it commits the first, then the second, then changes that once more.

The pool is left by ``with``, which ends its workers at once.
"""

import multiprocessing


def task(d):
    one, two = d["test"], d["test"]
    one["one"] = 1
    d["test"] = one
    two["two"] = 1
    d["test"] = two
    two["again"] = 1
    d["test"] = two
    two["late"] = 1


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        d = manager.dict()
        d["test"] = {}
        pool.apply_async(task, (d,)).get()
