"""A certificate as steps: true, in order, each at the moment it can be seen; and the experiment that cures it."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings

from dictrace.engine.certificate import LossKind
from dictrace.engine.experiment import PRESETS, Experiment, LockChoice, Target, preset
from dictrace.engine.recording import Recording
from dictrace.engine.rows import NameRow, ObjectRow, PrivateLockRow, Source
from dictrace.engine.story import Story, cured, newest_story, story
from tests.engine.histories import FIRST_WORKER_PID, STEP_NS, Simulation, simulations


def told(recording: Recording, loss: int = 0) -> list[tuple[float, str]]:
    return [(step.position, step.text) for step in story(recording, loss)]


def started(**parameters: object) -> Simulation:
    run = Simulation(**parameters)  # type: ignore[arg-type]
    run.commit(0, None, {}, None)
    return run


def test_overwritten() -> None:
    run = started()
    run.fetch(2, 47)
    run.fetch(1, 46)
    run.update(1, 46, 1, **{"46": "46"})
    run.update(2, 47, 1, **{"47": "47"})
    assert told(run.recording) == [
        (2, "P2 fetched d['test'] when it was at v1 (line 2)."),
        (4, "While P2 had this copy, P1 committed d['test'][46] as v2 (line 5)."),
        (5, "P2 wrote its stale copy back as v3 (line 5)."),
        (5, "d['test'][46] was gone, and nobody was told."),
    ]
    assert [step.lost for step in story(run.recording, 0)] == [False, False, False, True]


def test_the_newest_story_is_of_the_last_loss_up_to_an_event() -> None:
    run = started()
    run.fetch(2, 47)
    run.fetch(1, 46)
    run.update(1, 46, 1, **{"46": "46"})
    run.update(2, 47, 1, **{"47": "47"})
    assert newest_story(run.recording, 4) == Story("No update is lost up to here.")
    told = newest_story(run.recording, 5)
    assert told.title == "d['test'][46]: overwritten"
    assert told.steps == story(run.recording, 0)
    assert told.cure == "Hold one shared lock from the fetch to the commit."


def test_overwritten_part_that_is_still_there() -> None:
    run = started()
    run.fetch(2, 2)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, a="2")
    assert told(run.recording)[-1] == (4, "The update of d['test'][a] by P1 was lost, and nobody was told.")


def test_overwritten_counter() -> None:
    run = Simulation()
    run.commit(0, None, "0", None, "'n'")
    run.fetch(2, 2, "'n'")
    run.commit(1, 1, "1", 1, "'n'")
    run.commit(2, 2, "1", 1, "'n'")
    assert told(run.recording)[-1] == (4, "d['n'] is 1 now, without the update by P1; nobody was told.")


def test_copy_whose_fetch_was_not_seen_or_that_another_process_fetched() -> None:
    run = started()
    run.fetch(1, 2)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    assert told(run.recording)[0] == (4, "P2 has a copy of v1 of d['test'].")


def test_update_that_came_back_and_was_older_than_the_copy() -> None:
    run = started()
    run.fetch(1, 1)
    run.fetch(2, 2)
    run.update(1, 1, 1, a="1")  # v2
    run.update(2, 2, 1, b="1")  # v3 leads around v2
    run.fetch(2, 5)  # of v3
    run.update(1, 3, 2, c="1")  # v4 brings v2 back
    run.update(2, 5, 3, e="1")  # v5 leads around v2 and v4
    recording = run.recording
    losses = recording.history.losses
    again = next(loss for loss in recording.history.standing() if losses.victims[loss] == 4)
    assert told(recording, again)[:2] == [
        (6, "P2 fetched d['test'] when it was at v3 (line 2)."),
        (4, "This copy was without d['test'][a], which P1 had committed as v2 (line 5)."),
    ]


def test_private_lock_that_kept_nobody_out() -> None:
    run = started()
    run.rows.append(PrivateLockRow(FIRST_WORKER_PID + 2, True, STEP_NS, 2))
    run.fetch(2, 2)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    assert (4, "P2 held a lock, but one of its own: it kept nobody out.") in told(run.recording)
    run.rows.insert(-2, PrivateLockRow(FIRST_WORKER_PID + 2, False, 4 * STEP_NS - 1, 2))
    assert not [text for _event, text in told(run.recording) if "of its own" in text], "released before"


def test_lock_that_one_process_did_not_ask_for() -> None:
    run = started()
    run.rows += [ObjectRow(2, "Lock", 0), NameRow(2, "lock", 2)]
    run.acquire(2, 2)
    run.fetch(2, 2)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    about_locks = [entry for entry in told(run.recording) if "hold lock" in entry[1]]
    assert about_locks == [(4, "P1 did not hold lock when it committed.")]
    run.rows = [
        ObjectRow(2, "Semaphore", 0) if isinstance(row, ObjectRow) and row.object == 2 else row for row in run.rows
    ]
    assert not [entry for entry in told(run.recording) if "hold lock" in entry[1]], "several may hold a semaphore"


def test_never_sent() -> None:
    run = started()
    run.fetch(1, 50)
    run.fetch(2, 51)
    run.unsent(1, 50, {"50": "50"}, 1)
    assert told(run.recording) == [
        (2, "P1 fetched d['test'] when it was at v1 (line 2)."),
        (2.25, "P1 changed d['test'][50], but only in its private copy."),
        (4, "Task 50 ended, and P1 had not written the copy back."),
        (4, "The shared d['test'] never got the update of d['test'][50], and nobody was told."),
    ]


@pytest.mark.parametrize(
    ("fail", "sentence"),
    [
        (lambda run: run.raised(1, 4), "It raised (line 3): ValueError: no"),
        (lambda run: run.died(1), "P1 died in task 4 (exit code -9)."),
        (lambda run: run.unreturned(4), "Task 4 never returned."),
    ],
    ids=["raised", "died", "unreturned"],
)
def test_never_ran(fail: Callable[[Simulation], None], sentence: str) -> None:
    run = started()
    run.begin(1, 4)
    run.fetch(1, 4)
    fail(run)
    assert told(run.recording) == [
        (1, "Task 4 began in P1."),
        (3, sentence),
        (3, "Task 4 had committed nothing: its update never came to be."),
    ]


@settings(max_examples=200)
@given(simulations)
def test_every_loss_has_a_story_that_ends_at_it(run: Simulation) -> None:
    recording = run.recording
    losses = recording.history.losses
    for loss in range(len(losses.events)):
        steps = story(recording, loss)
        assert [step.lost for step in steps] == [False] * (len(steps) - 1) + [True]
        assert steps[-1].position == losses.events[loss]
        assert all(0 <= step.position <= losses.events[loss] for step in steps)
        assert losses.victims[loss] in {step.position for step in steps}


def recording_of(experiment: Experiment, what: str | None = None) -> Recording:
    header = Simulation(**msgspec.to_builtins(experiment)).header
    source = (Source("lessons.py", 1, "def f(i, d): ..."),)
    return Recording(msgspec.structs.replace(header, what=what or experiment.what, source=source))


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "shared-lock"])
def test_cure_is_a_shared_lock_around_all_of_it(name: str) -> None:
    experiment = preset(name, processes=3, tasks=7)
    cure = cured(recording_of(experiment), LossKind.OVERWRITTEN)
    assert cure is not None
    assert (cure.lock, cure.write_back) == (LockChoice.SHARED, True)
    assert (cure.processes, cure.tasks, cure.target, cure.nested) == (3, 7, experiment.target, experiment.nested)


def test_cure_of_what_was_never_sent_writes_it_back() -> None:
    cure = cured(recording_of(preset("nested-in-place")), LossKind.NEVER_SENT)
    assert cure is not None
    assert cure.preset == "shared-lock"


def test_no_cure_to_run() -> None:
    assert cured(recording_of(preset("fetch-mutate-commit")), LossKind.NEVER_RAN) is None
    assert cured(recording_of(preset("shared-lock")), LossKind.OVERWRITTEN) is None
    assert cured(recording_of(preset("counter"), "script.py"), LossKind.OVERWRITTEN) is None
    assert cured(Recording(Simulation(target="elephants").header), LossKind.OVERWRITTEN) is None
    assert cured(recording_of(Experiment(target=Target.COUNTER)), LossKind.OVERWRITTEN) is not None
