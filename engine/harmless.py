"""Texts out of a program or a stranger's file, made harmless to show.

A terminal obeys control characters, and a reader is misled by characters that turn the direction of writing around.
They are shown as Python would write them in a string: the escape character as ``\\x1b``. The same is done to the lines
of a recording before they are decoded, so that no view, page, picture or terminal meets one.
"""

import re

# C0 but tab and line feed, DEL, C1, line and paragraph separators, marks and overrides of direction, tags, BOM.
_HARMFUL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
_TEXT = re.compile(_HARMFUL)
_RAW = (
    rb"\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf|\xf3\xa0[\x80\x81]"
    rb"[\x80-\xbf]"
)
_ESCAPED = (
    rb"\\u(?:00[01][0-9a-f]|00[89][0-9a-f]|007f|061c|200[ef]|202[89a-e]|206[6-9]|feff)|\\udb40\\udc[0-7][0-9a-f]|\\[bf]"
)
# A backslash that is itself escaped is passed over together with the one before it.
_LINES = re.compile(rb"\\\\|" + _RAW + rb"|(?i:" + _ESCAPED + rb")")

_ESCAPED_STARTS = (rb"\u", rb"\b", rb"\f")


def harmless(text: str) -> str:
    """The text, with tabs and line feeds as they are, and no other character that does something when it is shown."""
    return _TEXT.sub(lambda found: _written(found[0]), text)


def harmless_line(text: str) -> str:
    """The same on one line: what breaks it is written as Python would."""
    return harmless(text).replace("\n", r"\n").replace("\t", r"\t")


def harmless_json(lines: bytes) -> bytes:
    """JSON lines that decode to the same, but for such characters in texts."""
    # Most lines have no backslash at all, and one byte is found much faster than two.
    escaped = b"\\" in lines and any(start in lines for start in _ESCAPED_STARTS)
    if lines.isascii() and b"\x7f" not in lines and not escaped:
        return lines
    return _LINES.sub(_written_in_json, lines)


def _written(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _written_in_json(found: re.Match[bytes]) -> bytes:
    whole = found[0]
    if whole == rb"\\":
        return whole
    if whole.startswith(b"\\"):
        return whole.replace(b"\\", rb"\\")
    return _written(whole.decode()).replace("\\", r"\\").encode()
