"""The line that says where a recording comes from."""

import msgspec
import pytest

from dictrace.engine.provenance import provenance, reservations
from dictrace.engine.rows import GateMode
from tests.engine.histories import Simulation


def test_a_free_run_is_told_in_a_few_words() -> None:
    told = "2 real processes · start method fork · Python 3.11.2 · recorded 2025-01-01"
    assert provenance(Simulation().finish()) == told


@pytest.mark.parametrize(
    ("gate", "words"),
    [(GateMode.JITTERED, "random delays"), (GateMode.SCRIPTED, "forced order"), (GateMode.BY_HAND, "by hand")],
)
def test_who_decided_the_order_is_told(gate: GateMode, words: str) -> None:
    run = Simulation()
    run.header = msgspec.structs.replace(run.header, gate=gate)
    assert provenance(run.finish()).split(" · ")[1] == words
    assert reservations(run.finish(dropped=1)) == [words, "1 row left out"]


def test_what_is_missing_is_told() -> None:
    assert "2 rows left out" in provenance(Simulation().finish(dropped=2))
    assert "incomplete" in provenance(Simulation().recording)
    assert reservations(Simulation().recording) == ["incomplete"]
    assert reservations(Simulation().finish()) == []
