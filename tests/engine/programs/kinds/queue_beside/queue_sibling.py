"""A sibling called queue.py, which `multiprocessing` then loads in place of its own."""

import multiprocessing
import queue

if __name__ == "__main__":
    print(queue.NAME, flush=True)
    with multiprocessing.Manager() as manager:
        print(manager.dict(a=1))
