"""Lesson 2: a dict inside the shared dict is changed in place, and nothing of it arrives.

Reading a key gives a copy of its value. What is done to the copy, nobody else ever sees.
"""

import multiprocessing


def task(i, shared):
    shared["squares"][i] = i * i  # shared["squares"] is a copy, which is thrown away at the end of this line


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(4) as pool:
        shared = manager.dict()
        shared["squares"] = {}
        results = [pool.apply_async(task, (i, shared)) for i in range(20)]
        for result in results:
            result.get()
        print(len(shared["squares"]), "of 20 squares are there")
