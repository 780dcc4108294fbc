"""A program without a main guard starts itself again and again; multiprocessing stops it at the first time.

A process that is started by spawn first runs this file, as an import does. So it, too, comes to the line that starts a
process.
"""

import multiprocessing


def task():
    print("never printed")


process = multiprocessing.get_context("spawn").Process(target=task)
process.start()
process.join()
