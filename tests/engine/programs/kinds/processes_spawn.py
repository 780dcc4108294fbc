"""A `Process` for each task, under spawn, with a shared lock and exit codes."""

import multiprocessing
import sys


def task(i, d, lock):
    with lock:
        d["n"] += 1
    sys.exit(i)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        d, lock = manager.dict(n=0), manager.Lock()
        processes = [context.Process(target=task, args=(i, d, lock)) for i in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        print(d, [process.exitcode for process in processes])
