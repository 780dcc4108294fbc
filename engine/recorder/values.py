"""Compare two values of a key, part by part, and put them into short texts.

A value's *parts* are what two processes can change without meaning to touch each other: items of a dict, list or set,
attributes of an object. A number, a string or a proxy has none.
"""

from __future__ import annotations

import pickle
import re
import reprlib
import sys
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WITHOUT_PARTS = (int, float, complex, str, bytes, bool, type(None))
ABSENT: Any = object()

_SMALL = 10**18
_texts = reprlib.Repr()
_texts.maxstring = _texts.maxother = _texts.maxlong = 60
_texts.maxdict = _texts.maxlist = _texts.maxset = _texts.maxtuple = _texts.maxarray = 8

_ADDRESS = r" at 0x[0-9a-fA-F]+"

Diff = tuple[dict[str, str], dict[str, str], tuple[str, ...], str | None, bool]


class Text(str):
    """The short text of a thing that is not at hand, and stands for it."""

    __slots__ = ()


def is_proxy(value: object) -> bool:
    """Whether it is a proxy; there is none before `multiprocessing.managers` is loaded."""
    managers = sys.modules.get("multiprocessing.managers")
    return managers is not None and isinstance(value, managers.BaseProxy)


def text_of(value: object) -> str:
    """A short text of `value`; never fails."""
    if isinstance(value, Text):
        return str(value)
    if type(value) is int and -_SMALL < value < _SMALL:
        return repr(value)
    if is_proxy(value):
        return f"<{type(value).__name__}>"
    try:
        return _texts.repr(value)
    except Exception as error:
        return f"<{type(value).__name__} whose repr raised {type(error).__name__}>"


def described(value: object) -> str | dict[str, str]:
    """What can be sent of a value of any type: texts of its parts, or of the value where it has none.

    For texts see `full_text`.
    """
    parts = parts_of(value)
    return full_text(value) if parts is None else {full_text(key): full_text(part) for key, part in parts.items()}


def from_description(description: str | dict[str, str]) -> object:
    """Something that stands for the value that `described` described: same parts, same texts, equal when equal."""
    if isinstance(description, str):
        return Text(description)
    return {Text(key): Text(text) for key, text in description.items()}


def full_text(value: object) -> str:
    """`text_of`, and a checksum of the value's pickle where that leaves something out or has an address in it."""
    text = text_of(value)
    if not re.search(_ADDRESS, text) and "..." not in text:
        return text
    try:
        checksum = crc32(pickle.dumps(value))
    except Exception:
        return text
    return f"{re.sub(_ADDRESS, '', text)} #{checksum:08x}"


def parts_of(value: object) -> dict[Any, Any] | None:
    """The parts of `value` by name, or None where it has none."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return dict(enumerate(value))
    if isinstance(value, set | frozenset):
        return dict.fromkeys(value, True)
    if isinstance(value, WITHOUT_PARTS) or value is ABSENT or is_proxy(value):
        return None
    return getattr(value, "__dict__", None)


def same(one: object, other: object) -> bool:
    """Whether two values are equal; where their type can't say so, whether they pickle alike."""
    if one is other:
        return True
    try:
        return bool(one == other)
    except Exception:
        return pickle.dumps(one) == pickle.dumps(other)


def diff(old: object, new: object) -> Diff:
    """What makes `new` of `old`: parts added, changed and removed, the whole value's text where it has no parts, and
    whether all is gone (`new` is ABSENT).

    Dicts of hundreds of keys are compared while others wait, so the common case, a few keys more or less and all
    others equal, is left to the comparison of whole dicts, which runs at C speed.
    """
    before = parts_of(old) or {}
    if new is ABSENT:
        return {}, {}, tuple(text_of(key) for key in before), None, True
    parts = parts_of(new)
    if parts is None:
        return {}, {}, (), text_of(new), False
    more, fewer = parts.keys() - before.keys(), before.keys() - parts.keys()
    added = {text_of(key): text_of(parts[key]) for key in (parts if len(more) > 1 else more) if key in more}
    removed = tuple(text_of(key) for key in (before if len(fewer) > 1 else fewer) if key in fewer)
    shared = {**before, **{key: parts[key] for key in more}}
    for key in fewer:
        del shared[key]
    changed = {}
    if not same(shared, parts):
        changed = {text_of(key): text_of(value) for key, value in parts.items() if not same(shared[key], value)}
    return added, changed, removed, None, False
