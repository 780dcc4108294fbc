"""Arrays, dataclasses and deques as values, changed in place and written back."""

import multiprocessing
from array import array
from collections import deque
from dataclasses import dataclass, field


@dataclass
class Job:
    """A value."""

    name: str
    log: list = field(default_factory=list)


def forget(d, key):
    d[key].log.append("forgotten")


def keep(d, key):
    job = d[key]
    job.log.append("kept")
    d[key] = job
    numbers = d["numbers"]
    numbers[0] += 1
    d["numbers"] = numbers


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Manager() as manager, multiprocessing.get_context("fork").Pool(2) as pool:
        d = manager.dict({"a": Job("a"), "numbers": array("i", [1, 2]), "last": deque([1], 3)})
        pool.apply(forget, (d, "a"))
        pool.apply(keep, (d, "a"))
        print(d["a"], d["numbers"], d["last"])
