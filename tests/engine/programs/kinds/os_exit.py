"""A child that ends by `os._exit`, one that is killed, and one that fails."""

import multiprocessing
import os
import signal


def leave():
    os._exit(3)


def be_killed():
    os.kill(os.getpid(), signal.SIGKILL)


def fail(d):
    d["before"] = 1
    raise KeyError("no such thing")


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        d = manager.dict()
        for target, arguments in ((leave, ()), (be_killed, ()), (fail, (d,))):
            process = multiprocessing.Process(target=target, args=arguments, name=target.__name__)
            process.start()
            process.join()
            print(process.name, process.exitcode, flush=True)
        print(d)
