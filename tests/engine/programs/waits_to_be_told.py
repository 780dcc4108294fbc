"""Commits, says so, and ends when somebody who has heard of that tells it to."""

import multiprocessing

if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        shared = manager.dict()
        shared["key"] = b"x" * 10_000
        print("committed", flush=True)
        input()
