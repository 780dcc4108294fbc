"""Waits for Ctrl+C, the first of which it takes as a wish, as its argument says."""

import multiprocessing
import sys
import time

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        d["waits"] = True
        try:
            print("waits", flush=True)
            while True:
                time.sleep(60)
        except KeyboardInterrupt:
            print("interrupted", d, flush=True)
        if sys.argv[1] == "goes on":
            while True:
                time.sleep(60)
        sys.exit(4)
