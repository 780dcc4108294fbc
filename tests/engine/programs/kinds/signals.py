"""Signal handlers, in the main program and in a child that is terminated."""

import multiprocessing
import os
import signal
import sys
import time


def work(ready):
    def end(signum, _frame):
        print("child ends", signum, flush=True)
        sys.exit(7)

    signal.signal(signal.SIGTERM, end)
    ready.set()
    while True:
        time.sleep(0.05)  # a signal may come between two instructions, and `signal.pause` would wait for ever


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda signum, _frame: print("got", signum, flush=True))
    os.kill(os.getpid(), signal.SIGUSR1)
    ready = multiprocessing.Event()
    process = multiprocessing.Process(target=work, args=(ready,))
    process.start()
    ready.wait()
    process.terminate()
    process.join()
    print(process.exitcode)
