"""The history: fates, certificates, contents and cells, against a slow checker on random runs, and by example."""

from collections import Counter

import pytest
from hypothesis import given, settings

from dictrace.engine import cells
from dictrace.engine.certificate import Certificate, Culprit, LossKind
from dictrace.engine.experiment import Experiment, Target
from dictrace.engine.frame import CellState, Counts
from dictrace.engine.history import History
from dictrace.engine.launch import Run
from dictrace.engine.order import Order
from dictrace.engine.recording import Recording
from dictrace.engine.rows import AnyRow, Change, OpKind, OpRow
from tests.engine import checker
from tests.engine.histories import COMMIT_LINE, FETCH_LINE, Simulation, simulation_of, simulations
from tests.engine.runs import recording_of, rows_of


def rows_upto(recording: Recording, rows: list[AnyRow], event: int) -> list[AnyRow]:
    """The rows up to and including that of `event`."""
    if event == 0:
        return []
    wanted = recording.events[event - 1]
    return rows[: next(place for place, row in enumerate(rows) if row is wanted) + 1]


def as_loss(certificate: Certificate) -> checker.Loss:
    """A certificate as the checker puts it."""
    culprit = certificate.culprit.version if certificate.culprit else None
    return certificate.kind.value, certificate.key, certificate.task, certificate.version, culprit


def look(history: History, event: int) -> dict[str, tuple[CellState, int]]:
    """State and writer of each cell that is not empty, by path."""
    states, writers = history.cells.at(event)
    seen = {}
    for cell, (state, writer) in enumerate(zip(states.tolist(), writers.tolist(), strict=True)):
        field, label = history.cells.fields[history.cells.field_of[cell]], history.cells.labels[cell]
        path = checker.path(label, None) if field.key is None else checker.path(field.key, label)
        if state != CellState.EMPTY.value:
            seen[path] = CellState(state), writer
    return seen


def all_of(history: History, events: int) -> list[object]:
    """Everything that can be asked of a history, for every event."""
    return [
        (
            history.counts_at(event),
            history.standing(event),
            look(history, event),
            [history.lost_by(worker, event) for worker in range(-1, 3)],
            history.commits_to(1, event),
            history.update_cells(event) if event else (),
        )
        for event in range(events + 1)
    ] + [[history.certificate(loss) for loss in range(len(history.losses.events))]]


def fates(run: Simulation) -> dict[int, str]:
    """Version of ``d['test']`` -> alive or dead."""
    slot = run.recording.history.slots[1, "'test'"]
    return {version: "alive" if alive else "dead" for version, alive in zip(slot.versions, slot.alive, strict=True)}


def counts(run: Simulation) -> Counts:
    """The counts at the end."""
    recording = run.recording
    return recording.history.counts_at(len(recording.events))


def certificates(run: Simulation) -> list[Certificate]:
    """The certificates that stand at the end."""
    history = run.recording.history
    return [history.certificate(loss) for loss in history.standing()]


class TestAgainstTheChecker:
    """Thousands of random runs, and real ones."""

    @given(simulations)
    @settings(max_examples=2500, deadline=None)
    def test_counts_and_certificates_agree_at_the_end_and_half_way(self, run: Simulation) -> None:
        recording = run.recording
        history = recording.history
        for event in (len(recording.events), len(recording.events) // 2):
            rows = rows_upto(recording, run.rows, event)
            found = history.counts_at(event)
            assert {name: getattr(found, name) for name in Counts.__slots__} == checker.counts(rows)
            certificates = [as_loss(history.certificate(loss)) for loss in history.standing(event)]
            assert Counter(certificates) == Counter(checker.losses(rows))

    @given(simulations)
    @settings(max_examples=1000, deadline=None)
    def test_cells_and_contents_agree_at_the_end_and_on_the_way(self, run: Simulation) -> None:
        recording = run.recording
        history = recording.history
        for event in (len(recording.events), len(recording.events) // 3):
            rows = rows_upto(recording, run.rows, event)
            there, lost = checker.present_and_lost(rows)
            seen = look(history, event)
            # A key without parts is LOST while it is there, where the newest update to it was never sent.
            either = {path for path in there if path.count("[") == 1}
            assert {path for path, (state, _) in seen.items() if state is CellState.PRESENT} | either == there
            assert {path for path, (state, _) in seen.items() if state is CellState.LOST} - either == lost
            for path, pid in checker.writers(rows).items():
                if seen[path][0] is CellState.PRESENT:
                    assert seen[path][1] == recording.worker_of.get(pid, -1)
            for (number, key), value in checker.contents(rows).items():
                assert history.value_at(number, key, event) == (value if isinstance(value, str) else None)
                assert history.parts_at(number, key, event) == (value if isinstance(value, dict) else {})

    @pytest.mark.parametrize("target", [Target.KEYS, Target.COUNTER])
    def test_a_real_race_agrees_too(self, target: Target) -> None:
        with Run(Order(Experiment(target=target, processes=4, tasks=60))) as run:
            rows = list(rows_of(run))
        recording = recording_of(rows)
        history = recording.history
        found = history.counts_at(len(recording.events))
        assert {name: getattr(found, name) for name in Counts.__slots__} == checker.counts(rows)
        certificates = [as_loss(history.certificate(loss)) for loss in history.standing()]
        assert Counter(certificates) == Counter(checker.losses(rows))
        assert found.attempted == 60
        assert recording.finals
        for final in recording.finals:
            assert history.parts_at(final.object, final.key, len(recording.events)) == final.parts
            assert history.value_at(final.object, final.key, len(recording.events)) == final.value


class TestLaws:
    """What holds at every event of every run."""

    @given(simulations)
    @settings(max_examples=200, deadline=None)
    def test_the_counts_add_up_and_each_loss_has_its_certificate(self, run: Simulation) -> None:
        recording = run.recording
        history = recording.history
        for event in range(len(recording.events) + 1):
            found = history.counts_at(event)
            assert found.attempted == found.survived + found.overwritten + found.never_sent + found.never_ran
            standing = Counter(history.certificate(loss).kind for loss in history.standing(event))
            assert standing[LossKind.OVERWRITTEN] == found.overwritten
            assert standing[LossKind.NEVER_SENT] == found.never_sent
            assert standing[LossKind.NEVER_RAN] == found.never_ran
            assert sum(history.lost_by(worker, event) for worker in range(-1, 3)) == found.lost
            assert sum(history.overwrote_by(worker, event) for worker in range(-1, 3)) == found.overwritten

    @given(simulations)
    @settings(max_examples=100, deadline=None)
    def test_row_by_row_is_the_same_as_at_once(self, run: Simulation) -> None:
        live = Recording(run.header)
        for row in run.rows:
            live.append(row)
            live.history.advance()
        assert all_of(live.history, len(live.events)) == all_of(run.recording.history, len(live.events))

    @given(simulations)
    @settings(max_examples=100, deadline=None)
    def test_a_later_row_does_not_change_what_was(self, run: Simulation) -> None:
        recording, start = run.recording, Simulation(workers=3)
        start.rows = run.rows[: len(run.rows) * 2 // 3]
        earlier = start.recording
        events = len(earlier.events)
        assert all_of(recording.history, events)[:-1] == all_of(earlier.history, events)[:-1]

    @given(simulations)
    @settings(max_examples=100, deadline=None)
    def test_moments_are_the_events_of_losses_each_once(self, run: Simulation) -> None:
        losses = run.recording.history.losses
        assert losses.moments.tolist() == sorted(set(losses.events))

    @given(simulations)
    @settings(max_examples=100, deadline=None)
    def test_the_curve_is_the_counts(self, run: Simulation) -> None:
        recording = run.recording
        history = recording.history
        curve = history.curve()
        points = {
            event: (commits, attempted, survived)
            for event, commits, attempted, survived in zip(
                *(column.tolist() for column in (curve.events, curve.commits, curve.attempted, curve.survived)),
                strict=True,
            )
        }
        last = commits = 0, 0
        for event in range(1, len(recording.events) + 1):
            row = recording.events[event - 1]
            is_commit = isinstance(row, OpRow) and row.kind is OpKind.COMMIT
            found = history.counts_at(event)
            commits = commits[0] + is_commit, 0
            if event in points:
                assert points[event] == (commits[0], found.attempted, found.survived)
            else:
                assert (found.attempted, found.survived) == last
                assert not is_commit
            last = found.attempted, found.survived

    def test_checkpoints_change_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def logged() -> list[object]:
            recording = simulation_of(300, 7).recording
            return [look(recording.history, event) for event in range(len(recording.events) + 1)]

        plain = logged()
        monkeypatch.setattr(cells, "CHECKPOINT_ENTRIES", 1)
        assert logged() == plain
        assert len(plain) > 100


class TestOverwritten:
    """The version graph by example."""

    def test_a_commit_from_an_old_copy_overwrites_what_came_between(self) -> None:
        run = Simulation()
        run.commit(0, None, {"x": "0"}, None)
        run.update(1, 1, 1, a="1", b="1")
        run.update(2, 2, 1, c="1")
        assert fates(run) == {1: "alive", 2: "dead", 3: "alive"}
        assert counts(run) == Counts(attempted=3, survived=1, overwritten=2)
        first, second = certificates(run)
        assert first == Certificate(
            kind=LossKind.OVERWRITTEN,
            event=3,
            victim_event=2,
            object="d",
            slot="d['test']",
            key="d['test'][a]",
            task=1,
            process="P1",
            fetched_version=1,
            version=2,
            line=COMMIT_LINE,
            culprit=Culprit(task=2, process="P2", fetched_version=1, version=3, line=COMMIT_LINE),
        )
        assert second.key == "d['test'][b]"
        history = run.recording.history
        assert list(history.losses.at(3)) == [0, 1]
        assert list(history.losses.at(2)) == []
        assert look(history, 3) == {
            "d['test'][x]": (CellState.PRESENT, -1),
            "d['test'][a]": (CellState.LOST, 0),
            "d['test'][b]": (CellState.LOST, 0),
            "d['test'][c]": (CellState.PRESENT, 1),
        }

    def test_a_dead_version_comes_back_with_a_commit_made_from_it(self) -> None:
        """The example in the docstring of `slots`."""
        run = Simulation()
        run.commit(0, None, {}, None)
        run.update(1, 2, 1, a="2")
        run.update(2, 3, 1, b="3")
        run.update(1, 4, 2, a="4")
        assert fates(run) == {1: "alive", 2: "alive", 3: "dead", 4: "alive"}
        run.update(1, 5, 4, a="5")
        assert fates(run) == {1: "alive", 2: "alive", 3: "dead", 4: "alive", 5: "alive"}
        history = run.recording.history
        assert [history.counts_at(event) for event in (3, 4)] == [
            Counts(attempted=2, survived=1, overwritten=1),
            Counts(attempted=3, survived=2, overwritten=1),
        ]
        assert [as_loss(certificate)[3:] for certificate in certificates(run)] == [(3, 4)]
        assert (history.losses.events.tolist(), history.losses.withdrawn.tolist()) == ([3, 4], [4, 0])
        assert [history.standing(event) for event in (2, 3, 4, 5)] == [[], [0], [1], [1]]

    def test_what_an_old_copy_brings_back_stays_its_authors(self) -> None:
        run = Simulation()
        run.commit(0, None, {"x": "0"}, None)
        run.update(1, 1, 1, x="1")
        run.update(2, 2, 2, x="2")
        run.update(2, 3, 2, y="3")
        assert look(run.recording.history, 4) == {
            "d['test'][x]": (CellState.PRESENT, 0),
            "d['test'][y]": (CellState.PRESENT, 1),
        }

    def test_a_blind_write_supersedes_and_is_one_update(self) -> None:
        run = Simulation()
        run.update(1, 1, run.commit(0, None, {}, None), a="1", b="1")
        run.commit(2, 2, {"c": "2", "d": "2"}, None)
        assert counts(run) == Counts(attempted=1, survived=1, blind_writes=1)
        assert certificates(run) == []
        run.update(1, 3, 2, e="3")
        assert counts(run) == Counts(attempted=4, survived=3, overwritten=1, blind_writes=1)
        assert [as_loss(certificate) for certificate in certificates(run)] == [("overwritten", "d['test']", 2, 3, 4)]

    def test_versions_fields_and_cells_at_any_event(self) -> None:
        run = Simulation()
        run.fetch(1, 1)
        run.commit(0, None, {}, None)
        run.commit(1, 1, "1", None, "'n'")
        run.update(1, 1, 1, a="1", b="1")
        history = run.recording.history
        slot = history.slots[1, "'test'"]
        assert [slot.version_at(event) for event in range(5)] == [0, 0, 1, 1, 2]
        assert [history.cells.fields_at(event) for event in range(5)] == [0, 0, 1, 2, 2]
        assert [history.cells.count_at(event) for event in range(5)] == [0, 0, 0, 1, 3]
        assert [history.commits_to(1, event) for event in range(5)] == [0, 0, 1, 2, 3]
        assert [(field.object, field.key) for field in history.cells.fields] == [(1, "'test'"), (1, None)]
        assert history.cells.labels == ["'n'", "a", "b"]
        assert [history.update_cells(event) for event in (1, 3, 4)] == [(), (0,), (1, 2)]

    def test_to_ask_for_the_cells_of_an_update_makes_none(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.commit(1, 1, None, 1)
        history = run.recording.history
        assert history.update_cells(2) == ()
        assert not history.cells.labels

    def test_a_key_without_parts_is_one_update(self) -> None:
        run = Simulation()
        run.commit(0, None, "0", None, "'n'")
        run.commit(1, 1, "1", 1, "'n'")
        run.commit(2, 2, "1", 1, "'n'")
        assert counts(run) == Counts(attempted=2, survived=1, overwritten=1)
        assert [certificate.key for certificate in certificates(run)] == ["d['n']"]
        assert look(run.recording.history, 3) == {"d['n']": (CellState.PRESENT, 1)}

    def test_a_commit_that_changes_nothing_is_no_update_but_can_overwrite(self) -> None:
        run = Simulation()
        run.commit(0, None, {"x": "0"}, None)
        run.update(1, 1, 1, a="1")
        run.update(2, 2, 1)
        assert counts(run) == Counts(attempted=1, overwritten=1)

    def test_the_main_program_overwrites_but_attempts_nothing(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.update(1, 1, 1, a="1")
        run.update(0, None, 1, m="0")
        run.update(2, 2, 1, b="1")
        assert counts(run) == Counts(attempted=2, survived=1, overwritten=1)
        (certificate,) = certificates(run)
        assert certificate.culprit == Culprit(None, None, 1, 3, COMMIT_LINE)

    def test_where_the_base_was_never_seen_the_version_before_it_stands_in(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        for task, part in enumerate("abcd", 1):
            run.update(1, task, task, **{part: "1"})
        rows = [row for row in run.rows if not (isinstance(row, OpRow) and row.version == 3)]
        recording = recording_of([run.header, *rows])
        assert recording.history.counts_at(len(recording.events)).overwritten == 0

    def test_a_referent_without_keys_has_versions_too(self) -> None:
        recording = Simulation().recording
        for version, (worker, base) in enumerate([(2001, 0), (2002, 0)], 1):
            change = Change(value=str(version))
            recording.append(
                OpRow(version, version, worker, version, 3, "set", OpKind.COMMIT, version, None, version, base, change)
            )
        history = recording.history
        (certificate,) = (history.certificate(loss) for loss in history.standing())
        assert certificate.key == certificate.slot == certificate.object == "object 3"
        assert history.cells.labels == ["value"]
        assert history.value_at(3, None, 2) == "2"

    def test_locks_decide_what_was_unlocked(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.acquire(1, 1)
        run.update(1, 1, 1, a="1")
        run.release(1, 1)
        assert run.recording.history.unlocked == 0
        run.update(2, 2, 2, b="1")
        run.commit(2, 2, {}, None)
        assert run.recording.history.unlocked == 1


class TestNeverSent:
    """Copies that were changed and not written back."""

    def test_each_part_is_an_update(self) -> None:
        run = Simulation()
        run.commit(0, None, {"x": "0", "y": "0"}, None)
        run.unsent(1, 7, {"x": "1", "z": "1"}, 1)
        assert counts(run) == Counts(attempted=3, never_sent=3)
        assert {certificate.key for certificate in certificates(run)} == {f"d['test'][{part}]" for part in "xyz"}
        assert {(c.task, c.process, c.fetched_version, c.version, c.line, c.culprit) for c in certificates(run)} == {
            (7, "P1", 1, None, FETCH_LINE, None)
        }
        assert look(run.recording.history, 2) == {
            "d['test'][x]": (CellState.PRESENT, -1),
            "d['test'][y]": (CellState.PRESENT, -1),
            "d['test'][z]": (CellState.LOST, 0),
        }

    def test_of_a_key_without_parts_the_newest_counts(self) -> None:
        run = Simulation()
        run.commit(0, None, "0", None)
        run.unsent(1, 7, "1", 1)
        run.commit(2, 8, "2", 1)
        history = run.recording.history
        assert [look(history, event)["d['test']"] for event in (1, 2, 3)] == [
            (CellState.PRESENT, -1),
            (CellState.LOST, 0),
            (CellState.PRESENT, 1),
        ]

    @pytest.mark.parametrize("raised_first", [True, False])
    def test_a_task_that_raised_has_none(self, raised_first: bool) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        steps = [lambda: run.unsent(1, 7, {"z": "1"}, 1), lambda: run.raised(1, 7)]
        for step in reversed(steps) if raised_first else steps:
            step()
        assert counts(run) == Counts(attempted=1, never_ran=1)
        assert look(run.recording.history, 3) == {}
        assert run.recording.history.counts_at(2).attempted == 1

    def test_a_task_that_got_there_did_run(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.unreturned(7)
        run.unsent(1, 7, {"z": "1"}, 1)
        run.unreturned(7)
        assert counts(run) == Counts(attempted=1, never_sent=1)


class TestNeverRan:
    """Tasks that failed before they committed anything."""

    def test_is_one_update_however_often_it_failed(self) -> None:
        run = Simulation()
        run.fetch(1, 7)
        run.raised(1, 7, "KeyError: 3")
        run.died(1)
        run.unreturned(7)
        assert counts(run) == Counts(attempted=1, never_ran=1)
        (certificate,) = certificates(run)
        assert certificate == Certificate(
            LossKind.NEVER_RAN, 2, 2, None, None, None, 7, "P1", None, None, 3, reason="KeyError: 3"
        )

    def test_is_nothing_where_it_had_committed(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.update(1, 7, 1, a="1")
        run.raised(1, 7)
        assert counts(run) == Counts(attempted=1, survived=1)

    def test_is_withdrawn_where_its_commit_comes_late(self) -> None:
        run = Simulation()
        run.commit(0, None, {}, None)
        run.begin(1, 7)
        run.died(1)
        run.update(1, 7, 1, a="1")
        history = run.recording.history
        assert [history.counts_at(event) for event in (2, 3)] == [
            Counts(attempted=1, never_ran=1),
            Counts(attempted=1, survived=1),
        ]

    def test_tells_the_exit_code_or_only_that_it_never_returned(self) -> None:
        run = Simulation()
        run.begin(2, 7)
        run.died(2, -11)
        run.unreturned(8)
        died, unreturned = certificates(run)
        assert (died.task, died.process, died.exit_code) == (7, "P2", -11)
        assert (unreturned.task, unreturned.process, unreturned.exit_code) == (8, None, None)


class TestLocks:
    """Who holds a shared lock, and who waits."""

    def test_holder_and_queue(self) -> None:
        run = Simulation(workers=3)
        run.acquire(1)
        run.wait(2)
        run.wait(3)
        run.release(1)
        run.acquire(2)
        run.died(3)
        run.release(2)
        history = run.recording.history
        assert history.lock_of == {2: 0}
        assert [history.locks[0].at(event) for event in range(8)] == [
            (None, ()),
            (2001, ()),
            (2001, (2002,)),
            (2001, (2002, 2003)),
            (None, (2002, 2003)),
            (2002, (2003,)),
            (2002, ()),
            (None, ()),
        ]

    def test_a_wait_that_ran_out_of_time(self) -> None:
        run = Simulation()
        run.acquire(1)
        run.wait(2)
        run.read(2, object=2, method="acquire")
        run.read(2, object=2, method="acquire")
        assert run.recording.history.locks[0].at(4) == (2001, ())

    def test_an_rlock_is_held_until_its_last_release_and_a_semaphore_by_the_latest(self) -> None:
        run = Simulation()
        run.acquire(1)
        run.acquire(1)
        run.release(1)
        run.acquire(2)
        run.release(2)
        run.release(1)
        history = run.recording.history
        assert [history.locks[0].at(event)[0] for event in (3, 4, 5, 6)] == [2001, 2002, 2001, None]

    def test_a_lock_may_be_released_by_another(self) -> None:
        run = Simulation()
        run.acquire(1)
        run.release(2)
        run.release(2)
        assert run.recording.history.locks[0].at(2) == (None, ())
