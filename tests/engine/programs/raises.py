"""Three tasks of one worker; the second raises between fetch and commit."""

import multiprocessing

from dictrace.engine.recorder.channel import Channel
from dictrace.engine.recorder.install import install
from dictrace.engine.recorder.witness import Witness


def task(i, d):
    row = d["test"]
    row[i] = i
    if i == 1:
        raise ValueError("no good")
    d["test"] = row


if __name__ == "__main__":
    install()
    witness = Witness(Channel())
    with multiprocessing.Manager() as manager, multiprocessing.Pool(1) as pool:
        d = manager.dict()
        d["test"] = {}
        for i in range(3):
            pool.apply_async(witness.task(task, i), (i, d))
        pool.close()
        pool.join()
