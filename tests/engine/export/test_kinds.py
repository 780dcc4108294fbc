"""Which file is made of a recording."""

from pathlib import Path

import pytest

from dictrace.engine.export.kinds import Format, Table, exported, format_of
from tests.engine.races import race


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("a.json", Format.JSON), ("a.b.CSV", Format.CSV), ("a.html", Format.HTML), ("json", None), ("a.txt", None)],
)
def test_the_name_tells_the_format(name: str, wanted: Format | None) -> None:
    assert format_of(Path("folder.csv") / name) is wanted


@pytest.mark.parametrize(
    ("wanted", "table", "begin"),
    [
        (Format.JSON, Table.OPERATIONS, b'{"displayTimeUnit"'),
        (Format.CSV, Table.OPERATIONS, b"event,serve,serve_ns,request_ns,"),
        (Format.CSV, Table.COMMITS, b"event,serve,serve_ns,process,"),
        (Format.HTML, Table.OPERATIONS, b"<!doctype html>"),
    ],
)
def test_each_format_is_made(wanted: Format, table: Table, begin: bytes) -> None:
    assert exported(race(tasks=3), wanted, table).startswith(begin)
