"""What was packed is what comes out again."""

import pytest
from hypothesis import given, settings

from dictrace.engine import events
from dictrace.engine.events import Events
from tests.engine.histories import Simulation, simulations


@settings(deadline=None)
@given(simulations)
def test_rows_are_the_same_packed_or_not(run: Simulation) -> None:
    with pytest.MonkeyPatch.context() as patch:
        rows = list(run.recording.events)
        patch.setattr(events, "BLOCK", 3)
        packed = Events()
        for count, row in enumerate(rows):
            assert len(packed) == count
            packed.append(row)
            assert packed[-1] == packed[count] == row
        assert packed == rows
        assert [packed[place] for place in range(-len(rows), 0)] == rows
        assert packed[1:-1:2] == rows[1:-1:2]
        assert packed != [*rows, None]
        with pytest.raises(IndexError):
            packed[len(rows)]


def test_the_newest_stay_objects() -> None:
    run = Simulation()
    run.fetch(1, 1)
    row = run.recording.events[0]
    packed = Events()
    for _number in range(3 * events.BLOCK):
        packed.append(row)
    assert packed[-1] is packed[-events.BLOCK] is row
    assert packed[0] == row
    assert packed[0] is not row
