"""What a process notes is told in time, whatever becomes of the request that was to carry it."""

import pytest

from dictrace.engine.recorder.notebook import MANY, Notebook


@pytest.fixture
def book() -> Notebook:
    """One that has told everything so far, in a task."""
    book = Notebook()
    book.take()
    book.begin(1)
    return book


def test_a_task_that_raised_is_told_at_its_end(book: Notebook) -> None:
    book.raised(ValueError("no"))
    assert book.end()


def test_what_a_request_has_told_is_not_told_again(book: Notebook) -> None:
    book.raised(ValueError("no"))
    assert book.take()
    assert not book.end()


def test_what_a_request_could_not_tell_is_still_due(book: Notebook) -> None:
    book.raised(ValueError("no"))
    notes = book.take()
    book.take_back(1, 0, notes)
    assert book.notes == notes
    assert book.end()


def test_what_may_wait_is_told_when_it_has_become_much(book: Notebook) -> None:
    ends = 0
    while not book.end():
        ends += 1
        book.begin(ends + 1)
    assert ends == MANY // 2
