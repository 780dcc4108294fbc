"""Damaged and malicious recordings, made from good ones, and a look at everything that is made of a recording."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, get_args

import msgspec

from dictrace.engine.clock import Clock, drawn_clock
from dictrace.engine.expected import Expected
from dictrace.engine.explain import happened
from dictrace.engine.export.kinds import Format, Table, exported
from dictrace.engine.files import Reader
from dictrace.engine.framing import frame_at
from dictrace.engine.graph import Graphs
from dictrace.engine.lanes import Lanes
from dictrace.engine.opening import opening_stops
from dictrace.engine.provenance import provenance
from dictrace.engine.recording import Recording, RecordingError
from dictrace.engine.report import report_of, text_of
from dictrace.engine.rows import AnyRow
from dictrace.engine.story import story, title

ODD_VALUES: tuple[Any, ...] = (
    *(
        0,
        1,
        -1,
        2,
        3,
        7,
        255,
        32_767,
        65_536,
        2**31 - 1,
        2**31,
        2**32,
        2**53,
        2**53 + 1,
        2**63 - 1,
        2**63,
        -(2**63),
        10**18,
    ),
    *(
        10**40,
        1.0,
        0.5,
        -1e300,
        None,
        True,
        False,
        "",
        "x",
        "1",
        "9" * 60,
        "9" * 5000,
        "-" + "7" * 19,
        "None",
        "<Proxy>",
    ),
    *(
        "DictProxy>",
        "\x00",
        "\x1b[2J\x07",
        "\u202egnp.exe",
        "\u009b31m",
        "\ufeff",
        "<script>",
        "../../etc/passwd",
        "=1+1",
    ),
    *(
        "fetch",
        "commit",
        "read",
        "acquire",
        "release",
        "call",
        "begin",
        "end",
        "unreturned",
        "worker",
        "main",
        "manager",
    ),
    *([], {}, [1], {"a": "b"}, [["x"]], {"added": {"1": "2"}}, {"removed": ["1"]}, {"gone": True}, {"value": "7"}),
)
KINDS = [kind.__struct_config__.tag for kind in get_args(AnyRow)] + ["magic", ""]
Lines = list[bytes]
PAGES = 0.2
"""Share of the recordings that become a page too: that costs as much as all else, a frame for each event."""


def _somewhere(chance: Random, lines: Lines) -> int:
    return chance.randrange(len(lines)) if lines else 0


def _flip_bytes(chance: Random, lines: Lines) -> None:
    place = _somewhere(chance, lines)
    line = bytearray(lines[place])
    for _ in range(chance.choice((1, 1, 2, 8))):
        line[chance.randrange(len(line))] = chance.choice((chance.randrange(256), *b'\x00\xff"{}[],:\\\n0e-'))
    lines[place] = bytes(line)


def _insert_bytes(chance: Random, lines: Lines) -> None:
    place = _somewhere(chance, lines)
    at = chance.randrange(len(lines[place]) + 1)
    odd = (
        b"\x00",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\n",
        b"\r",
        b"\\ud800",
        b"\\u001b",
        b"9" * 30,
        b" " * 5000,
    )
    lines[place] = lines[place][:at] + chance.choice(odd) + lines[place][at:]


def _drop_line(chance: Random, lines: Lines) -> None:
    start = _somewhere(chance, lines)
    del lines[start : start + chance.choice((1, 1, 1, 5, 20))]


def _double_lines(chance: Random, lines: Lines) -> None:
    start = _somewhere(chance, lines)
    lines[start:start] = lines[start : start + chance.choice((1, 1, 3, 10))] * chance.choice((1, 1, 2, 5))


def _swap_lines(chance: Random, lines: Lines) -> None:
    one, other = _somewhere(chance, lines), _somewhere(chance, lines)
    lines[one], lines[other] = lines[other], lines[one]


def _shuffle_lines(chance: Random, lines: Lines) -> None:
    rest = lines[1:]
    chance.shuffle(rest)
    lines[1:] = rest


def _nest_deeply(chance: Random, lines: Lines) -> None:
    place = _somewhere(chance, lines)
    deep = chance.choice((50, 500, 900, 1500, 50_000))
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    field = chance.choice((b'"more":', b'"parameters":', b'"change":'))
    lines[place] = lines[place].replace(b"{", b"{" + field + opened * deep + b"1" + closed * deep + b",", 1)


def _change_value(chance: Random, lines: Lines) -> None:
    """The right JSON with the wrong things in it: the mutation that gets furthest."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = _somewhere(chance, lines)
        try:
            row = json.loads(lines[place])
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and row:
            _change_within(chance, row)
            lines[place] = json.dumps(row, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass") + b"\n"


def _change_within(chance: Random, row: dict[str, Any]) -> None:
    nested = [name for name in row if isinstance(row[name], dict)]
    name = chance.choice(nested if nested and chance.random() < 0.4 else list(row))
    while isinstance(row[name], dict) and row[name] and chance.random() < 0.7:
        row = row[name]
        name = chance.choice(list(row))
    kind = type(row[name])
    alike = [value for value in ODD_VALUES if type(value) is kind]
    match chance.randrange(10):
        case 0:
            del row[name]
        case 1:
            added = chance.choice(("more", "line", "task", "base", "version", "own", "change", "key"))
            row[added] = chance.choice(ODD_VALUES)
        case 2:
            row[name] = chance.choice(KINDS)
        case 3 | 4 | 5 if kind is int:
            row[name] += chance.choice((-1, 1, 2, -1000, 1000, -row[name], -2 * row[name], 10**9, 10**15))
        case 6:
            row[name] = chance.choice(ODD_VALUES)
        case _:
            row[name] = chance.choice(alike or ODD_VALUES)


def _exchange_field(chance: Random, lines: Lines) -> None:
    """A field of one row goes into another of the same name, so that numbers point to other rows."""
    rows = [row for row in map(_parsed, lines) if row]
    if len(rows) < 2:
        return
    place = _somewhere(chance, lines)
    mine, theirs = _parsed(lines[place]), chance.choice(rows)
    common = [name for name in mine if name in theirs]
    if common:
        name = chance.choice(common)
        mine[name] = theirs[name]
        lines[place] = json.dumps(mine).encode() + b"\n"


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return row if isinstance(row, dict) else {}


MUTATIONS: tuple[Callable[[Random, Lines], None], ...] = (
    *(_change_value,) * 6,
    *(_exchange_field,) * 4,
    *(_flip_bytes, _insert_bytes, _drop_line, _drop_line, _double_lines, _swap_lines, _swap_lines, _shuffle_lines),
    _nest_deeply,
)


def damaged(chance: Random, good: list[bytes]) -> bytes:
    """A file made from one or two good ones, damaged in some of the ways above; now and then compressed or cut."""
    lines = chance.choice(good).splitlines(keepends=True)
    if chance.random() < 0.1:
        other = chance.choice(good).splitlines(keepends=True)
        lines = lines[: _somewhere(chance, lines)] + other[_somewhere(chance, other) :]
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        chance.choice(MUTATIONS)(chance, lines)
        if not lines:
            break
    content = b"".join(lines)
    match chance.randrange(20):
        case 0:
            content = gzip.compress(content, 1)
        case 1:
            content = gzip.compress(content, 1)[: chance.randrange(len(content) + 1)]
        case 2:
            packed = bytearray(gzip.compress(content, 1))
            packed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
            content = bytes(packed)
        case 3:
            content = content[: chance.randrange(len(content) + 1)]
        case 4:
            content = chance.choice((b"\xef\xbb\xbf", b"\x00", b"\n", b" ", b"\x1f\x8b")) + content
    return content


_MEGABYTE = 1 << 20
_PARTS = b",".join(b'"%d":""' % number for number in range(200_000))
BOMBS: tuple[tuple[bytes, bytes, int, bytes], ...] = (
    (b"", bytes(_MEGABYTE), 256, b""),
    (b"HEADER", b" " * _MEGABYTE, 256, b""),
    (b"HEADER", b'{"row":"gate","serve":1,"text":""}\n' * 30_000, 256, b""),
    (b"HEADER" + b'{"row":"final","object":1,"key":"k","parts":{' + _PARTS + b"}}\n", b"", 0, b""),
    (b'HEADER{"row":"final","object":1,"key":"', b"k" * _MEGABYTE, 256, b'"}\n'),
)
"""Small packed files: zeros, a line without an end, one row for ever, one of many parts, a long text.

A start, in which ``HEADER`` stands for the first line of a recording; what is repeated, and how often; an end.
"""


def bomb(kind: int, good: bytes) -> bytes:
    """A packed file of a few hundred kilobytes that would unpack to as many megabytes."""
    start, piece, times, end = BOMBS[kind]
    packer = zlib.compressobj(9, wbits=31)
    packed = [packer.compress(start.replace(b"HEADER", good.splitlines(keepends=True)[0]))]
    packed += [packer.compress(piece) for _ in range(times)]
    return b"".join([*packed, packer.compress(end), packer.flush()])


@dataclass(frozen=True, slots=True)
class Look:
    """What became of a file: `recording` where it opened, else `refusal`, one sentence."""

    recording: Recording | None
    refusal: str = ""


def opened(content: bytes) -> Look:
    """Open it, as the window and the command line do."""
    try:
        with Reader(Path("fuzz.dictrace"), content) as reader:
            while reader.read_some():
                pass
    except RecordingError as error:
        assert_sentence(str(error))
        return Look(None, str(error))
    if reader.recording.damage:
        assert_sentence(reader.recording.damage)
    return Look(reader.recording)


def assert_sentence(text: str) -> None:
    """One plain sentence."""
    assert text.endswith("."), text
    assert "\n" not in text, text
    assert len(text) < 300, text


def look_at(recording: Recording, chance: Random) -> None:
    """Make everything of it that is made of a recording; any exception is a defect."""
    history, events = recording.history, len(recording.events)
    counts = history.counts_at(events)
    assert counts.attempted == counts.survived + counts.overwritten + counts.never_sent + counts.never_ran
    assert len(history.standing()) == counts.attempted - counts.survived
    for position in positions(chance, events):
        frame = frame_at(recording, position)
        assert frame.event == int(min(max(position, 0), events))
    for loss in history.standing()[:20]:
        story(recording, loss)
        title(recording, loss)
    report = report_of(recording)
    text_of(report)
    msgspec.json.encode(report)
    _look_at_lists(recording)
    for table in Table:
        exported(recording, Format.CSV, table)
    exported(recording, Format.JSON)
    if chance.random() < PAGES:
        exported(recording, Format.HTML)


def _look_at_lists(recording: Recording) -> None:
    events = len(recording.events)
    lanes = Lanes(recording).data()
    assert len(lanes.event_ns) == events
    for event in {0, events // 2, events}:
        lanes.fates.at(event)
        lanes.nearest_event(lanes.bounds_ns[1] / 2)
    graphs = Graphs(recording)
    for number in range(len(graphs.slots)):
        graphs.label(number)
        graph = graphs.graph(number)
        graph.rows(0, len(graphs.slots[number].events) - 1, events)
        graph.branches(0, len(graphs.slots[number].events) - 1, events)
    expected = Expected(recording)
    for event in range(1, events + 1):
        expected.take(event)
        happened(recording, event)
    for object, key in recording.history.slots:
        expected.at(object, key, events)
        recording.history.parts_at(object, key, events)
    opening_stops(recording)
    provenance(recording)
    drawn_clock(Clock(recording.event_ns))
    recording.history.curve()


def positions(chance: Random, events: int) -> Iterator[float]:
    """Some positions: both ends, outside, whole and between."""
    yield from (0.0, float(events), -1.0, events + 1.5)
    for _ in range(6):
        yield chance.random() * events
    yield float(chance.randrange(events + 1))
