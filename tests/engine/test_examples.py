"""Every example, run watched for real: what is said of it, and that nothing is said of programs much like it."""

from pathlib import Path

import pytest

import dictrace.resources
from dictrace.engine.diagnoses.diagnosis import Diagnosis, Kind
from dictrace.engine.diagnoses.finding import diagnoses_of
from dictrace.engine.diagnoses.sentences import cure_of, text_of
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.rows import Outcome
from tests.engine.runs import recorded, recorded_program

EXAMPLES = Path(dictrace.resources.__file__).parent / "examples"
SECONDS = 60.0

SAID: dict[str, tuple[tuple[Kind, int, int, tuple[int, ...]], ...]] = {
    "lesson_1_own_key": (),
    "lesson_2_nested_in_place": ((Kind.NEVER_SENT, 20, 20, (10,)),),
    "lesson_3_fetch_mutate_commit": ((Kind.STALE_WRITE_BACK, 10, 10, (11, 14)),),
    "lesson_4_shared_lock": (),
    "counter": ((Kind.COUNTER, 5, 5, (16,)),),
    "check_then_act": ((Kind.CHECK_THEN_ACT, 1, 1, (10, 12)),),
    "private_lock": ((Kind.PRIVATE_LOCK, 2, 2, (15, 18)),),
    "late_lock": ((Kind.LATE_LOCK, 2, 2, (7, 11)),),
    "ignored_lock": ((Kind.IGNORED_LOCK, 1, 1, (20, 22, 11, 15)),),
    "unseen_exception": ((Kind.UNSEEN_EXCEPTION, 1, 1, (7,)),),
    "not_picklable": ((Kind.NOT_PICKLABLE, 3, 3, (7,)),),
    "lock_sent": ((Kind.LOCK_SENT, 1, 1, (16,)),),
    "worker_died": ((Kind.WORKER_DIED, 1, 1, ()),),
    "lock_of_dead": ((Kind.LOCK_OF_DEAD, 1, 0, (9,)),),
    "lock_not_released": ((Kind.LOCK_NOT_RELEASED, 1, 0, (7,)),),
    "server_died": ((Kind.SERVER_DIED, 1, 0, ()),),
    "manager_gone": ((Kind.MANAGER_GONE, 1, 1, (8,)),),
    "no_main_guard": ((Kind.NO_MAIN_GUARD, 1, 1, (15,)),),
    "one_worker": ((Kind.ONE_WORKER, 1, 0, ()),),
    "left_early": ((Kind.LEFT_EARLY, 2, 2, ()),),
}
NEAR_MISSES: dict[str, tuple[Kind, ...]] = {
    "never_sent": (),
    "stale_write_back": (),
    "counter": (),
    "check_then_act": (),
    "private_lock": (),
    "late_lock": (),
    "ignored_lock": (),
    "unseen_exception": (),
    "not_picklable": (),
    "lock_sent": (),
    "lock_inherited": (),
    "worker_died": (),
    "lock_of_dead": (Kind.WORKER_DIED,),
    "lock_not_released": (),
    "manager_gone": (),
    "server_died": (),
    "no_main_guard": (),
    "one_worker": (),
    "left_early": (),
}


def said_of(name: str) -> tuple[Diagnosis, ...]:
    """The diagnoses of a watched run of an example."""
    script = Script(str(EXAMPLES / f"{name}.py"))
    return diagnoses_of(recorded(Order(script=script, limits=Limits(seconds=SECONDS))))


def test_every_example_is_here() -> None:
    assert {file.stem for file in EXAMPLES.glob("*.py")} == set(SAID)


def test_every_kind_has_an_example() -> None:
    assert {said[0] for diagnoses in SAID.values() for said in diagnoses} == set(Kind)


def test_every_kind_has_a_near_miss() -> None:
    assert {kind.value for kind in Kind} <= set(NEAR_MISSES)


@pytest.mark.parametrize("name", SAID)
def test_menu_line(name: str) -> None:
    first = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith('"""')
    assert first.rstrip('"').endswith(".")


@pytest.mark.parametrize("name", SAID)
def test_example(name: str) -> None:
    said = [d for d in said_of(name) if d.kind is not Kind.ONE_WORKER or name == "one_worker"]  # by luck, one does all
    assert tuple((d.kind, d.count, d.lost, tuple(place.line for place in d.places)) for d in said) == SAID[name]
    for diagnosis in said:
        assert {place.file for place in diagnosis.places} <= {f"{name}.py"}
        assert "{" not in text_of(diagnosis).replace("{}", "")
        assert cure_of(diagnosis)


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_near_miss(name: str) -> None:
    recording = recorded_program("near_misses.py", name, limits=Limits(seconds=SECONDS))
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FINISHED
    assert tuple(diagnosis.kind for diagnosis in diagnoses_of(recording)) == NEAR_MISSES[name]


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_a_worker_of_an_executor_that_died_breaks_all_the_rest(start_method: str) -> None:
    recording = recorded_program("executor_dies.py", start_method, limits=Limits(seconds=SECONDS))
    (found,) = diagnoses_of(recording)
    assert text_of(found) == "P1 died with exit code 3, and left undone what it was at."
    counts = recording.history.counts_at(len(recording.events))
    assert (counts.survived, counts.never_ran) == (2, 3)
    assert recording.start_methods == start_method


def test_an_object_that_is_gone_is_told_from_a_manager_that_is() -> None:
    (found,) = diagnoses_of(recorded_program("object_gone.py", limits=Limits(seconds=SECONDS)))
    assert (found.kind, [place.line for place in found.places]) == (Kind.MANAGER_GONE, [11])
    assert found.reason.startswith("RemoteError: KeyError: '")
    assert text_of(found).startswith("The shared object was gone from the manager")


@pytest.mark.parametrize("how", ["apply", "map", "starmap", "callback", "executor"])
def test_an_exception_that_was_looked_at_is_not_called_unseen(how: str) -> None:
    recording = recorded_program("looked_at.py", how, limits=Limits(seconds=SECONDS))
    assert recording.failed_tasks
    assert diagnoses_of(recording) == ()
