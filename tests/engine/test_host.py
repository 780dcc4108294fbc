"""The host: faults, stops and limits, on real processes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from unittest.mock import Mock

import pytest

from dictrace.engine import launch
from dictrace.engine.certificate import LossKind
from dictrace.engine.experiment import Experiment, preset, start_methods
from dictrace.engine.explain import happened
from dictrace.engine.host import Sink
from dictrace.engine.launch import HOST, Run
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.report import report_of, text_of
from dictrace.engine.rows import (
    AnyRow,
    Change,
    DiedRow,
    EndRow,
    GateMode,
    HeaderRow,
    OpKind,
    OpRow,
    Outcome,
    OutputRow,
    ProcessRow,
    Role,
    UnsentRow,
)
from tests.engine.runs import (
    PROGRAMS,
    certificates,
    is_alive,
    recorded,
    recorded_program,
    recording_of,
    rows_of,
    wait_until,
)

ACTS_S = 1.0  # a host that acts on something has done so
HELD = Order(Experiment(processes=2, tasks=4), GateMode.BY_HAND, (0, 1))


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where hosts make their private folders, with nothing else in it; a short path, for sockets."""
    with tempfile.TemporaryDirectory(prefix="d") as name:
        monkeypatch.setenv("TMPDIR", name)
        yield Path(name)


def rows_until_fetched(rows: Iterator[AnyRow], tasks: set[int]) -> list[AnyRow]:
    """Rows up to the fetches of these tasks, whose processes the gate then holds."""
    taken = []
    missing = set(tasks)
    for row in rows:
        taken.append(row)
        if isinstance(row, OpRow) and row.kind is OpKind.FETCH:
            missing.discard(row.task)
            if not missing:
                return taken
    raise AssertionError("the run ended before")


@pytest.mark.parametrize("start_method", start_methods())
def test_stop_ends_every_process_and_keeps_the_rows(start_method: str, folder: Path) -> None:
    order = Order(Experiment(processes=2, tasks=4, start_method=start_method), GateMode.BY_HAND, (0, 1))
    with Run(order) as run:
        rows = rows_of(run)
        taken = rows_until_fetched(rows, {0, 1})
        run.stop()
        taken += rows
    recording = recording_of(taken)
    assert recording.end is not None
    assert recording.end.outcome is Outcome.STOPPED
    pids = [row.pid for row in taken if isinstance(row, ProcessRow)]
    assert len(pids) >= 4
    wait_until(lambda: not any(map(is_alive, pids)))
    assert not list(folder.iterdir())


def test_stop_ends_a_process_that_answers_to_nothing(folder: Path) -> None:
    with Run(HELD) as run:
        rows = rows_of(run)
        taken = rows_until_fetched(rows, {0, 1})
        workers = [row.pid for row in taken if isinstance(row, ProcessRow) and row.role is Role.WORKER]
        os.kill(workers[0], signal.SIGSTOP)
        run.stop()
        *_others, last = rows
    assert isinstance(last, EndRow)
    assert last.outcome is Outcome.STOPPED
    wait_until(lambda: not any(map(is_alive, workers)))
    assert not list(folder.iterdir())


def test_the_end_of_the_one_who_ordered_ends_everything(folder: Path) -> None:
    with Run(HELD) as run:
        taken = rows_until_fetched(rows_of(run), {0, 1})
    pids = [row.pid for row in taken if isinstance(row, ProcessRow)]
    wait_until(lambda: not any(map(is_alive, pids)))
    assert not list(folder.iterdir())


def test_a_killed_host_takes_everything_with_it(folder: Path) -> None:
    with Run(HELD) as run:
        taken = rows_until_fetched(rows_of(run), {0, 1})
        os.kill(run.host_pid, signal.SIGKILL)
        pids = [row.pid for row in taken if isinstance(row, ProcessRow)]
        wait_until(lambda: not any(map(is_alive, pids)) and not list(folder.iterdir()))


def test_a_killed_host_takes_a_script_without_a_manager_with_it(folder: Path) -> None:
    with Run(Order(script=Script(str(PROGRAMS / "sleeps.py")))) as run:
        pids = [row.pid for row in islice((row for row in rows_of(run) if isinstance(row, ProcessRow)), 2)]
        os.kill(run.host_pid, signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, pids)), within_s=2)
        wait_until(lambda: not list(folder.iterdir()), within_s=2)


def test_a_killed_server_leaves_a_recording_that_says_it_is_incomplete() -> None:
    recording = recorded_program("kills_its_manager.py")
    assert recording.end is not None
    assert (recording.end.outcome, recording.end.unheard) == (Outcome.FINISHED, 1)
    assert not recording.complete
    assert happened(recording, len(recording.events)).startswith("The run finished. 1 manager server ended before")
    assert "1 manager server ended before" in text_of(report_of(recording))


def test_a_stopped_run_has_everything_that_was_served_before() -> None:
    with Run(Order(script=Script(str(PROGRAMS / "commits.py"), ("300", "wait")))) as run:
        rows = rows_of(run)
        taken = []
        for row in rows:
            taken.append(row)
            if isinstance(row, OutputRow):
                run.stop()
                break
        taken += rows
    assert sum(isinstance(row, OpRow) and row.kind is OpKind.COMMIT for row in taken) == 300
    assert isinstance(taken[-1], EndRow)
    assert (taken[-1].outcome, taken[-1].unheard) == (Outcome.STOPPED, 0)


def test_a_worker_killed_with_a_copy_in_hand_never_ran() -> None:
    with Run(HELD) as run:
        rows = rows_of(run)
        taken = rows_until_fetched(rows, {0, 1})
        victim = next(row.pid for row in taken if isinstance(row, OpRow) and row.task == 0)
        os.kill(victim, signal.SIGKILL)
        taken += rows
    recording = recording_of(taken)
    assert [(row.pid, row.exit_code) for row in recording.events if isinstance(row, DiedRow)] == [(victim, -9)]
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FAILED
    assert f"PID {victim}" in recording.end.text
    counts = recording.history.counts_at(len(recording.events))
    assert counts.attempted == counts.never_ran
    assert 0 in {certificate.task for certificate in certificates(recording)}
    assert {certificate.kind for certificate in certificates(recording)} == {LossKind.NEVER_RAN}


def test_a_task_that_raises_never_ran() -> None:
    recording = recorded_program("raises.py")
    (certificate,) = certificates(recording)
    assert certificate.kind is LossKind.NEVER_RAN
    assert certificate.task == 1
    assert recording.history.counts_at(len(recording.events)).survived == 2


def test_the_copy_that_is_committed_decides_its_base() -> None:
    recording = recorded_program("two_copies.py")
    ops = [row for row in recording.events if isinstance(row, OpRow) and row.task == 0]
    assert [(row.version, row.base) for row in ops if row.kind is OpKind.COMMIT] == [(2, 1), (3, 1), (4, 3)]
    unsent = [row for row in recording.events if isinstance(row, UnsentRow)]
    assert [(row.base, row.own.added) for row in unsent] == [(4, {"'late'": "1"})]


def test_other_methods_locks_and_values_are_recorded_as_plain_ones() -> None:
    recording = recorded_program("methods.py")
    printed = "".join(output.text for output in recording.outputs)
    assert printed.splitlines() == [
        "{'a': 1, 'b': [1, 2]} 2 True",
        "None 5 {'a': 1, 'b': [1, 2]} DictProxy",
        "True False True RLock",
        "KeyError 'missing'",
    ]
    assert recording.end is not None
    assert recording.end.outcome is Outcome.FINISHED
    methods = {row.method for row in recording.events if isinstance(row, OpRow)}
    assert {"__len__", "__contains__", "get", "copy", "acquire", "release"} <= methods


def test_values_of_any_type_are_described() -> None:
    recording = recorded_program("odd_values.py")
    commits = [row for row in recording.events if isinstance(row, OpRow) and row.kind is OpKind.COMMIT]
    changes = [(row.key, row.version, row.base, row.change) for row in commits if row.change is not None]
    assert changes == [
        ("'account'", 1, None, Change(added={"'balance'": "0"})),
        ("'list'", 1, None, Change(value="<DictProxy>")),
        ("'nested'", 1, None, Change(added={"'place'": "Place(name='x')", "'plain'": "1"})),
        ("'nested'", 2, 1, Change(changed={"'place'": "Place(name='y')"})),
        ("'account'", 2, 1, Change(changed={"'balance'": "1"})),
        ("(Place(name='here'), 0)", 1, None, Change(value="0")),
        ("'account'", 3, 2, Change(changed={"'balance'": "2"})),
        ("(Place(name='here'), 1)", 1, None, Change(value="1")),
    ]
    assert {final.key: final.parts or final.value for final in recording.finals} == {
        "'account'": {"'balance'": "2"},
        "'list'": "<DictProxy>",
        "'nested'": {"'place'": "Place(name='y')", "'plain'": "1"},
        "(Place(name='here'), 0)": "0",
        "(Place(name='here'), 1)": "1",
    }


def test_arrays_are_told_as_what_they_are_and_changes_in_their_copies_are_seen() -> None:
    recording = recorded_program("arrays.py")
    assert {final.key: final.parts or final.value for final in recording.finals} == {
        "'array'": "array('i', [8, 2])",
        "'bytes'": r"bytearray(b'\x08b')",
        "'deque'": "deque([8, 2])",
        "'within'": {"'array'": "array('i', [1, 2])"},
    }
    counts = recording.history.counts_at(len(recording.events))
    assert (counts.survived, counts.never_sent) == (3, 3)


def test_rows_beyond_the_limit_are_counted() -> None:
    everything = recorded(Order(preset("own-key", tasks=20)))
    limited = recorded(Order(preset("own-key", tasks=20), limits=Limits(rows=30)))
    assert everything.end is not None
    assert everything.end.dropped == 0
    assert limited.end is not None
    assert limited.end.dropped > 0
    assert limited.rows == 1 + 30 + len(limited.outputs) + 1


def test_the_last_line_of_a_program_that_ends_with_a_status_of_its_own_is_no_reason() -> None:
    (end,) = [row for row in recorded_program("says_and_ends.py").events if isinstance(row, EndRow)]
    assert (end.status, end.text) == (7, "The program ended with status 7.")


def test_a_program_that_fails_says_so_in_its_last_line() -> None:
    recording = recorded_program("fails.py")
    assert isinstance(recording.events[-1], EndRow)
    assert recording.events[-1].outcome is Outcome.FAILED
    assert recording.events[-1].text == "ZeroDivisionError: division by zero"


def test_a_program_that_fails_silently_is_named_by_its_status() -> None:
    recording = recorded_program("fails_silently.py")
    assert isinstance(recording.events[-1], EndRow)
    assert recording.events[-1].text == "The program ended with status 7."


@pytest.mark.parametrize(
    "line", [b"", b"no json\n", b'{"experiment":{"processes":0}}\n', b'{"experiment":{"start_method":"magic"}}\n']
)
def test_an_order_that_cannot_be_carried_out_is_refused(line: bytes) -> None:
    refused = subprocess.run(HOST, input=line, capture_output=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert refused.stdout == b""
    assert refused.stderr.count(b"\n") == 1
    assert b"Traceback" not in refused.stderr


def test_an_interrupt_meant_for_the_terminal_does_not_end_the_host() -> None:
    with Run(HELD) as run:
        rows = rows_of(run)
        rows_until_fetched(rows, {0, 1})
        os.kill(run.host_pid, signal.SIGINT)
        run.stop()
        *_others, last = rows
    assert isinstance(last, EndRow)
    assert last.outcome is Outcome.STOPPED


def host_after(monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """Have hosts carry out a statement first."""
    code = f"import sys; from dictrace.engine import host, intake; {statement}; sys.exit(host.main())"
    monkeypatch.setattr(launch, "HOST", (sys.executable, "-P", "-c", code))


@contextmanager
def telling(name: str, live: bool) -> Iterator[tuple[Iterator[AnyRow], int]]:
    """The rows of a program that waits to be told to end, and where to write that."""
    read, write = os.pipe()
    program = Script(str(PROGRAMS / name), stdio=(read, os.dup(1), os.dup(2)))
    try:
        with Run(Order(script=program, live=live)) as run:
            yield rows_of(run), write
    finally:
        for number in (write, *program.stdio):
            os.close(number)


def test_rows_are_made_for_nobody_no_longer_than_it_takes_to_see_it() -> None:
    transcript, stream, told = Mock(), Mock(), Mock()
    transcript.rows.return_value = [OutputRow("stdout", "", 0)]
    stream.write.side_effect = BrokenPipeError
    sink = Sink(stream, transcript, Limits(), told)
    for _ in range(3):
        sink.entries([], 1)
    assert transcript.rows.call_count == 1
    assert told.call_count == 1


def test_of_a_short_program_the_rows_come_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    host_after(monkeypatch, "host.LATE_S = 1e9")
    with telling("waits_to_be_told.py", live=False) as (rows, tell):
        first, second = islice(rows, 2)
        assert isinstance(first, HeaderRow)
        assert isinstance(second, OutputRow), "all else waits"
        os.write(tell, b"\n")
        recording = recording_of([first, second, *rows])
    assert recording.complete
    assert [row.method for row in recording.events if isinstance(row, OpRow)] == ["__setitem__"]


@pytest.mark.parametrize(
    ("live", "settings"),
    [
        (True, {"LATE_S": 1e9}),
        (False, {"LATE_S": 0.1}),
        (False, {"LATE_S": 1e9, "LATE_BYTES": 1000}),
        (False, {"LATE_S": 1e9, "LATE_PROCESSES": 1}),
    ],
    ids=["watched", "long", "much told", "many processes"],
)
def test_of_any_other_program_they_come_as_it_runs(
    monkeypatch: pytest.MonkeyPatch, live: bool, settings: dict[str, float]
) -> None:
    host_after(monkeypatch, f"vars(host).update({settings})")
    with telling("waits_to_be_told.py", live) as (rows, tell):
        assert any(isinstance(row, OpRow) for row in rows)
        os.write(tell, b"\n")
        *_others, last = rows
    assert isinstance(last, EndRow)
    assert last.outcome is Outcome.FINISHED


def test_a_child_is_known_before_the_end_of_the_main_program_is_acted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    host_after(monkeypatch, "intake.PACE_S = 0.5")
    with telling("leaves_a_child.py", live=True) as (rows, tell):
        main = next(row.pid for row in rows if isinstance(row, ProcessRow))
        wait_until(lambda: not is_alive(main))
        time.sleep(ACTS_S)
        os.write(tell, b"\n")
        printed = "".join(row.text for row in rows if isinstance(row, OutputRow))
    assert "the child is done" in printed


def test_more_processes_at_once_than_files_may_be_open_are_all_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    files = "resource.RLIMIT_NOFILE"
    host_after(monkeypatch, f"import resource; resource.setrlimit({files}, (40, resource.getrlimit({files})[1]))")
    recording = recorded_program("many_at_once.py")
    assert recording.complete
    assert not any(isinstance(row, DiedRow) for row in recording.events)
    assert len({row.pid for row in recording.processes}) == 61
