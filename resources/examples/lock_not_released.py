"""An exception between acquire() and release() leaves the lock locked."""

import multiprocessing


def task(i, shared, lock):
    lock.acquire()
    shared["share"] = 100 // i
    lock.release()  # not reached when i is 0


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        lock = manager.Lock()
        try:
            pool.apply_async(task, (0, shared, lock)).get()
        except ZeroDivisionError as error:
            print(error)
        print("got the lock:", lock.acquire(timeout=0.5))
