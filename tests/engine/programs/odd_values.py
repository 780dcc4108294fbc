"""Values and keys that can't be sent as they are: objects, proxies, tuples of objects."""

import multiprocessing
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A key."""

    name: str


class Account:
    """A value without a text of its own."""

    def __init__(self, balance):
        self.balance = balance


def task(i, d):
    account = d["account"]
    account.balance += 1
    d["account"] = account
    d[Place("here"), i] = i


if __name__ == "__main__":
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        d = manager.dict()
        d["account"] = Account(0)
        d["list"] = manager.dict()
        d["nested"] = {"place": Place("x"), "plain": 1}
        d["nested"] = {"place": Place("y"), "plain": 1}
        for i in range(2):
            pool.apply_async(task, (i, d)).get()
        pool.close()
        pool.join()
