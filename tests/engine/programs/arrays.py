"""Arrays as values, changed in place: by a task that throws its copy away, and by one that writes it back."""

import multiprocessing
from array import array
from collections import deque


def forget(d, key):
    d[key][0] = 7


def write_back(d, key):
    copy = d[key]
    copy[0] = 8
    d[key] = copy


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        d = manager.dict(array=array("i", [1, 2]), bytes=bytearray(b"ab"), deque=deque([1, 2]))
        d["within"] = {"array": array("i", [1, 2])}
        for key in ("array", "bytes", "deque"):
            pool.apply(forget, (d, key))
            pool.apply(write_back, (d, key))
