"""Never ends: prints, and with an argument starts processes, for as long as it is let."""

import multiprocessing
import sys
import time


def idle():
    time.sleep(100)


if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict()
    while True:
        d["n"] = d.get("n", 0) + 1
        print("on and on")
        if sys.argv[1:]:
            multiprocessing.Process(target=idle).start()
