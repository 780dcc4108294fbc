"""Tasks, out of what workers and those who ordered them tell, in whatever order that comes."""

import pytest

from dictrace.engine.rows import AnyRow, TaskRow, TaskStep
from dictrace.engine.tasks import Tasks

WORKER = 20
BEGAN, ENDED = TaskRow(3, TaskStep.BEGIN, 10, WORKER), TaskRow(3, TaskStep.END, 20, WORKER)


@pytest.fixture
def rows() -> list[AnyRow]:
    return []


@pytest.fixture
def tasks(rows: list[AnyRow]) -> Tasks:
    return Tasks(1000, rows)


def test_what_a_worker_did_not_tell_is_known_at_the_end(tasks: Tasks, rows: list[AnyRow]) -> None:
    tasks.began(3, WORKER, 1010)
    tasks.returned(3, WORKER, 1010, 1020)
    assert rows == [BEGAN]
    tasks.finish()
    assert rows == [BEGAN, ENDED]


def test_a_worker_that_died_was_in_none_of_the_tasks_that_had_returned(tasks: Tasks, rows: list[AnyRow]) -> None:
    tasks.returned(3, WORKER, 1010, 1020)
    tasks.returned(4, 99, 1010, 1020)
    tasks.died(WORKER)
    assert rows == [BEGAN, ENDED]


def test_nothing_is_told_twice(tasks: Tasks, rows: list[AnyRow]) -> None:
    tasks.returned(3, WORKER, 1010, 1020)
    tasks.died(WORKER)
    tasks.began(3, WORKER, 1011)
    tasks.ended(3, WORKER, 1021)
    tasks.finish()
    assert rows == [BEGAN, ENDED]
