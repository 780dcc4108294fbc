"""A name with spaces and umlauts, beside modules called app, engine, queue_ and dataclasses."""

import dataclasses
import multiprocessing

import app
import engine


def task(i, d):
    d[i] = engine.square(i)


if __name__ == "__main__":
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        with context.Manager() as manager, context.Pool(2) as pool:
            d = manager.dict()
            pool.starmap(task, [(i, d) for i in range(10)])
            print(app.NAME, dataclasses.NAME, sorted(d.items()))
