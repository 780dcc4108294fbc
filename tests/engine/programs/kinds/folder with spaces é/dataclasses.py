"""A sibling with the name of a module of the standard library."""

NAME = "own dataclasses"
