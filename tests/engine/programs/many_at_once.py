"""Starts sixty processes that are all there at the same time."""

import multiprocessing
import resource

MANY = 60


def meet(barrier):
    barrier.wait()


if __name__ == "__main__":
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    barrier = multiprocessing.Barrier(MANY)
    processes = [multiprocessing.Process(target=meet, args=(barrier,)) for _ in range(MANY)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
