"""Claims: what they can say, and that nothing in them is ever run."""

from pathlib import Path

import pytest

from dictrace.app.pictures.claims import COUNTS, MOST_LETTERS, Claim, ClaimError, counts_of
from tests.app.pictures.subjects import subject_of_race

RUN = dict.fromkeys(COUNTS, 0) | {"attempted": 48, "survived": 29, "overwritten": 19, "lost": 19}


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("overwritten > 0", True),
        ("overwritten == 0", False),
        ("overwritten >= 19 and survived <= 29", True),
        ("never_sent > 0 or overwritten != 19", False),
        ("not lost == 0", True),
        ("0 < survived < attempted", True),
        ("0 < survived < 29", False),
        ("survived + overwritten == attempted", True),
        ("attempted - lost == 28", False),
        ("never_sent > -1", True),
        ("(lost > 100 or survived > 20) and lost > 2.5", True),
        ("lost > 100 or survived > 20 and lost > 99", False),
        ("  overwritten\n> 0 ", True),
    ],
)
def test_what_claims_say(text: str, true: bool) -> None:
    assert Claim(text).holds(RUN) is true


def test_a_refuted_claim_gives_the_real_numbers() -> None:
    claim = Claim("overwritten == 0 and survived == attempted and overwritten < 5")
    said = "is not true: overwritten is 19, survived is 29, attempted is 48."
    assert claim.refuted(RUN) == f"“{claim.text}” {said}"


@pytest.mark.parametrize(
    "text",
    [
        *("", "lost", "1", "lost >", "lost = 0", "lost is 0", "lost in (1, 2)", "'a' < 'b'", "True == 1", "lost > 1j"),
        *("__import__('os').system('true') > 0", "lost.real > 0", "[lost][0] > 0", "lost ** 9 > 0", "lost * 2 > 0"),
        *("(lambda: 0)() < lost", "lost > 0 if lost else lost > 1", "(lost := 3) > 0", "1 and lost > 0", "\0 > 0"),
        *("(" * 300 + "lost" + ")" * 90, "lost > " + "-" * 390 + "1" * 9, "lost > 0 " * MOST_LETTERS, "f'{lost}' > 0"),
    ],
)
def test_what_is_no_claim_is_said(text: str) -> None:
    with pytest.raises(ClaimError, match=r"is no claim; write one as") as caught:
        Claim(text)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["overwriten > 0", "lost > 0 or print > 0"])
def test_a_count_that_does_not_exist_is_named(text: str) -> None:
    with pytest.raises(ClaimError, match=r"^There is no count called “(overwriten|print)”; choose of attempted, "):
        Claim(text)


def test_counts_are_those_of_the_whole_run(tmp_path: Path) -> None:
    recording = subject_of_race(tmp_path).recording
    counts = counts_of(recording)
    assert tuple(counts) == COUNTS
    assert counts["attempted"] == 20
    assert counts["lost"] == counts["attempted"] - counts["survived"] > 0
    assert counts["events"] == len(recording.events)
