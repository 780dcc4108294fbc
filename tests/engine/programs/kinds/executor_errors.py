"""Exceptions of a `ProcessPoolExecutor`: raised, not picklable on the way there, not picklable on the way back."""

import traceback
from concurrent.futures import ProcessPoolExecutor, wait


class Mute(Exception):
    """Has no text."""

    def __str__(self):
        raise RuntimeError("it says nothing")


def fail(i):
    raise ValueError(f"task {i}")


def fail_mutely(i):
    raise Mute


def give_a_function(i):
    return lambda: i


if __name__ == "__main__":
    with ProcessPoolExecutor(1) as executor:
        for function in (fail, lambda i: i, give_a_function, fail_mutely):
            future = executor.submit(function, 1)
            wait([future])  # the traceback of a `result` that has to wait has another line
            try:
                future.result()
            except Exception:
                traceback.print_exc()
        unseen = [executor.submit(fail, 4), executor.submit(lambda i: i, 5), executor.submit(give_a_function, 6)]
        wait(unseen)
        seen = executor.submit(fail, 7)
        seen.add_done_callback(lambda future: print(repr(future.exception())))
        wait([seen])
