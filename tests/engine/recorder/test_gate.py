"""Who may go next."""

import threading
from collections.abc import Callable

import pytest

from dictrace.engine.recorder.channel import Settings
from dictrace.engine.recorder.gate import JitteredGate, ScriptedGate, gate_of


def ask(gate: ScriptedGate, task: int, served: list[int]) -> threading.Thread:
    """A thread that asks for `task` and notes when it was let in."""

    def enter() -> None:
        gate.enter(task)
        served.append(task)
        gate.leave()

    thread = threading.Thread(target=enter)
    thread.start()
    return thread


def failing(reason: str) -> None:
    raise AssertionError(reason)


def test_requests_are_served_in_the_given_order() -> None:
    served: list[int] = []
    gate = ScriptedGate([3, 1, 2, 1], 20.0, failing)
    threads = [ask(gate, task, served) for task in (1, 2, 3)]
    for thread in threads:
        thread.join()
    ask(gate, 1, served).join()
    assert served == [3, 1, 2, 1]


def test_without_patience_the_gate_waits_for_more_of_the_order() -> None:
    served: list[int] = []
    gate = ScriptedGate([], None, failing)
    thread = ask(gate, 5, served)
    assert served == []
    gate.extend([5])
    thread.join()
    assert served == [5]


@pytest.mark.parametrize(
    ("order", "reason"),
    [([], "the recorded order ended before the run did"), ([8], "task 8 did not ask when it was its turn")],
)
def test_an_order_that_cannot_be_kept_opens_the_gate_and_says_why_once(order: list[int], reason: str) -> None:
    reasons: list[str] = []
    served: list[int] = []
    gate = ScriptedGate(order, 0.01, reasons.append)
    for thread in [ask(gate, 1, served), ask(gate, 2, served)]:
        thread.join()
    assert sorted(served) == [1, 2]
    assert reasons == [reason]


def test_jitter_depends_on_the_seed_the_task_and_its_request_only(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("dictrace.engine.recorder.gate.time.sleep", slept.append)

    def delays(seed: int, tasks: list[int]) -> dict[int, list[float]]:
        gate = JitteredGate(seed)
        found: dict[int, list[float]] = {}
        for task in tasks:
            gate.enter(task)
            gate.leave()
            found.setdefault(task, []).append(slept[-1])
        return found

    assert delays(1, [1, 2, 1, 2]) == delays(1, [2, 2, 1, 1])
    assert delays(1, [1, 2]) != delays(2, [1, 2])
    assert len(set(slept)) == 6


@pytest.mark.parametrize(
    ("mode", "check"),
    [
        ("free", lambda gate: gate is None),
        ("jittered", lambda gate: isinstance(gate, JitteredGate)),
        ("scripted", lambda gate: isinstance(gate, ScriptedGate)),
        ("by hand", lambda gate: isinstance(gate, ScriptedGate)),
    ],
)
def test_each_mode_has_its_gate(mode: str, check: Callable[[object], bool]) -> None:
    assert check(gate_of(Settings(mode), failing))
