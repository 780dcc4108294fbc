"""Tasks that raise, and a program that looks at that in the way which the argument names."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor


def task(i):
    raise ValueError(f"no {i}")


def look(how):
    with multiprocessing.Pool(2) as pool:
        if how == "map":
            pool.map(task, range(8), chunksize=1)
        elif how == "callback":
            pool.apply_async(task, (1,), error_callback=print).wait()
        elif how == "starmap":
            pool.starmap_async(task, [(1,), (2,)]).get()
        elif how == "apply":
            pool.apply(task, (1,))


if __name__ == "__main__":
    try:
        if sys.argv[1] == "executor":
            with ProcessPoolExecutor(1) as executor:
                executor.submit(task, 1).result()
        else:
            look(sys.argv[1])
    except ValueError as error:
        print(error)
