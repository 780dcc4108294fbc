"""Reads its standard input."""

import multiprocessing
import sys


def task(line):
    return line.strip().upper()


if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(task, sys.stdin))
