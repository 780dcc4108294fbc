"""Comparing two values of a key."""

import re
from collections import OrderedDict
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictrace.engine.recorder.values import ABSENT, described, diff, from_description, parts_of, same, text_of

dicts = st.dictionaries(
    st.integers(0, 9) | st.text(max_size=1), st.integers(0, 3) | st.lists(st.integers(0, 1), max_size=3)
)


@dataclass
class Account:
    """An object with attributes."""

    owner: str
    balance: int


class Unequal:
    """Can't be compared, like an array."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __eq__(self, other: object) -> bool:
        raise TypeError("ambiguous")

    __hash__ = None  # type: ignore[assignment]


class Unrepresentable:
    """Has no text."""

    def __repr__(self) -> str:
        raise RuntimeError("no words")


@given(dicts, dicts)
def test_a_diff_makes_the_new_value_of_the_old(old: dict[object, object], new: dict[object, object]) -> None:
    added, changed, removed, text, gone = diff(old, new)
    assert text is None
    assert not gone
    texts = {text_of(key): text_of(value) for key, value in old.items()}
    assert not set(added) & set(texts)
    assert set(changed) | set(removed) <= set(texts)
    made = {key: value for key, value in {**texts, **added, **changed}.items() if key not in removed}
    assert made == {text_of(key): text_of(value) for key, value in new.items()}


@given(dicts)
def test_a_value_does_not_differ_from_its_copy(value: dict[object, object]) -> None:
    assert diff(value, dict(value)) == ({}, {}, (), None, False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([1, 2, 3], [1, 5], ({}, {"1": "5"}, ("2",), None, False)),
        ({1, 2}, {2, 3}, ({"3": "True"}, {}, ("1",), None, False)),
        (Account("Ann", 1), Account("Ann", 2), ({}, {"'balance'": "2"}, (), None, False)),
        (OrderedDict(a=1), OrderedDict(a=1, b=2), ({"'b'": "2"}, {}, (), None, False)),
        (4, 5, ({}, {}, (), "5", False)),
        ({"a": 1}, "gone", ({}, {}, (), "'gone'", False)),
        (ABSENT, {"a": 1}, ({"'a'": "1"}, {}, (), None, False)),
        (7, {"a": 1}, ({"'a'": "1"}, {}, (), None, False)),
        ({"a": 1}, ABSENT, ({}, {}, ("'a'",), None, True)),
        (7, ABSENT, ({}, {}, (), None, True)),
    ],
)
def test_values_of_many_kinds(old: object, new: object, expected: object) -> None:
    assert diff(old, new) == expected


def test_values_that_cannot_be_compared_are_pickled() -> None:
    assert same(Unequal(1), Unequal(1))
    assert not same(Unequal(1), Unequal(2))
    assert diff({"a": Unequal(1)}, {"a": Unequal(2)})[1].keys() == {"'a'"}


def test_texts_are_short_and_never_fail() -> None:
    assert text_of(Unrepresentable()).startswith("<Unrepresentable instance at ")
    # Since 3.14 such a number has a text: of its type, its digits and its address.
    assert re.fullmatch(r"<int (whose repr raised ValueError|instance with roughly 5001 digits .*)>", text_of(10**5000))
    assert len(text_of("x" * 10_000)) < 100
    assert len(text_of(dict.fromkeys(range(1000), "y" * 1000))) < 1000


@given(dicts, dicts)
def test_a_description_stands_for_its_value(one: dict[object, object], other: dict[object, object]) -> None:
    shown_one, shown_other = (from_description(described(value)) for value in (one, other))
    assert diff(shown_one, shown_other) == diff(one, other)


def test_a_description_tells_apart_what_looks_alike() -> None:
    long, longer = "x" * 1000, "x" * 1001
    assert text_of(long) == text_of(longer)
    assert described(long) != described(longer)
    assert described(Unrepresentable()) == described(Unrepresentable())
    assert described({"f": lambda: 0})["'f'"].startswith("<function")  # type: ignore[index]


def test_a_number_has_no_parts_and_a_tuple_has() -> None:
    assert parts_of(3) is None
    assert parts_of(("a", "b")) == {0: "a", 1: "b"}
    assert parts_of(object()) is None
