"""The language of what a person reads."""

from collections.abc import Iterator

import pytest

from dictrace.engine.frame import Counts
from dictrace.engine.verdicts import verdict
from dictrace.engine.words import LANGUAGES, choose_language, chosen_language, joined

COUNTS = Counts(attempted=3, survived=1, overwritten=2)


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    """No test leaves another language behind."""
    yield
    choose_language("en")


def test_each_language_says_it_in_its_own_way() -> None:
    said = set()
    for language in LANGUAGES:
        choose_language(language)
        assert chosen_language() == language
        said.add(verdict(COUNTS))
    assert len(said) == len(LANGUAGES)


def test_the_environment_decides_where_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    choose_language("zh")
    chinese = verdict(COUNTS)
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    choose_language(None)
    assert verdict(COUNTS) == chinese
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    choose_language(None)
    assert verdict(COUNTS) == "1 of 3 updates survived"


def test_sentences_are_joined_as_the_language_does() -> None:
    assert joined(["One.", "", "Two."]) == "One. Two."
    assert joined([]) == ""
    choose_language("zh")
    assert joined(["一。", "二。"]) == "一。二。"
