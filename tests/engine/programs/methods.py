"""Reads, locks and values that the lessons do without."""

import multiprocessing

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        d["a"] = 1
        d["b"] = [1, 2]
        print(d, len(d), "a" in d)
        print(d.get("x"), d.get("x", 5), d.copy(), type(d).__name__)
        lock, rlock = manager.Lock(), manager.RLock()
        with lock:
            refused = lock.acquire(False)
        with rlock:
            print(True, refused, rlock.acquire(), str(rlock).split()[1].split(".")[-1])
        try:
            d["missing"]
        except KeyError as error:
            print("KeyError", error)
