"""`ProcessPoolExecutor` under spawn: results, and an exception with its traceback."""

import multiprocessing
import traceback
from concurrent.futures import ProcessPoolExecutor, wait


def task(i, d):
    if i == 3:
        raise ValueError("three")
    d[i] = i
    return i


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(2, mp_context=context) as executor:
        d = manager.dict()
        futures = [executor.submit(task, i, d) for i in range(6)]
        wait(futures)
        for future in futures:
            try:
                print(future.result())
            except ValueError:
                traceback.print_exc()
        print(sorted(d.items()), list(executor.map(abs, [-1, 2, -3])))
