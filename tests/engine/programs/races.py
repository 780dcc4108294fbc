"""Two tasks that do the same to one object: adding one, in two requests, or what is one request in itself."""

import multiprocessing
import sys


def made(manager, kind):
    """The object."""
    if kind in ("dict", "remove", "pop", "all", "there"):
        shared = manager.dict(n=0)
    elif kind in ("update", "setdefault", "missing"):
        shared = manager.dict()
    elif kind in ("list", "unsent"):
        shared = manager.list([[]] if kind == "unsent" else [0])
    elif kind == "array":
        shared = manager.Array("i", [0])
    elif kind == "value":
        shared = manager.Value("i", 0)
    elif kind == "namespace":
        shared = manager.Namespace(n=0)
    elif kind == "append":
        shared = manager.list()
    else:
        shared = manager.Queue()
    return shared


def act(kind, shared, i):
    """One task."""
    if kind == "dict":
        shared["n"] += 1
    elif kind in ("list", "array"):
        shared[-1] += 1
    elif kind == "value":
        shared.value += 1
    elif kind == "namespace":
        shared.n += 1
    elif kind == "remove":
        if shared["n"] == 0 and i == 0:
            shared["n"] = 1
        else:
            del shared["n"]
    elif kind == "pop":
        shared.pop("n", None)
    elif kind in ("missing", "there"):
        if ("n" in shared) == (kind == "there"):
            shared["n"] = i
    elif kind == "all":
        shared.update({**shared.copy(), i: i})
    elif kind == "update":
        shared.update({"a": i, "b": i})
    elif kind == "setdefault":
        shared.setdefault("n", []).append(i)
    elif kind == "append":
        shared.append(i)
    elif kind == "unsent":
        shared[-1].append(i)
    elif kind == "put":
        shared.put({"item": i})


if __name__ == "__main__":
    kind = sys.argv[1]
    with multiprocessing.Manager() as manager, multiprocessing.Pool(2) as pool:
        shared = made(manager, kind)
        for result in [pool.apply_async(act, (kind, shared, i)) for i in range(2)]:
            result.get()
        print(str(shared).partition(" object at")[0])
