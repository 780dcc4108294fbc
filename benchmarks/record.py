"""What recording costs: watched over bare runs of the same program, in pairs, with VizTracer's cost beside it.

Prints medians of ratios. A run is timed inside its main program, from before the manager starts until it is gone.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from time import perf_counter

from dictrace.engine.experiment import Experiment
from dictrace.engine.host import Host
from dictrace.engine.order import Order
from dictrace.engine.program import run

WORKERS, OPERATIONS = 8, 1000


def pool_of_tasks() -> None:
    """400 fetch-mutate-commit tasks on 4 processes."""
    run(Experiment(tasks=400))


def many_operations() -> None:
    """8 processes, 1000 writes each to keys of their own."""
    import multiprocessing

    with multiprocessing.Manager() as manager, multiprocessing.Pool(WORKERS) as pool:
        d = manager.dict()
        results = [pool.apply_async(write_many, (n, d)) for n in range(WORKERS)]
        for result in results:
            result.get()
        pool.close()
        pool.join()


def write_many(n: int, d: dict[int, int]) -> None:
    """One worker's writes."""
    for k in range(OPERATIONS):
        d[n * OPERATIONS + k] = k


PROGRAMS: dict[str, Callable[[], None]] = {"pool": pool_of_tasks, "operations": many_operations}


def probe(program: str) -> None:
    """Run one program in this process and print its seconds and, of a dict in ``test``, the keys kept."""
    start = perf_counter()
    PROGRAMS[program]()
    print(json.dumps(perf_counter() - start), file=sys.stderr)


def measure(program: str, kind: str) -> tuple[float, int]:
    """Seconds of one run in a process of its own, and how many keys its dict kept; watched runs have a real host."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--host" if kind == "watched" else "--probe", program]
        if kind == "viztracer":
            command[1:1] = ["-m", "viztracer", "--quiet", "-o", f"{folder}/trace.json", "--"]
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        with running:
            assert running.stdout is not None
            printed = running.stdout.read().decode()
    if kind == "watched":
        rows = [json.loads(line) for line in printed.splitlines()]
        outputs = sorted((row for row in rows if row["row"] == "output"), key=lambda row: row["stream"] == "stderr")
        printed = "".join(row["text"] for row in outputs)
    return float(printed.split()[-1]), printed.count(":") - 1


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--probe")
    parser.add_argument("--host")
    parser.add_argument("--pairs", type=int, default=15)
    options = parser.parse_args()
    if options.probe:
        probe(options.probe)
        return
    if options.host:
        Host(Order(Experiment()), [sys.executable, __file__, "--probe", options.host]).run()
        return
    for program, text in (("pool", "400 tasks on 4 processes"), ("operations", "8 x 1000 operations")):
        pairs = [(measure(program, "bare"), measure(program, "watched")) for _ in range(options.pairs)]
        ratios = sorted(watched[0] / bare[0] for bare, watched in pairs)
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
        print(f"record: {text}: watched/bare {statistics.median(ratios):.3f} (pairs: {spread})")
        if program == "pool":
            for name, index in (("bare", 0), ("watched", 1)):
                kept = sorted(pair[index][1] for pair in pairs)
                middle = statistics.median(kept)
                print(f"record: {text}: {name} kept {kept[0]} to {kept[-1]}, median {middle:.0f} of 400")
        few = range(max(1, options.pairs // 5))
        traced = [measure(program, "viztracer")[0] / measure(program, "bare")[0] for _ in few]
        print(f"record: {text}: viztracer/bare {statistics.median(traced):.2f}")


if __name__ == "__main__":
    main()
