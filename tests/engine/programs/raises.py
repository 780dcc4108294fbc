"""Three tasks of one worker; the second raises between fetch and commit."""

import multiprocessing


def task(i, d):
    row = d["test"]
    row[i] = i
    if i == 1:
        raise ValueError("no good")
    d["test"] = row


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        d = manager.dict()
        d["test"] = {}
        for i in range(3):
            pool.apply_async(task, (i, d))
        pool.close()
        pool.join()
