"""What each stretch of Python source is, line by line, and the colours for it; by the standard library's tokenizer."""

import keyword
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from io import StringIO
from textwrap import dedent
from tokenize import COMMENT, NAME, NUMBER, STRING, TokenError, TokenInfo, generate_tokens

from PySide6.QtGui import QColor

from dictrace.widgets.theme import Theme


class Syntax(Enum):
    """What a stretch of source is."""

    PLAIN = "plain"
    KEYWORD = "keyword"
    DEFINED = "defined"
    STRING = "string"
    NUMBER = "number"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Span:
    """Columns `start` to `end` (exclusive) of a line."""

    start: int
    end: int
    syntax: Syntax


@lru_cache(maxsize=64)
def spans_of(text: str) -> tuple[tuple[Span, ...], ...]:
    """The spans of each line that are not plain, in order; from where `text` is no Python on, none."""
    lines = text.splitlines()
    flush = dedent(text)
    indent = len(lines[0]) - len(flush.splitlines()[0]) if lines and flush.strip() else 0
    found: list[list[Span]] = [[] for _line in lines]
    try:
        for syntax, token in _tokens(flush):
            for number in range(token.start[0], token.end[0] + 1):
                start = token.start[1] if number == token.start[0] else 0
                end = token.end[1] if number == token.end[0] else len(lines[number - 1])
                found[number - 1].append(Span(start + indent, end + indent, syntax))
    except (TokenError, SyntaxError):
        pass  # a piece of a file, or another language: what was found so far stays
    return tuple(tuple(spans) for spans in found)


def _tokens(text: str) -> Iterator[tuple[Syntax, TokenInfo]]:
    before = ""
    for token in generate_tokens(StringIO(text).readline):
        if token.type == NAME and keyword.iskeyword(token.string):
            yield Syntax.KEYWORD, token
        elif token.type == NAME and before in ("def", "class"):
            yield Syntax.DEFINED, token
        elif token.type in _SYNTAX:
            yield _SYNTAX[token.type], token
        before = token.string


def syntax_colour(syntax: Syntax, theme: Theme) -> QColor:
    """Colour of such a stretch: readable on panel, sunken and raised, and none that means lost."""
    match syntax:
        case Syntax.KEYWORD:
            return theme.accent_text
        case Syntax.STRING:
            return QColor("#8FD19E" if theme.dark else "#1B6B3A")
        case Syntax.NUMBER:
            return QColor("#7FC4FF" if theme.dark else "#0B5394")
        case Syntax.COMMENT:
            return theme.muted
        case _:
            return theme.text


_SYNTAX = {STRING: Syntax.STRING, NUMBER: Syntax.NUMBER, COMMENT: Syntax.COMMENT}
