"""Two managers at once, and one in each of two children."""

import multiprocessing


def task(i, one, two, queue):
    with multiprocessing.Manager() as own:
        mine = own.dict()
        mine[i] = i
        one[i], two[i] = i, -i
        queue.put(dict(mine))


if __name__ == "__main__":
    first, second = multiprocessing.Manager(), multiprocessing.Manager()
    one = first.dict()
    two = second.dict()
    queue = first.Queue()
    processes = [multiprocessing.Process(target=task, args=(i, one, two, queue)) for i in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print(sorted(one.items()), sorted(two.items()), sorted([str(queue.get()), str(queue.get())]))
