"""Locks, values, queues and events of `multiprocessing` itself, under spawn."""

import multiprocessing


def task(lock, value, queue, go):
    go.wait()
    for _ in range(50):
        with lock:
            value.value += 1
    queue.put(value.value > 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    lock, value = multiprocessing.Lock(), multiprocessing.Value("i", 0, lock=False)
    queue, go = multiprocessing.Queue(), multiprocessing.Event()
    processes = [multiprocessing.Process(target=task, args=(lock, value, queue, go)) for _ in range(3)]
    for process in processes:
        process.start()
    go.set()
    print([queue.get() for _ in processes])
    for process in processes:
        process.join()
    print(value.value, lock, type(lock), isinstance(lock, multiprocessing.synchronize.Lock))
