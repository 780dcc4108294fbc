"""Characters that do something when they are shown are written as Python would write them."""

import json
from random import Random

import msgspec
import pytest

from dictrace.engine.harmless import harmless, harmless_json, harmless_line
from dictrace.engine.report import report_of, text_of
from tests.engine.histories import Simulation

HARMFUL = [
    *map(chr, range(32)),
    *map(chr, range(127, 160)),
    *"\u061c\u200e\u200f\u2028\u202a\u202e\u2066\u2069\ufeff\U000e0041",
]


@pytest.mark.parametrize("character", set(HARMFUL) - {"\n", "\t"})
def test_a_harmful_character_is_written_out(character: str) -> None:
    assert harmless(f"a{character}b") == f"a{character.encode('unicode_escape').decode()}b"


def test_others_stay() -> None:
    text = "plain, 汉字, “quotes”, é, 🙂, \\x1b, {'a': 1}\n\tnext"
    assert harmless(text) == text
    assert harmless_line(text) == text.replace("\n", "\\n").replace("\t", "\\t")


@pytest.mark.parametrize("ascii_only", [True, False])
def test_lines_decode_to_harmless_texts(ascii_only: bool) -> None:
    """Whichever way JSON writes a character, and whatever backslashes stand before it."""
    chance = Random(1)
    pieces = [*HARMFUL, "\\", "\\\\", "u001b", '"', "a", "汉", "🙂"]
    for _ in range(2000):
        text = "".join(chance.choices(pieces, k=chance.randrange(12)))
        line = json.dumps(text, ensure_ascii=ascii_only).encode()
        decoded = msgspec.json.decode(harmless_json(line))
        assert decoded.replace("\r", "") == harmless(decoded.replace("\r", ""))
        if text == harmless(text):
            assert decoded == text


def test_a_report_obeys_no_key() -> None:
    run = Simulation()
    key = "'\x1b[2J\u202e\x07\nforged line\r'"
    run.commit(0, None, {}, None, key)
    base = run.fetch(1, 1, key)
    run.fetch(2, 2, key)
    run.update(1, 1, base, key, **{"\x1b]0;title\x07": "1"})
    run.update(2, 2, base, key, b="1")
    run.finish()
    text = text_of(report_of(run.recording))
    assert "forged line" in text
    assert "\nforged line" not in text
    assert text == harmless(text)
