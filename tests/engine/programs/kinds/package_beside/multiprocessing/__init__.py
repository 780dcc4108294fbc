"""A package with the name of one of the standard library."""

NAME = "own multiprocessing"
