"""A folder called multiprocessing beside the script, which then means that."""

import multiprocessing

print(multiprocessing.NAME)
