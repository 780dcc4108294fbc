"""A script in a folder called multiprocessing."""

import multiprocessing

if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        print(manager.list(pool.map(abs, [-1, 2])))
