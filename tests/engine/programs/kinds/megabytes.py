"""Prints some megabytes, on both streams."""

import sys

for n in range(60_000):
    print(n, "x" * 40)
    if n % 3 == 0:
        print(n, "y" * 40, file=sys.stderr)
