"""`asyncio` with a `ProcessPoolExecutor` and a shared dict; one call raises."""

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def square(d, i):
    if i == 2:
        raise ValueError("two")
    d[i] = i * i
    return i


async def main():
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager, ProcessPoolExecutor(3, mp_context=context) as executor:
        d = manager.dict()
        loop = asyncio.get_running_loop()
        calls = (loop.run_in_executor(executor, square, d, i) for i in range(5))
        print(await asyncio.gather(*calls, return_exceptions=True))
        print(sorted(d.items()))


if __name__ == "__main__":
    asyncio.run(main())
