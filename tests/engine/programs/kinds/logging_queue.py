"""Logging from the workers of a pool through a queue of the manager, with an initializer, under spawn."""

import logging
import logging.handlers
import multiprocessing


def set_up(queue):
    root = logging.getLogger()
    root.handlers[:] = [logging.handlers.QueueHandler(queue)]
    root.setLevel(logging.INFO)


def task(i):
    logging.getLogger("task").info("a task")
    return i


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        queue = manager.Queue(-1)
        listener = logging.handlers.QueueListener(queue, logging.StreamHandler())
        listener.start()
        with context.Pool(2, set_up, (queue,)) as pool:
            print(pool.map(task, range(6)))
        listener.stop()
