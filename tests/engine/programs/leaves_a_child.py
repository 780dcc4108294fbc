"""Leaves by `os._exit` while a child waits to be told to end."""

import multiprocessing
import os

if __name__ == "__main__":
    told = os.dup(0)

    def work():
        os.read(told, 1)
        print("the child is done", flush=True)

    multiprocessing.Process(target=work).start()
    print("the main program leaves", flush=True)
    os._exit(0)
