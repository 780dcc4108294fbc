"""A task raises, and nobody hears of it: apply_async keeps the exception until somebody asks for the result."""

import multiprocessing


def task(i, shared):
    shared[i] = 60 // i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        for i in range(5):
            pool.apply_async(task, (i, shared))  # the result is thrown away, and a ZeroDivisionError with it
        pool.close()
        pool.join()
        print(len(shared), "of 5 keys are there")
