"""What a number should be counts every change to it, lost or not."""

from dictrace.engine.expected import Expected, number_of
from dictrace.engine.recording import Recording
from tests.engine.histories import Simulation
from tests.engine.races import race

COUNTER = (1, "'n'")


def expected(recording: Recording) -> Expected:
    made = Expected(recording)
    for event in range(1, len(recording.events) + 1):
        made.take(event)
    return made


def test_a_counter_should_be_the_number_of_updates_attempted() -> None:
    recording = race(counter=True)
    counts = [recording.history.counts_at(event) for event in range(len(recording.events) + 1)]
    assert counts[-1].lost > 0
    made = expected(recording)
    found = [made.at(*COUNTER, event) for event in range(len(recording.events) + 1)]
    assert found == [None, *(count.attempted for count in counts[1:])]


def test_what_is_set_without_a_fetch_counts_anew() -> None:
    run = Simulation()
    run.commit(0, None, "5", None, "'n'")
    run.commit(1, 1, "7", 1, "'n'")
    run.commit(2, 2, "4", 1, "'n'")
    run.commit(0, None, "100", None, "'n'")
    run.commit(1, 3, "101", 4, "'n'")
    made = expected(run.finish())
    assert [made.at(*COUNTER, event) for event in range(6)] == [None, 5, 7, 6, 100, 101]


def test_nothing_is_expected_of_what_is_no_number() -> None:
    run = Simulation()
    run.commit(0, None, "'a'", None, "'n'")
    run.commit(0, None, "1", None, "'m'")
    run.commit(0, None, {}, None, "'m'")
    made = expected(run.finish())
    assert [made.at(*COUNTER, 3), made.at(1, "'m'", 2), made.at(1, "'m'", 3), made.at(1, "x", 3)] == [
        None,
        1,
        None,
        None,
    ]


def test_only_whole_numbers_are_numbers() -> None:
    assert [number_of(text) for text in ("12", "-3", "1.5", "'1'", "", "²", None)] == [12, -3, *[None] * 5]
