"""The kinds of files that a recording can be exported to."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from dictrace.engine.export.page import page_of
from dictrace.engine.export.tables import commits_table, operations_table
from dictrace.engine.export.trace import trace_of
from dictrace.engine.recording import Recording


class Format(StrEnum):
    """What to write; also how the name of such a file ends."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


class Table(StrEnum):
    """Which table."""

    OPERATIONS = "operations"
    COMMITS = "commits"


def format_of(path: Path) -> Format | None:
    """The format that a file's name asks for, None where it asks for none."""
    ending = path.suffix.lower().removeprefix(".")
    return Format(ending) if ending in list(Format) else None


def exported(recording: Recording, wanted: Format, table: Table = Table.OPERATIONS) -> bytes:
    """The content of the file; `table` is for `Format.CSV` only."""
    made: dict[Format, Callable[[Recording], bytes]] = {
        Format.JSON: trace_of,
        Format.CSV: commits_table if table is Table.COMMITS else operations_table,
        Format.HTML: page_of,
    }
    return made[wanted](recording)
