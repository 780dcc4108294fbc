"""`Pool.apply_async`, closed and joined."""

import multiprocessing


def task(i, d):
    row = d["test"]
    row[i] = i
    d["test"] = row


if __name__ == "__main__":
    manager = multiprocessing.Manager()
    d = manager.dict(test={})
    pool = multiprocessing.Pool(1)
    for i in range(50):
        pool.apply_async(task, (i, d))
    pool.close()
    pool.join()
    print(d)
