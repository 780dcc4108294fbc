"""`os.fork`, past multiprocessing, with a shared dict."""

import multiprocessing
import os

if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict()
    for n in range(3):
        pid = os.fork()
        if pid == 0:
            d[n] = n
            os._exit(n)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    print(d)
