"""A shared dict that nobody keeps: it is gone before the process asks for it.

So it goes with a process that takes long to start and is given a `manager.dict()` made in the call itself.
"""

import multiprocessing
import pickle


def task(pickled):
    pickle.loads(pickled)["late"] = True


if __name__ == "__main__":
    with multiprocessing.Manager() as manager:
        process = multiprocessing.Process(target=task, args=(pickle.dumps(manager.dict()),))
        process.start()
        process.join()
        print(process.exitcode)
