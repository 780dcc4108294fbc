"""Diagnoses of made-up runs: what decides which one it is, what counts, and that unharmful ones are told apart.

That real programs are seen through is in `test_examples`.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given

from dictrace.engine.diagnoses.diagnosis import RACES, Diagnosis, Kind, Place
from dictrace.engine.diagnoses.finding import diagnoses_of
from dictrace.engine.diagnoses.sentences import cure_of, text_of
from dictrace.engine.diagnoses.snippets import of_race, of_unsent
from dictrace.engine.diagnoses.sources import Text
from dictrace.engine.recording import Recording
from dictrace.engine.rows import (
    ExaminedRow,
    LockRow,
    OpRow,
    Outcome,
    OutputRow,
    RaisedRow,
    Source,
)
from tests.engine.histories import COMMIT_LINE, FETCH_LINE, FIRST_WORKER_PID, MAIN_PID, Simulation, simulations
from tests.engine.races import race

SHARED, OTHER = 2, 3


def pair(run: Simulation, *, first: Any = None, second: Any = None, late: Any = None) -> None:
    """Tasks 1 of P1 and 2 of P2 begin, fetch version 1, and commit, P1 first; each holds a lock where one is given.

    `late` is acquired by P2 after its fetch.
    """
    for worker in (1, 2):
        run.begin(worker, worker)
    for worker, lock in ((1, first), (2, second)):
        if lock:
            run.acquire(worker, worker, lock)
    for worker in (1, 2):
        run.fetch(worker, worker)
    run.update(1, 1, 1, a="1")
    if first:
        run.release(1, 1, first)
    if late:
        run.acquire(2, 2, late)
    run.update(2, 2, 1, b="1")
    for lock in (second, late):
        if lock:
            run.release(2, 2, lock)
    for worker in (1, 2):
        run.end(worker, worker)


def started() -> Simulation:
    """The main program has put a dict under the key."""
    run = Simulation()
    run.commit(0, None, {}, None)
    return run


def only(recording: Recording) -> Diagnosis:
    """The one thing that went wrong."""
    (diagnosis,) = diagnoses_of(recording)
    return diagnosis


class TestRaces:
    """An update was overwritten: which locks were held from when on decides what is to be cured."""

    @pytest.mark.parametrize(
        ("locks", "kind"),
        [
            ({}, Kind.STALE_WRITE_BACK),
            ({"first": SHARED}, Kind.IGNORED_LOCK),
            ({"second": SHARED}, Kind.IGNORED_LOCK),
            ({"first": SHARED, "second": OTHER}, Kind.PRIVATE_LOCK),
            ({"late": SHARED}, Kind.LATE_LOCK),
            ({"first": SHARED, "late": SHARED}, Kind.LATE_LOCK),
        ],
    )
    def test_kinds(self, locks: dict[str, int], kind: Kind) -> None:
        run = started()
        pair(run, **locks)
        found = only(run.finish())
        assert (found.kind, found.count, found.lost, found.what) == (kind, 1, 1, "d['test']")
        assert set(found.places) == {Place("test.py", FETCH_LINE), Place("test.py", COMMIT_LINE)}
        assert set(found.processes) == {"P1", "P2"}

    def test_evidence_is_fetch_victim_and_culprit(self) -> None:
        run = started()
        pair(run)
        recording = run.finish()
        found = only(recording)
        kinds = [(type(row), getattr(row, "kind", None)) for row in (recording.events[k - 1] for k in found.events)]
        assert kinds == [(OpRow, "fetch"), (OpRow, "commit"), (OpRow, "commit")]
        assert found.event == found.events[-1]
        assert recording.history.losses.at(found.event)

    def test_many_losses_of_one_cause_are_one(self) -> None:
        recording = race(4, 200)
        counts = recording.history.counts_at(len(recording.events))
        found = only(recording)
        assert (found.kind, found.lost) == (Kind.STALE_WRITE_BACK, counts.overwritten)
        assert counts.overwritten > 20

    def test_locks_of_multiprocessing_count_by_their_holders_clock(self) -> None:
        run = started()
        pair(run)
        rows = list(run.rows)
        commit = next(k for k, row in enumerate(rows) if isinstance(row, OpRow) and row.task == 2 and row.base == 1)
        asked_ns = rows[commit].request_ns  # type: ignore[union-attr]
        own = [LockRow(MAIN_PID, 1, FIRST_WORKER_PID + 2, step, ns) for step, ns in (("acquired", asked_ns - 1),)]
        run.rows += own
        assert only(run.finish()).kind is Kind.LATE_LOCK

    @pytest.mark.parametrize(("locks", "lines"), [({"first": SHARED}, (20, 50)), ({"second": SHARED}, (2, 5))])
    def test_the_line_without_the_lock_comes_first(self, locks: dict[str, int], lines: tuple[int, int]) -> None:
        run = started()
        pair(run, **locks)
        run.rows = [
            msgspec.structs.replace(row, line=10 * (row.line or 0)) if isinstance(row, OpRow) and row.task == 2 else row
            for row in run.rows
        ]
        assert tuple(place.line for place in only(run.finish()).places[:2]) == lines

    def test_the_fetch_of_another_version_is_no_evidence(self) -> None:
        run = started()
        run.fetch(1, 1)
        run.update(2, 2, 1, a="1")
        run.fetch(1, 1)
        run.update(1, 1, 1, b="1")
        recording = run.finish()
        assert [getattr(recording.events[k - 1], "kind", None) for k in only(recording).events] == ["commit", "commit"]

    def test_a_counter_is_known_by_its_line(self) -> None:
        run = started()
        run.header = msgspec.structs.replace(run.header, source=(Source("test.py", 4, "x = 1\nd['n'] += 1\n"),))
        for worker in (1, 2):
            run.fetch(worker, worker)
        run.update(1, 1, 1, a="1")
        run.update(2, 2, 1, b="1")
        run.rows = [
            msgspec.structs.replace(row, line=COMMIT_LINE) if isinstance(row, OpRow) else row for row in run.rows
        ]
        found = only(run.finish())
        assert (found.kind, found.code) == (Kind.COUNTER, "with lock:\n    d['n'] += 1")


class TestRisk:
    """No update was lost, but nothing kept others out."""

    def worked(self, *, apart: bool = False, lock: int = 0, other_lock: int = 0) -> Simulation:
        """P1 and P2 have a task each, at the same time or not; each in turn fetches and commits."""
        run = started()
        if not apart:
            run.begin(1, 1)
            run.begin(2, 2)
        for worker, own in ((1, lock), (2, other_lock)):
            if apart:
                run.begin(worker, worker)
            if own:
                run.acquire(worker, worker, own)
            base = run.fetch(worker, worker)
            run.update(worker, worker, base, **{str(worker): "1"})
            if own:
                run.release(worker, worker, own)
            if apart:
                run.end(worker, worker)
        run.read(0)
        if not apart:
            run.end(1, 1)
            run.end(2, 2)
        return run

    @pytest.mark.parametrize(
        ("locks", "kind", "count"),
        [
            ({}, Kind.STALE_WRITE_BACK, 2),
            ({"lock": SHARED}, Kind.IGNORED_LOCK, 1),
            ({"lock": SHARED, "other_lock": OTHER}, Kind.PRIVATE_LOCK, 2),
        ],
    )
    def test_said_as_what_may_happen(self, locks: dict[str, int], kind: Kind, count: int) -> None:
        found = only(self.worked(**locks).finish())
        assert (found.kind, found.count, found.lost) == (kind, count, 0)
        assert "no update was lost by it in this run, but another run may lose some" in text_of(found)

    def test_nothing_under_one_lock(self) -> None:
        assert diagnoses_of(self.worked(lock=SHARED, other_lock=SHARED).finish()) == ()

    def test_nothing_where_tasks_never_overlapped(self) -> None:
        assert diagnoses_of(self.worked(apart=True).finish()) == ()

    def test_nothing_of_what_is_fetched_and_written_in_one_request(self) -> None:
        run = self.worked()
        run.rows = [
            msgspec.structs.replace(row, method="pop") if isinstance(row, OpRow) and row.task == 2 else row
            for row in run.rows
        ]
        assert diagnoses_of(run.finish()) == ()

    @pytest.mark.parametrize("workers", [1, 2])
    def test_one_process_alone(self, workers: int) -> None:
        run = Simulation(workers)
        run.commit(0, None, {}, None)
        for task in (1, 2):
            run.begin(1, task)
            run.update(1, task, run.fetch(1, task), **{str(task): "1"})
            run.end(1, task)
        found = [(d.kind, d.count, d.processes) for d in diagnoses_of(run.finish())]
        assert found == ([(Kind.ONE_WORKER, 2, ("P1",))] if workers == 2 else [])


class TestFailures:
    """What never ran, and why."""

    @pytest.mark.parametrize(
        ("text", "traceback", "kind"),
        [
            ("ValueError: no", "", Kind.UNSEEN_EXCEPTION),
            (
                "RuntimeError: Lock objects should only be shared between processes through inheritance",
                "",
                Kind.LOCK_SENT,
            ),
            ("AttributeError: Can't pickle local object 'f.<locals>.<lambda>'", "", Kind.NOT_PICKLABLE),
            ("TypeError: cannot pickle '_io.TextIOWrapper' object", "", Kind.NOT_PICKLABLE),
            ("MaybeEncodingError: Error sending result", "", Kind.NOT_PICKLABLE),
            ("EOFError", 'File "managers.py", line 1, in _callmethod', Kind.MANAGER_GONE),
            ("ConnectionRefusedError: [Errno 111]", 'File "managers.py", line 1', Kind.MANAGER_GONE),
            ("EOFError", 'File "mine.py", line 1', Kind.UNSEEN_EXCEPTION),
        ],
    )
    def test_exceptions(self, text: str, traceback: str, kind: Kind) -> None:
        run = started()
        run.rows.append(RaisedRow(2, 3000, FIRST_WORKER_PID + 1, 7, text, 3, "test.py", traceback))
        found = only(run.finish())
        assert (found.kind, found.tasks, found.reason) == (kind, (7,), text)
        assert text in text_of(found) or kind is Kind.MANAGER_GONE

    def test_an_exception_that_somebody_looked_at_is_none(self) -> None:
        run = started()
        run.raised(1, 7)
        run.rows.append(ExaminedRow(7, 9000))
        assert diagnoses_of(run.finish()) == ()

    def test_nor_one_that_was_printed(self) -> None:
        run = started()
        run.raised(1, 7)
        run.rows.append(OutputRow("stderr", "Traceback …\nValueError: no\n", 9000))
        assert diagnoses_of(run.finish()) == ()

    def test_the_same_exception_of_many_tasks_is_one(self) -> None:
        run = started()
        for task in range(30):
            run.raised(1, task)
        found = only(run.finish())
        assert (found.count, found.lost, found.tasks) == (30, 30, tuple(range(8)))

    def test_own_line_of_a_traceback_that_ends_in_a_library(self) -> None:
        run = started()
        run.header = msgspec.structs.replace(run.header, source=(Source("sub/mine.py", 1, "a\nb\n"),))
        traceback = '  File "/x/sub/mine.py", line 2, in f\n    b\n  File "managers.py", line 9, in g\n    c\nEOFError'
        run.rows.append(RaisedRow(2, 3000, FIRST_WORKER_PID + 1, 7, "EOFError", 9, "managers.py", traceback))
        assert only(run.finish()).places == (Place("sub/mine.py", 2),)

    def test_a_traceback_on_stderr(self) -> None:
        run = started()
        run.rows.append(OutputRow("stderr", "a warning\n", 500))
        for part in (
            'Traceback (most recent call last):\n  File "te',
            'st.py", line 4, in <module>\n    x\nRunti',
            "meError: Queue objects should only be shared between processes through inheritance\n",
        ):
            run.rows.append(OutputRow("stderr", part, 1000))
        for task in range(3):
            run.fetch(1, task)
        found = only(run.finish(Outcome.FAILED))
        assert (found.kind, found.count, found.event) == (Kind.LOCK_SENT, 1, 1)

    def test_a_stopped_run_has_not_failed(self) -> None:
        run = started()
        run.raised(1, 7)
        run.unreturned(8)
        run.died(1)
        assert diagnoses_of(run.finish(Outcome.STOPPED)) == ()

    def test_a_dead_worker_explains_what_never_returned(self) -> None:
        run = started()
        run.died(1)
        run.unreturned(8)
        run.unreturned(9)
        found = only(run.finish())
        assert (found.kind, found.count, found.lost, found.exit_code) == (Kind.WORKER_DIED, 1, 2, -9)
        assert "by signal 9" in text_of(found)

    def test_without_one_the_pool_was_left(self) -> None:
        run = started()
        run.unreturned(8)
        assert only(run.finish()).kind is Kind.LEFT_EARLY

    def test_nor_is_a_pool_left_early_by_a_program_that_failed(self) -> None:
        run = started()
        run.unreturned(8)
        assert diagnoses_of(run.finish(Outcome.FAILED)) == ()

    @pytest.mark.parametrize("died_first", [True, False])
    def test_a_lock_of_a_dead_process(self, died_first: bool) -> None:
        """The row of the death may come before those of its last requests, which the manager tells later."""
        run = started()
        if died_first:
            run.died(1)
        run.acquire(1, 1)
        if not died_first:
            run.died(1)
        run.wait(2, 2)
        found = only(run.finish())
        assert (found.kind, found.what, found.processes) == (Kind.LOCK_OF_DEAD, "object 2", ("P1", "P2"))

    def test_a_lock_that_was_released_before_is_none(self) -> None:
        run = started()
        run.acquire(1, 1)
        run.release(1, 1)
        run.raised(1, 1)
        run.rows.append(ExaminedRow(1, 9000))
        assert diagnoses_of(run.finish()) == ()

    def test_much_on_stderr_is_gone_through_once(self) -> None:
        run = started()
        run.rows.append(OutputRow("stderr", "Traceback (most recent call last):\n" + "\n" * 100_000, 9000))
        run.rows += [OutputRow("stderr", "x" * 200_000, 9000)]
        for task in range(2000):
            run.raised(1, task, f"ValueError: no {task}")
        assert only(run.finish()).count == 2000

    def test_a_printed_exception_is_known_with_its_module(self) -> None:
        run = started()
        run.raised(1, 7, "Trouble: no")
        run.raised(1, 8, "Trouble: ")
        run.rows.append(OutputRow("stderr", "x\nmy.own.Trouble: no\nmy.own.Trouble\n", 9000))
        assert diagnoses_of(run.finish()) == ()


class TestOrder:
    """The most damaging first."""

    def test_by_what_was_lost_and_standstill_before_all(self) -> None:
        run = started()
        pair(run)
        for part in "xyz":
            run.unsent(1, 5, {part: "1"}, 1)
        run.acquire(1, 6)
        run.died(1)
        assert [d.kind for d in diagnoses_of(run.finish())] == [
            Kind.LOCK_OF_DEAD,
            Kind.NEVER_SENT,
            Kind.STALE_WRITE_BACK,
        ]


class TestSnippets:
    """Cured lines in the program's own terms."""

    @pytest.mark.parametrize(
        ("line", "key", "cured"),
        [
            ("d['x'][i] = i", "'x'", "with lock:\n    copy = d['x']\n    copy[i] = i\n    d['x'] = copy"),
            ("d['x'].append(3)", "'x'", "with lock:\n    copy = d['x']\n    copy.append(3)\n    d['x'] = copy"),
            ("d[k]['n'] += 1", "'y'", "with lock:\n    copy = d[k]\n    copy['n'] += 1\n    d[k] = copy"),
            ("d['x']['y'][i] = 1", "'x'", "with lock:\n    copy = d['x']\n    copy['y'][i] = 1\n    d['x'] = copy"),
            ("d['x'][0]['n'] = 1", "0", "with lock:\n    copy = d['x'][0]\n    copy['n'] = 1\n    d['x'][0] = copy"),
            (
                "self.d['x'].y.append(1)",
                "'x'",
                "with lock:\n    copy = self.d['x']\n    copy.y.append(1)\n    self.d['x'] = copy",
            ),
            ("ns.log.append(1)", ".log", "with lock:\n    copy = ns.log\n    copy.append(1)\n    ns.log = copy"),
            (
                "d.setdefault(k, []).append(1)",
                "'x'",
                "with lock:\n    copy = d.setdefault(k, [])\n    copy.append(1)\n    d[k] = copy",
            ),
            ("row = d['x']", "'x'", "d['x'] = row"),
            ("row = d.get('x', {})", "'x'", "d['x'] = row"),
            ("log = ns.log", ".log", "ns.log = log"),
            ("del d['x'][0]", "'x'", "with lock:\n    copy = d['x']\n    del copy[0]\n    d['x'] = copy"),
            ("row = d['x']['y']", "'x'", ""),
            ("row = d.items()", "'x'", ""),
            ("d[i][j][k] = 1", "3", ""),
            ("d['y'][i] = i", "'x'", ""),
            ("for x in d['x']:", "'x'", ""),
            ("change(d['x'])", "'x'", ""),
            ("", "'x'", ""),
            ("(" * 5000, "'x'", ""),
        ],
    )
    def test_of_unsent(self, line: str, key: str, cured: str) -> None:
        assert of_unsent(line, (key,)) == cured

    @pytest.mark.parametrize(
        "lines",
        [
            ["row = d['x']", "with lock:", "    row[1] = 1", "    d['x'] = row"],
            ["row = d['x']", "lock.acquire()", "row[1] = 1", "d['x'] = row"],
            ["row = d['x']", "row[1] = 1", "d['x'] = row"],
        ],
    )
    def test_of_a_race(self, lines: list[str]) -> None:
        cured = "with lock:\n    row = d['x']\n    row[1] = 1\n    d['x'] = row"
        assert of_race(Kind.LATE_LOCK, lines, "lock") == cured

    def test_lines_that_are_no_one_stretch_are_left_out(self) -> None:
        run = started()
        run.header = msgspec.structs.replace(run.header, source=(Source("a.py", 1, "    x\ny\nz\n"),))
        text = Text(run.recording)
        assert text.stretch(Place("a.py", 2), Place("a.py", 3)) == ["y", "z"]
        for first, last in ((1, 2), (3, 2), (2, 4), (0, 2)):
            assert text.stretch(Place("a.py", first), Place("a.py", last)) == []
        assert text.stretch(Place("a.py", 2), Place("b.py", 3)) == []


@given(simulations)
def test_each_update_that_was_lost_at_a_commit_or_unsent_is_in_one_diagnosis(run: Simulation) -> None:
    recording = run.recording
    counts = recording.history.counts_at(len(recording.events))
    found = diagnoses_of(recording)
    assert sum(d.lost for d in found if d.kind in RACES) == counts.overwritten
    assert sum(d.lost for d in found if d.kind is Kind.NEVER_SENT) == counts.never_sent
    for diagnosis in found:
        assert 0 <= diagnosis.event <= len(recording.events)
        assert text_of(diagnosis)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words(kind: Kind) -> None:
    for count, lost in ((1, 1), (2, 2), (1, 0)):
        found = Diagnosis(kind, count, lost, 1, what="d['x']", reason="{E}", processes=("P1",))
        text = text_of(found)
        assert text.endswith((".", "}"))
        assert ("another run may" in text) == (kind in RACES and not lost)
        assert cure_of(found)


def test_no_text_says_that_a_program_is_correct() -> None:
    said = [text_of(Diagnosis(kind, 1, 0, 0)) + cure_of(Diagnosis(kind, 1, 0, 0)) for kind in Kind]
    assert not [text for text in said if "correct" in text.lower()]
