"""A sibling."""


def square(n):
    return n * n
