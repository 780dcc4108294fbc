"""A child that goes on when the main program has left by `os._exit`."""

import multiprocessing
import os
import time


def work():
    time.sleep(0.3)
    print("the child is done", flush=True)


if __name__ == "__main__":
    multiprocessing.Process(target=work).start()
    print("the main program leaves", flush=True)
    os._exit(0)
