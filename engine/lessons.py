"""The functions that the tasks of the built-in program run: the exhibits. The code view shows them as they stand here.

`i` is the number of the task, `d` the shared dict. `think` stands for the work that a real program does between
fetching a value and committing it.
"""

import time

think_s = 0.0
own_lock = None


def own_key(i, d):
    d[i] = i


def own_key_locked(i, d, lock):
    with lock:
        d[i] = i


def nested_in_place(i, d):
    d["test"][i] = i


def nested_in_place_locked(i, d, lock):
    with lock:
        d["test"][i] = i


def fetch_mutate_commit(i, d):
    row = d["test"]
    row[i] = i
    think()
    d["test"] = row


def fetch_mutate_commit_locked(i, d, lock):
    with lock:
        row = d["test"]
        row[i] = i
        think()
        d["test"] = row


def counter(i, d):
    d["n"] += 1


def counter_locked(i, d, lock):
    with lock:
        d["n"] += 1


def nested_proxy(i, d):
    d["test"][i] = i


def nested_proxy_locked(i, d, lock):
    with lock:
        d["test"][i] = i


def think():
    if think_s:
        time.sleep(think_s)


def make_own_lock(make_lock):
    global own_lock
    own_lock = make_lock()


def with_own_lock(function, i, d):
    function(i, d, own_lock)
