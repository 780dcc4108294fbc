"""The eight presets on real processes."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading

import pytest

from dictrace.engine.exhibits import functions_of, sources_of
from dictrace.engine.experiment import PRESETS, Experiment, LockChoice, Target, preset, start_methods
from dictrace.engine.launch import order_like
from dictrace.engine.order import Order
from dictrace.engine.program import _abandon
from dictrace.engine.recording import Recording
from dictrace.engine.rows import GateMode, OpKind, OpRow, Outcome, WaitRow
from tests.engine.runs import certificates, evidence, recorded, wait_until

LOSES_BY_OVERWRITING = {"fetch-mutate-commit", "private-lock", "counter", "lock-ignored"}


def survivors_in_the_dict(recording: Recording) -> int:
    """How many updates the final dict really holds, read off the referents themselves."""
    finals = [final for final in recording.finals if final.value != "<DictProxy>"]
    if recording.header.what == "counter":
        return int(finals[0].value or 0)
    return sum(len(final.parts) if final.value is None else 1 for final in finals)


@pytest.mark.parametrize("start_method", start_methods())
@pytest.mark.parametrize("name", PRESETS)
def test_each_preset_obeys_the_laws(name: str, start_method: str) -> None:
    recording = recorded(Order(preset(name, start_method=start_method, tasks=40)))
    counts = recording.history.counts_at(len(recording.events))
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FINISHED
    assert recording.header.start_method == start_method
    assert recording.workers_seen == 4
    assert counts.attempted == 40 == counts.survived + counts.overwritten + counts.never_sent + counts.never_ran
    assert len(certificates(recording)) == counts.attempted - counts.survived
    assert survivors_in_the_dict(recording) == counts.survived
    assert counts.never_ran == 0
    assert counts.never_sent == (40 if name == "nested-in-place" else 0)
    assert counts.overwritten == 0 or name in LOSES_BY_OVERWRITING


@pytest.mark.parametrize("start_method", start_methods())
def test_a_forced_order_decides_who_loses(start_method: str) -> None:
    two = Experiment(processes=2, tasks=2, start_method=start_method)
    lost = recorded(Order(two, GateMode.SCRIPTED, (0, 1, 0, 1)))
    (certificate,) = certificates(lost)
    assert (certificate.task, certificate.fetched_version, certificate.version) == (0, 1, 2)
    assert certificate.culprit is not None
    assert (certificate.culprit.task, certificate.culprit.fetched_version, certificate.culprit.version) == (1, 1, 3)
    kept = recorded(Order(two, GateMode.SCRIPTED, (1, 1, 0, 0)))
    assert certificates(kept) == []
    assert not lost.gates
    assert not kept.gates


@pytest.mark.parametrize("name", ["fetch-mutate-commit", "counter", "shared-lock", "lock-ignored", "nested-in-place"])
def test_a_recorded_race_served_again_ends_alike(name: str) -> None:
    first = recorded(Order(preset(name)))
    again = recorded(order_like(first))
    assert not again.gates
    assert again.header.gate is GateMode.SCRIPTED
    assert again.history.counts_at(len(again.events)) == first.history.counts_at(len(first.events))
    assert evidence(again) == evidence(first)
    assert [final.parts for final in again.finals] == [final.parts for final in first.finals]


def test_an_order_that_cannot_be_kept_is_said_to_be_so() -> None:
    recording = recorded(Order(Experiment(processes=2, tasks=2), GateMode.SCRIPTED, (0, 1)))
    assert [gate.text for gate in recording.gates] == ["the recorded order ended before the run did"]
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FINISHED


def test_jitter_of_a_seed_is_announced_and_delays_nothing_for_ever() -> None:
    recording = recorded(Order(Experiment(tasks=8, seed=7), GateMode.JITTERED))
    assert recording.header.gate is GateMode.JITTERED
    assert recording.history.counts_at(len(recording.events)).attempted == 8


def test_a_shared_lock_makes_others_wait() -> None:
    recording = recorded(Order(preset("shared-lock", think_ms=5, tasks=12)))
    waits = [row for row in recording.events if isinstance(row, WaitRow)]
    grants = {(row.pid, row.seq) for row in recording.events if isinstance(row, OpRow) and row.kind is OpKind.ACQUIRE}
    assert waits
    assert {(row.pid, row.seq) for row in waits} <= grants


def test_a_private_lock_is_seen_in_each_process() -> None:
    recording = recorded(Order(preset("private-lock", tasks=12)))
    assert all(1 in worker.private_acquired and 0 in worker.private_acquired for worker in recording.workers)


@pytest.mark.parametrize("name", ["own-key", "nested-in-place", "shared-lock", "nested-proxy"])
def test_a_watched_run_prints_what_a_bare_one_prints(name: str) -> None:
    script = f"from dictrace.engine.program import *; from dictrace.engine.experiment import *; run(preset({name!r}))"
    bare = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    watched = "".join(output.text for output in recorded(Order(preset(name))).outputs)
    assert sorted(_without_address(watched).split()) == sorted(_without_address(bare.stdout).split())


def _without_address(text: str) -> str:
    text = text.replace("{", " ").replace("}", " ").replace(",", " ")
    return text if " at 0x" not in text else text[: text.index(" at 0x")]


def test_every_combination_of_toggles_has_functions_whose_source_can_be_shown() -> None:
    seen = set()
    for target in Target:
        for nested in (False, True):
            for write_back in (False, True):
                for lock in LockChoice:
                    experiment = Experiment(target=target, nested=nested, write_back=write_back, lock=lock)
                    names = tuple(function.__name__ for function in functions_of(experiment))
                    assert ("_locked" in names[0]) == (lock is not LockChoice.NONE)
                    sources = sources_of(experiment)
                    assert [source.text.split("(")[0] for source in sources] == [f"def {name}" for name in names]
                    seen.add(names[0].removesuffix("_locked"))
    assert seen == {"own_key", "nested_in_place", "fetch_mutate_commit", "counter", "nested_proxy"}


@pytest.mark.parametrize(
    ("name", "labels"), [("own-key", {"d"}), ("shared-lock", {"d", "lock"}), ("nested-proxy", {"d", "inner"})]
)
def test_shared_objects_are_called_as_in_the_program(name: str, labels: set[str]) -> None:
    recording = recorded(Order(preset(name, tasks=2)))
    assert {shared.label for shared in recording.objects.values()} == labels


def test_every_request_of_a_worker_has_its_reply() -> None:
    recording = recorded(Order(preset("nested-in-place", tasks=20)))
    unanswered = [
        row
        for row, reply_ns in zip(recording.events, recording.reply_ns, strict=True)
        if isinstance(row, OpRow) and row.task is not None and reply_ns < 0
    ]
    assert unanswered == []


def test_the_lines_of_a_recording_are_lines_of_its_source() -> None:
    recording = recorded(Order(preset("fetch-mutate-commit", tasks=4)))
    (source,) = recording.header.source
    lines = source.text.splitlines()
    texts = {
        (row.kind, lines[row.line - source.first_line].strip())
        for row in recording.events
        if isinstance(row, OpRow) and row.task is not None and row.line is not None
    }
    assert texts == {(OpKind.FETCH, 'row = d["test"]'), (OpKind.COMMIT, 'd["test"] = row')}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a message is read whole or not at all")
@pytest.mark.parametrize("taken", [0, 1, 4, 9])
def test_a_pool_is_abandoned_though_a_worker_died_in_the_middle_of_a_task_that_came(taken: int) -> None:
    pool = multiprocessing.get_context(start_methods()[0]).Pool(2)
    pool.map(str, range(2))
    workers = list(pool._pool)  # type: ignore[attr-defined]
    for worker in workers:
        os.kill(worker.pid, signal.SIGSTOP)
    for i in range(5_000):  # more than the pipe takes
        pool.apply_async(str, (i,))
    reader = pool._inqueue._reader  # type: ignore[attr-defined]
    wait_until(reader.poll)
    os.read(reader.fileno(), taken)
    abandoning = threading.Thread(target=_abandon, args=(pool,), daemon=True)
    abandoning.start()
    abandoning.join(20)
    try:
        assert not abandoning.is_alive()
        pool.terminate()
        assert not any(worker.is_alive() for worker in workers)
    finally:
        for worker in workers:
            worker.kill()
