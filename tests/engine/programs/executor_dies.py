"""A worker of an executor dies; the argument says how it is started."""

import multiprocessing
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool


def task(d, i):
    if i == 2:
        os._exit(3)
    d[i] = i


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Manager() as manager, ProcessPoolExecutor(1, mp_context=context) as executor:
        d = manager.dict()
        for future in [executor.submit(task, d, i) for i in range(5)]:
            try:
                future.result()
            except BrokenProcessPool as error:
                print(type(error).__name__)
