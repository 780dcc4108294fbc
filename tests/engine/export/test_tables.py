"""The tables: columns, and the laws that tie them to the counts."""

import csv
import io

import pytest
from hypothesis import given

from dictrace.engine.export.tables import COMMITS, OPERATIONS, commits_table, operations_table
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpKind, OpRow
from tests.engine.histories import Simulation, simulations


def read(table: bytes) -> list[dict[str, str]]:
    """The rows of a table, by the names of its columns."""
    return list(csv.DictReader(io.StringIO(table.decode())))


def lost_update() -> Recording:
    """Two tasks fetch the same version and commit; the first one's update is overwritten."""
    run = Simulation()
    run.commit(0, None, {}, None)
    run.fetch(1, 0)
    run.fetch(2, 1)
    run.commit(1, 0, {"0": "zero"}, 1)
    run.commit(2, 1, {"1": "one"}, 1)
    return run.finish()


def test_operations_have_one_row_per_served_request() -> None:
    rows = read(operations_table(lost_update()))
    assert tuple(rows[0]) == OPERATIONS
    assert [row["kind"] for row in rows] == ["commit", "fetch", "fetch", "commit", "commit"]
    assert rows[4] == {
        **{"event": "5", "serve": "5", "serve_ns": "5000", "request_ns": "4750", "reply_ns": "5250", "wait_ns": ""},
        **{"process": "P2", "pid": "2002", "task": "1", "object": "d", "key": "'test'", "method": "__setitem__"},
        **{"kind": "commit", "version": "3", "base": "1", "file": "test.py", "line": "5"},
    }


def test_a_wait_for_a_lock_is_told_with_its_grant() -> None:
    run = Simulation()
    run.acquire(1, 0)
    run.wait(2, 1)
    run.release(1, 0)
    run.acquire(2, 1)
    assert [row["wait_ns"] for row in read(operations_table(run.finish()))] == ["", "", "2000"]


def test_commits_tell_parent_fate_and_culprit() -> None:
    made, victim, culprit = read(commits_table(lost_update()))
    assert tuple(made) == COMMITS
    assert (made["process"], made["parent"], made["updates"], made["fate"]) == ("main", "", "0", "survived")
    assert (victim["version"], victim["parent"], victim["behind"], victim["added"]) == ("2", "1", "0", '{"0":"zero"}')
    assert victim["fate"] == "overwritten"
    assert [victim[f"culprit_{name}"] for name in ("event", "process", "task", "version", "line")] == [
        *("5", "P2", "1", "3", "5"),
    ]
    assert (culprit["behind"], culprit["added"], culprit["removed"], culprit["fate"]) == (
        "1",
        '{"1":"one"}',
        "",
        "survived",
    )


def test_a_version_that_a_blind_write_replaced_is_superseded() -> None:
    run = Simulation()
    run.commit(1, 0, "1", None, "'n'")
    run.commit(2, 1, "2", None, "'n'")
    rows = read(commits_table(run.finish()))
    assert [(row["value"], row["fate"], row["culprit_event"]) for row in rows] == [
        ("1", "superseded", ""),
        ("2", "survived", ""),
    ]


@given(simulations)
def test_updates_by_fate_add_up_to_the_counts(run: Simulation) -> None:
    recording = run.finish()
    rows = read(commits_table(recording))
    counts = recording.history.counts_at(len(recording.events))
    total = {
        fate: sum(int(row["updates"]) for row in rows if row["fate"] == fate) for fate in ("survived", "overwritten")
    }
    assert total == {"survived": counts.survived, "overwritten": counts.overwritten}
    commits = [row for row in recording.events if isinstance(row, OpRow) and row.kind is OpKind.COMMIT]
    assert [row["version"] for row in rows] == [str(commit.version) for commit in commits]


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-5", "-5"), ("-inf", "-inf"), ("-x", "'-x"), ('a"b,\n', 'a"b,\n')],
)
def test_no_cell_is_a_formula(value: str, cell: str) -> None:
    run = Simulation()
    run.commit(1, 0, value, None, "'n'")
    assert read(commits_table(run.finish()))[0]["value"] == cell
