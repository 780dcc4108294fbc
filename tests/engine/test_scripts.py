"""Scripts of many kinds: watched they do what they do bare, and the recording tells what they did."""

import os
import signal
from pathlib import Path

import pytest

from dictrace.engine.experiment import ExperimentError
from dictrace.engine.launch import Run, order_like
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.recorder.notebook import MANY
from dictrace.engine.recording import Recording
from dictrace.engine.rows import DiedRow, OpRow, Outcome, ProcessRow, RaisedRow, Role, TaskRow, TaskStep
from tests.engine.runs import is_alive, recorded, recorded_program, recording_of, rows_of, wait_until
from tests.engine.scripts import KINDS, bare, kinds, watched


@pytest.mark.parametrize("path", kinds(), ids=lambda path: path.stem)
def test_a_watched_script_prints_and_ends_as_it_does_bare(path: Path) -> None:
    done, recording = watched(path)
    expected = bare(path)
    assert (done.stdout, done.status) == (expected.stdout, expected.status)
    assert done.same_as(expected), done.stderr.decode(errors="replace")
    assert recording.end is not None
    assert recording.end.dropped == 0


def recorded_kind(name: str) -> Recording:
    return recorded(Order(script=Script(str(KINDS / name), cwd=str(KINDS)), limits=Limits(seconds=60)))


def begun_and_ended(recording: Recording) -> tuple[list[int], list[int]]:
    """Numbers of the tasks that began, and of those that ended, in order."""
    steps = [(task, began) for w in recording.workers for task, began in zip(w.step_tasks, w.step_began, strict=True)]
    return sorted(task for task, began in steps if began), sorted(task for task, began in steps if not began)


@pytest.mark.parametrize("start_method", ["fork", "forkserver", "spawn"])
def test_the_tasks_of_a_pool_are_numbered_as_they_were_ordered(start_method: str) -> None:
    recording = recorded_kind(f"map_{start_method}.py")
    begun, ended = begun_and_ended(recording)
    assert begun == ended == list(range(len(begun)))
    assert {row.start_method for row in recording.processes if row.role is Role.WORKER} == {start_method}


def test_what_another_tool_loads_in_every_process_is_followed_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import multiprocessing.managers, multiprocessing.pool, subprocess\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", ""))))
    recording = recorded_kind("map_spawn.py")
    begun, ended = begun_and_ended(recording)
    assert begun == ended == list(range(len(begun)))
    assert begun
    assert [row for row in recording.events if isinstance(row, OpRow)]


def test_a_worker_that_asks_no_server_keeps_few_notes(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        """
import multiprocessing, sys

def notes(_):
    return len(sys.modules["dictrace.engine.recorder.notebook"].notebook().notes)

if __name__ == "__main__":
    with multiprocessing.Pool(1) as pool:
        print(max(pool.map(notes, range(3000), chunksize=1)))
        pool.close()
        pool.join()
"""
    )
    done, recording = watched(program)
    assert int(done.stdout) < 1.1 * MANY
    assert begun_and_ended(recording) == (list(range(3000)), list(range(3000)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked")
def test_a_forked_process_finds_its_part_of_the_recorder_loaded(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing, sys\n"
        "process = multiprocessing.get_context('fork').Process(target=int)\n"
        "process.start()\n"
        "process.join()\n"
        "print('dictrace.engine.recorder.notebook' in sys.modules)\n"
    )
    assert watched(program)[0].stdout == b"True\n"


@pytest.mark.parametrize("start_method", ["fork", "spawn"])
def test_each_process_is_a_task(start_method: str) -> None:
    recording = recorded_kind(f"processes_{start_method}.py")
    assert begun_and_ended(recording) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert not [row for row in recording.events if isinstance(row, DiedRow)]


def test_calls_of_an_executor_are_tasks() -> None:
    recording = recorded_kind("executor_fork.py")
    assert begun_and_ended(recording)[0] == list(range(9))
    (raised,) = [row for row in recording.events if isinstance(row, RaisedRow)]
    assert (raised.task, raised.text, raised.file, raised.line) == (3, "ValueError: three", "executor_fork.py", 10)
    assert 'File "executor_fork.py", line 10, in task' in raised.traceback


def test_children_of_children_and_of_servers_are_followed() -> None:
    recording = recorded_kind("grandchildren.py")
    parents = {row.pid: row.parent for row in recording.processes if row.role is Role.WORKER}
    assert len(parents) == 6
    assert sum(parent in parents for parent in parents.values()) == 4
    recording = recorded_kind("manager_pool.py")
    assert {row.parent for row in recording.processes if row.role is Role.WORKER} == {recording.manager_pid}


def test_how_processes_ended_is_told() -> None:
    recording = recorded_kind("os_exit.py")
    names = {row.pid: row.name for row in recording.processes}
    died = [(names[row.pid], row.exit_code) for row in recording.events if isinstance(row, DiedRow)]
    assert died == [("leave", 3), ("be_killed", -signal.SIGKILL)]
    (raised,) = [row for row in recording.events if isinstance(row, RaisedRow)]
    assert raised.text == "KeyError: 'no such thing'"


def test_exceptions_that_somebody_looked_at_are_told_apart() -> None:
    recording = recorded_kind("task_errors.py")
    raised = {row.task for row in recording.events if isinstance(row, RaisedRow)}
    lost = {row.task for row in recording.events if isinstance(row, TaskRow) and row.step is TaskStep.UNRETURNED}
    assert (raised, recording.examined, lost) == ({0, 1, 2, 3, 4, 5}, {0, 1, 2}, set())


def test_the_same_is_told_of_an_executor() -> None:
    recording = recorded_kind("executor_errors.py")
    raised = [row for row in recording.events if isinstance(row, RaisedRow)]
    assert {row.task for row in raised} == {0, 1, 2, 3, 4, 5, 6, 7}
    assert recording.examined == {0, 1, 2, 3, 7}
    texts = {row.task: row.text for row in raised}
    assert texts[0] == "ValueError: task 1"
    assert "lambda" in texts[1]
    assert texts[3] == "Mute"
    assert {row.line for row in raised if row.task in (1, 5)} == {None}


def test_chunks_and_iterators_are_looked_at_one_by_one() -> None:
    recording = recorded_kind("imap_errors.py")
    raised = {row.task for row in recording.events if isinstance(row, RaisedRow)}
    lost = {row.task for row in recording.events if isinstance(row, TaskRow) and row.step is TaskStep.UNRETURNED}
    assert (len(raised), len(recording.examined), len(lost)) == (7, 5, 2)
    assert {0, 1, 2} < recording.examined < raised
    assert not raised & lost


def test_the_objects_of_several_managers_have_numbers_of_their_own() -> None:
    recording = recorded_kind("two_managers.py")
    assert sorted(shared.label for shared in recording.objects.values()) == ["mine", "mine", "one", "queue", "two"]
    serves = [row.serve for row in recording.events if isinstance(row, OpRow)]
    assert serves == sorted(set(serves))
    assert sum(row.role is Role.MANAGER for row in recording.processes) == 4


def test_what_cannot_be_followed_is_named() -> None:
    recording = recorded_kind("starts_programs.py")
    assert [ghost.text.split(".")[0].rstrip("0123456789") for ghost in recording.ghosts] == [
        "echo",
        "python",
        "there is no such program",
    ]


def test_the_text_of_the_files_that_took_part_is_recorded() -> None:
    recording = recorded_program("kinds/folder with spaces é/mein Skript ü.py")
    assert [source.file for source in recording.sources] == ["mein Skript ü.py"]
    assert "engine.square" in recording.sources[0].text
    assert recording.header.parameters == {"script": "mein Skript ü.py", "arguments": []}


def test_a_script_that_never_ends_can_be_stopped() -> None:
    with Run(Order(script=Script(str(KINDS.parent / "endless.py")))) as run:
        rows = rows_of(run)
        taken = []
        for row in rows:
            taken.append(row)
            if isinstance(row, OpRow):
                run.stop()
                break
        taken += rows
    recording = recording_of(taken)
    assert recording.end is not None
    assert recording.end.outcome is Outcome.STOPPED
    wait_until(lambda: not any(is_alive(row.pid) for row in taken if isinstance(row, ProcessRow)))


def test_limits_end_a_run_and_say_so() -> None:
    slow = recorded_program("endless.py", limits=Limits(seconds=1, output_bytes=1000))
    assert slow.end is not None
    assert (slow.end.outcome, slow.end.text) == (Outcome.STOPPED, "It took longer than 1 s.")
    assert sum(len(output.text) for output in slow.outputs) <= 1000 < slow.end.dropped_bytes
    many = recorded_program("endless.py", "fork", limits=Limits(processes=10, seconds=30))
    assert many.end is not None
    assert (many.end.outcome, many.end.text) == (Outcome.STOPPED, "More than 10 processes were started.")


def test_a_script_is_not_run_in_a_recorded_order() -> None:
    with pytest.raises(ExperimentError, match="Only the built-in program"):
        order_like(recorded_kind("arguments.py"))
