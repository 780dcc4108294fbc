"""A lock helps only if everybody asks for it: one line that does not is enough.

The careful task waits, with the lock in its hand, until the careless one has come and gone.
"""

import multiprocessing


def careful(shared, lock, meeting):
    with lock:
        stock = shared["stock"]
        stock["apples"] = 5
        meeting.wait()  # now it is the turn of the careless one
        meeting.wait()  # … who is done
        shared["stock"] = stock


def careless(shared, meeting):
    meeting.wait()
    stock = shared["stock"]
    stock["pears"] = 7
    shared["stock"] = stock
    meeting.wait()


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = manager.dict()
        shared["stock"] = {}
        lock = manager.Lock()
        meeting = manager.Barrier(2)
        results = [
            pool.apply_async(careful, (shared, lock, meeting)),
            pool.apply_async(careless, (shared, meeting)),
        ]
        for result in results:
            result.get()
        print("in stock:", *shared["stock"])
