"""Exceptions in chunks of `map`, in `imap` and in `imap_unordered`, and a pool that is left before all was sent."""

import multiprocessing
import time


def fail(i):
    if i % 2:
        raise ValueError(i)
    return i


if __name__ == "__main__":
    with multiprocessing.Pool(1) as pool:
        try:
            pool.map(fail, range(6), chunksize=2)
        except ValueError as error:
            print("map", error)
        for take in (pool.imap, pool.imap_unordered):
            results = take(fail, range(4))
            print(next(results))
            try:
                next(results)
            except ValueError as error:
                print(take.__name__, error)
            print(next(results))
        pool.apply(fail, (0,))
        pool.apply_async(time.sleep, (60,))
        pool.apply_async(time.sleep, (60,))
