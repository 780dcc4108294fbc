"""A lock that is held only around the write comes too late: the copy is out of date by then."""

import multiprocessing


def task(i, shared, lock, meeting):
    squares = shared["squares"]
    squares[i] = i * i
    meeting.wait()  # both have their copy
    with lock:
        shared["squares"] = squares


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        shared["squares"] = {}
        lock = manager.Lock()
        meeting = manager.Barrier(2)
        results = [pool.apply_async(task, (i, shared, lock, meeting)) for i in range(4)]
        for result in results:
            result.get()
        print(len(shared["squares"]), "of 4 squares are there")
