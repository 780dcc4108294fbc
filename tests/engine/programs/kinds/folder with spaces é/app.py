"""A sibling."""

NAME = "own app"
