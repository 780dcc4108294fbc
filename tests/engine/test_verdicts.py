"""The verdict of a whole run, and at a moment of it."""

from dataclasses import replace

import pytest

from dictrace.engine.frame import Counts
from dictrace.engine.framing import frame_at
from dictrace.engine.verdicts import breakdown, verdict, verdict_at
from tests.engine.histories import Simulation


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (Counts(), "No update was attempted"),
        (Counts(1, 1), "The one update survived this run"),
        (Counts(1200, 1200), "All 1,200 updates survived this run"),
        (Counts(48, 29, overwritten=19), "29 of 48 updates survived"),
        (Counts(1, 0, never_ran=1), "0 of 1 update survived"),
    ],
)
def test_verdict(counts: Counts, sentence: str) -> None:
    assert verdict(counts) == sentence


def test_breakdown() -> None:
    counts = Counts(1248, 29, overwritten=1215, never_sent=3, never_ran=1)
    assert breakdown(counts) == "1,215 overwritten · 3 never sent · 1 never ran"


def test_before_the_end_it_is_of_the_updates_so_far() -> None:
    run = Simulation()
    run.commit(0, None, {}, None)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 2, b="1")
    frame = frame_at(run.recording, len(run.recording.events))
    ended = replace(frame, live=False)
    assert verdict_at(ended) == "All 2 updates survived this run"
    assert verdict_at(replace(ended, live=True)) == "2 of 2 updates survived so far"
    assert verdict_at(replace(ended, event=frame.event - 1)) == "2 of 2 updates survived so far"
    assert verdict_at(replace(ended, event=1, counts=Counts())) == "No update yet"
    assert verdict_at(replace(ended, counts=Counts())) == "No update was attempted"
