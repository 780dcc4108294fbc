"""To ask whether a key is there and then to write it are two requests: two processes may be told that it is not.

Here both are told so before either writes. The second one starts the list anew, and the line of the first one is gone.
"""

import multiprocessing


def task(line, index, meeting):
    if "spam" not in index:
        meeting.wait()  # both have been told that it is not there
        index["spam"] = [line]
    else:
        index["spam"] = [*index["spam"], line]


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        index = manager.dict()
        meeting = manager.Barrier(2)
        results = [pool.apply_async(task, (line, index, meeting)) for line in (3, 8)]
        for result in results:
            result.get()
        print("lines with spam:", *index["spam"])
