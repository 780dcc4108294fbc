"""20,000 round trips to a manager's server: each of two workers reads and writes a key of its own."""

import multiprocessing

ROUND_TRIPS = 20_000
WORKERS = 2


def task(i, d):
    d[i] = 0
    for _ in range(ROUND_TRIPS // WORKERS // 2):
        d[i] = d[i] + 1


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(WORKERS) as pool:
        shared = manager.dict()
        pool.starmap(task, [(i, shared) for i in range(WORKERS)], chunksize=1)
        print(sum(shared.values()))
