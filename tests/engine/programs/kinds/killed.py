"""The main program is killed while its manager goes on."""

import multiprocessing
import os
import signal

if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict(a=1)
    print(d, flush=True)
    manager.shutdown()
    os.kill(os.getpid(), signal.SIGKILL)
