"""The events of a recording, as one sequence of rows: a row is an object only while it is new, or is looked at.

A million rows as objects take a gigabyte, and have the garbage collector stop everything to look through them. Packed,
a row is some eighty bytes that the collector never sees, and a microsecond's work to make anew.
"""

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import eq
from typing import overload

import msgspec

from dictrace.engine.rows import DiedRow, EndRow, OpRow, RaisedRow, TaskRow, UnsentRow, WaitRow

EventRow = OpRow | WaitRow | RaisedRow | UnsentRow | DiedRow | TaskRow | EndRow

BLOCK = 2048
"""Rows that are packed together; at least as many, the newest, are objects."""

_KINDS = (OpRow, WaitRow, RaisedRow, UnsentRow, DiedRow, TaskRow, EndRow)
_NUMBER_OF: dict[type, int] = {kind: number for number, kind in enumerate(_KINDS)}
# Without the fields' names: these are all there are, in this order.
_decoders = [
    msgspec.msgpack.Decoder(tuple[tuple(field.type for field in msgspec.structs.fields(kind))])  # type: ignore[misc]
    for kind in _KINDS
]
_encode = msgspec.msgpack.Encoder().encode


class Events(Sequence[EventRow]):
    """Rows in the order they were added. Rows that are looked at twice may be two objects, which are equal."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._ends = array("I")  # in its block
        self._kinds = bytearray()
        self._newest: list[EventRow] = []
        self._looked_at: tuple[int, EventRow] | None = None

    def append(self, row: EventRow) -> None:
        """Add a row."""
        self._newest.append(row)
        if len(self._newest) == 2 * BLOCK:
            self._pack(self._newest[:BLOCK])
            del self._newest[:BLOCK]

    def __len__(self) -> int:
        return len(self._kinds) + len(self._newest)

    @overload
    def __getitem__(self, place: int) -> EventRow: ...

    @overload
    def __getitem__(self, place: slice) -> list[EventRow]: ...

    def __getitem__(self, place: int | slice) -> EventRow | list[EventRow]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        packed = len(self._kinds)
        if place >= packed:
            return self._newest[place - packed]
        if place < 0:
            return self[range(len(self))[place]]
        last = self._looked_at
        if last is not None and last[0] == place:
            return last[1]
        kind = self._kinds[place]
        start = self._ends[place - 1] if place % BLOCK else 0
        values = _decoders[kind].decode(memoryview(self._blocks[place // BLOCK])[start : self._ends[place]])
        row = _KINDS[kind](*values)
        self._looked_at = place, row  # who looks at a row often looks at it again at once
        return row

    def __iter__(self) -> Iterator[EventRow]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _pack(self, rows: list[EventRow]) -> None:
        packed = list(map(_encode, map(msgspec.structs.astuple, rows)))
        self._ends.extend(accumulate(map(len, packed)))
        self._kinds += bytes(map(_NUMBER_OF.__getitem__, map(type, rows)))
        self._blocks.append(b"".join(packed))
