"""An open file can't be put into a shared dict: what goes from process to process is pickled."""

import multiprocessing


def task(i, shared):
    shared[i] = open(__file__)  # noqa: SIM115


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        for i in range(3):
            pool.apply_async(task, (i, shared))
        pool.close()
        pool.join()
        print(len(shared), "of 3 files are there")
