"""The manager ends while a process still needs it, and the shared dict ends with it."""

import multiprocessing


def task(shared, gone):
    gone.wait()
    shared["late"] = True


if __name__ == "__main__":
    gone = multiprocessing.Event()
    with multiprocessing.Manager() as manager:
        process = multiprocessing.Process(target=task, args=(manager.dict(), gone))
        process.start()
    gone.set()  # the with block is left, and the manager is no more
    process.join()
