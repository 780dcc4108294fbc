"""Programs much like the examples in which something goes wrong, but right. The argument says which one.

Tasks meet in pairs, so that both workers take part however they are scheduled.
"""

import multiprocessing
import os
import sys
from functools import partial

held = None


def square(i, shared, lock, meeting):
    meeting.wait()
    with lock:
        squares = shared["squares"]
        squares[i] = i * i
        shared["squares"] = squares


def own_list(i, shared, meeting):
    mine = shared[i]
    mine.append(i)
    meeting.wait()
    shared[i] = mine


def begin_list(i, shared, lock, meeting):
    meeting.wait()
    shared.setdefault("list", i)
    with lock:
        if "first" not in shared:
            shared["first"] = i
    if i not in shared:
        shared[i] = i


def add(shared, lock, meeting):
    meeting.wait()
    with lock:
        shared["sum"] += 1


def keep(lock):
    global held
    held = lock


def add_under_kept(shared, meeting):
    meeting.wait()
    with held:
        shared["sum"] += 1


def add_twice_locked(shared, lock, meeting):
    meeting.wait()
    lock.acquire()
    total = shared["sum"]
    with lock:
        shared["sum"] = total + 1
    lock.release()


def add_elsewhere(shared, meeting, key, lock):
    with lock:
        total = shared[key]
        meeting.wait()
        shared[key] = total + 1


def divide(i, shared, meeting):
    meeting.wait()
    shared[i] = 60 // i


def divide_locked(i, shared, lock, meeting):
    meeting.wait()
    with lock:
        shared[i] = 60 // i


def die_without_lock(lock):
    with lock:
        pass
    os._exit(3)


def put(i, shared, function, meeting):
    meeting.wait()
    shared[i] = function


def look(shared):
    shared["sum"]


def main(kind, context, manager):
    shared = manager.dict(sum=0, squares={})
    lock, meeting = manager.Lock(), manager.Barrier(2)
    initializer, given = None, ()
    if kind == "private_lock":
        initializer, given = keep, (context.Lock(),)
    with context.Pool(2, initializer, given) as pool:
        for call in calls(kind, manager, shared, lock, meeting):
            results.append(pool.apply_async(*call))
        for result in results:
            try:
                result.get()
            except ZeroDivisionError as error:
                print(error)
        pool.close()
        pool.join()


def calls(kind, manager, shared, lock, meeting):
    if kind in ("never_sent", "no_main_guard", "lock_sent", "left_early", "one_worker"):
        return [(square, (i, shared, lock, meeting)) for i in range(8)]
    if kind == "stale_write_back":
        shared.update({0: [], 1: []})
        return [(own_list, (i, shared, meeting)) for i in range(2)]
    if kind == "check_then_act":
        return [(begin_list, (i, shared, lock, meeting)) for i in range(4)]
    if kind == "counter":
        return [(add, (shared, lock, meeting)) for _ in range(8)]
    if kind == "private_lock":
        return [(add_under_kept, (shared, meeting)) for _ in range(8)]
    if kind == "late_lock":
        again = manager.RLock()
        return [(add_twice_locked, (shared, again, meeting)) for _ in range(8)]
    if kind == "ignored_lock":
        shared["other"] = 0
        locks = {"sum": lock, "other": manager.Lock()}
        return [(add_elsewhere, (shared, meeting, key, own)) for key, own in locks.items()]
    if kind == "unseen_exception":
        return [(divide, (i, shared, meeting)) for i in range(4)]
    if kind == "not_picklable":
        return [(put, (i, shared, partial(int, base=2), meeting)) for i in range(2)]
    if kind == "lock_not_released":
        return [(divide_locked, (i, shared, lock, meeting)) for i in range(4)]
    return []


def by_processes(kind, context, manager):
    shared, lock = manager.dict(sum=0), manager.Lock()
    if kind == "lock_of_dead":
        process = context.Process(target=die_without_lock, args=(lock,))
    elif kind == "lock_inherited":
        process = context.Process(target=add, args=(shared, context.Lock(), context.Barrier(1)))
    elif kind == "worker_died":
        process = context.Process(target=manager.Event().wait)
    elif kind == "server_died":
        other = context.Manager()
        kept = other.dict(sum=0)
        process = context.Process(target=look, args=(kept,))
    else:
        process = context.Process(target=look, args=(shared,))
    process.start()
    if kind == "worker_died":
        process.terminate()
    process.join()
    if kind == "server_died":
        other.shutdown()


results = []
POOLED = (
    *(
        "never_sent",
        "stale_write_back",
        "counter",
        "check_then_act",
        "private_lock",
        "late_lock",
        "ignored_lock",
        "unseen_exception",
    ),
    *("not_picklable", "lock_not_released", "no_main_guard", "lock_sent", "left_early", "one_worker"),
)

if __name__ == "__main__":
    wanted = sys.argv[1]
    context = multiprocessing.get_context("spawn" if wanted == "no_main_guard" else "fork")
    with context.Manager() as manager:
        (main if wanted in POOLED else by_processes)(wanted, context, manager)
