"""Ends with an exception."""

1 / 0  # noqa: B018
