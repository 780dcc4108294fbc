"""Exceptions of tasks: raised, not picklable on the way there, not picklable on the way back."""

import multiprocessing
import traceback


def fail(i):
    raise RuntimeError(f"task {i}")


def give_a_function(i):
    return lambda: i


if __name__ == "__main__":
    with multiprocessing.Pool(1) as pool:
        for function in (fail, lambda i: i):
            try:
                pool.apply_async(function, (1,)).get()
            except Exception:
                traceback.print_exc()
        try:
            pool.apply_async(give_a_function, (1,)).get()
        except Exception as error:
            print(type(error).__name__)
        results = [pool.apply_async(fail, (n,)) for n in range(3)]
        for result in results:
            result.wait()
        print([result.successful() for result in results])
