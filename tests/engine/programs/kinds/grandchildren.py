"""Children of children."""

import multiprocessing


def leaf(i, d):
    d[i] = i


def branch(i, d):
    leaves = [multiprocessing.Process(target=leaf, args=(10 * i + k, d)) for k in range(2)]
    for process in leaves:
        process.start()
    for process in leaves:
        process.join()


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        branches = [multiprocessing.Process(target=branch, args=(i, d)) for i in range(1, 3)]
        for process in branches:
            process.start()
        for process in branches:
            process.join()
        print(sorted(d.keys()))
