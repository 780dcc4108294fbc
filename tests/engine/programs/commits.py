"""Commits a large value so many times, and ends, or waits to be ended where that is wanted."""

import multiprocessing
import sys
import time

if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict()
    for n in range(int(sys.argv[1])):
        d["key"] = [n] * 1000
    if sys.argv[2:]:
        print("done", flush=True)
        time.sleep(100)
