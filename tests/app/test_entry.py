"""The command `dictrace` before anything is carried out."""

import gc
import os
import sys

import pytest

from dictrace.app import cli, entry


@pytest.mark.parametrize("given", [None, "3"])
def test_what_is_watched_gets_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch, given: str | None) -> None:
    if given is None:
        monkeypatch.delenv(entry.THREADS, raising=False)
    else:
        monkeypatch.setenv(entry.THREADS, given)
    seen = []
    monkeypatch.setattr(sys, "argv", ["dictrace", "report"])
    monkeypatch.setattr(cli, "main", lambda: seen.append((os.environ.get(entry.THREADS), gc.isenabled())) or 0)
    try:
        assert entry.main() == 0
    finally:
        gc.unfreeze()
    assert seen == [(given, True)]
