"""`imap`, an initializer, and workers that are replaced after two tasks."""

import multiprocessing

started = None


def start(text):
    global started
    started = text


def task(x):
    return started, x + 1


if __name__ == "__main__":
    with multiprocessing.Pool(2, start, ("ready",), maxtasksperchild=2) as pool:
        print(list(pool.imap(task, range(9))), sorted(pool.imap_unordered(task, range(5), chunksize=2)))
