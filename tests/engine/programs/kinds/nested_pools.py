"""Pools inside the tasks of a pool, whose workers are no daemons and are replaced after each task."""

import multiprocessing
import multiprocessing.pool

context = multiprocessing.get_context("fork")


class Lasting(context.Process):
    """A process that may have children."""

    @property
    def daemon(self):
        return False

    @daemon.setter
    def daemon(self, value):
        pass


class LastingContext(type(context)):
    """Starts such processes."""

    Process = Lasting


def inner(d, i):
    d[i] = i
    return i


def outer(d, i):
    with context.Pool(2) as pool:
        return sum(pool.starmap(inner, [(d, 10 * i + k) for k in range(3)]))


if __name__ == "__main__":
    with context.Manager() as manager:
        d = manager.dict()
        with multiprocessing.pool.Pool(2, maxtasksperchild=1, context=LastingContext()) as pool:
            print(pool.starmap(outer, [(d, i) for i in range(3)], chunksize=1))
            pool.close()
            pool.join()
        print(sorted(d.keys()))
