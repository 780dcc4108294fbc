"""How a run begins is told from what was recorded of it, step by step, and never made up."""

import pytest

from dictrace.engine.clock import Clock
from dictrace.engine.experiment import Experiment, start_methods
from dictrace.engine.frame import Frame, Opening, Packet, ProcessState, ServerState
from dictrace.engine.framing import frame_at
from dictrace.engine.opening import opening_stops
from dictrace.engine.order import Order
from dictrace.engine.recording import Recording
from dictrace.engine.rows import (
    AnyRow,
    Change,
    EndRow,
    NameRow,
    ObjectRow,
    Outcome,
    ProcessRow,
    ReplyRow,
    Role,
    StartRow,
    StartStep,
)
from tests.engine.histories import header
from tests.engine.runs import recorded
from tests.engine.scenes import MAIN, MANAGER, P1, P2, commit, fetch

START = (
    StartRow(MAIN, StartStep.SPAWN, 10),
    StartRow(MAIN, StartStep.ADDRESS, 50),
    ProcessRow(P1, Role.WORKER, "ForkPoolWorker-2", 140),
    ProcessRow(P2, Role.WORKER, "ForkPoolWorker-3", 140),
    ProcessRow(MANAGER, Role.MANAGER, "SyncManager-1", 30),
    ObjectRow(1, "dict", 60),
    ProcessRow(MAIN, Role.MAIN, "MainProcess", 65),
    NameRow(1, "d", 3),
    commit(1, 100, MAIN, 80, None, 1, None, Change()),
    ReplyRow(MAIN, 1, 110),
    StartRow(P1, StartStep.UP, 120),
    fetch(2, 200, P1, 160, 0, 1),
    StartRow(P2, StartStep.UP, 150),
    fetch(3, 300, P2, 290, 1, 1),
    EndRow(Outcome.FINISHED, 400, 0),
)


def recording_of(*rows: AnyRow) -> Recording:
    recording = Recording(header())
    recording.extend(rows)
    return recording


def frame_when(recording: Recording, ns: float) -> Frame:
    return frame_at(recording, Clock(recording.event_ns).position_at(ns))


@pytest.mark.parametrize(
    ("ns", "server", "states", "said"),
    [
        (0, ServerState.ABSENT, (ProcessState.ABSENT, ProcessState.ABSENT), ""),
        (10, ServerState.STARTING, (ProcessState.ABSENT, ProcessState.ABSENT), "The main program starts the manager"),
        (30, ServerState.UP, (ProcessState.ABSENT, ProcessState.ABSENT), "The manager server runs (PID 20)"),
        (50, ServerState.UP, (ProcessState.ABSENT, ProcessState.ABSENT), "The main program has the address"),
        (100, ServerState.UP, (ProcessState.ABSENT, ProcessState.ABSENT), "The main program wrote d['test']"),
        (120, ServerState.UP, (ProcessState.IDLE, ProcessState.ABSENT), "P1 was started (PID 31)."),
        (150, ServerState.UP, (ProcessState.IDLE, ProcessState.IDLE), "P2 was started (PID 32)."),
        (160, ServerState.UP, (ProcessState.FETCHING, ProcessState.IDLE), "P1 connects to the manager server"),
    ],
)
def test_each_step_is_seen_and_told(ns: int, server: ServerState, states: tuple[ProcessState, ...], said: str) -> None:
    frame = frame_when(recording_of(*START), ns)
    assert frame.opening is not None
    assert (frame.opening.main_pid, frame.opening.server) == (MAIN, server)
    assert tuple(view.state for view in frame.processes) == states
    assert frame.happened.startswith(said)
    assert bool(said) is bool(frame.happened)


@pytest.mark.parametrize(
    ("ns", "packet"),
    [
        (29, None),
        (35, Packet(-1, False, "its address", 0.25, False)),
        (50, None),
        (85, Packet(-1, True, "set 'test'", 0.25, False)),
        (105, Packet(-1, False, "v1 done", 0.5, False)),
        (110, None),
    ],
)
def test_what_travels_between_main_program_and_server(ns: int, packet: Packet | None) -> None:
    opening = frame_when(recording_of(*START), ns).opening
    assert opening is not None
    assert opening.packet == packet


def test_a_worker_is_connected_from_its_first_request_on() -> None:
    recording = recording_of(*START)
    seen = [[view.connected for view in frame_when(recording, ns).processes] for ns in (150, 160, 289, 290)]
    assert seen == [[False, False], [True, False], [True, False], [True, True]]


def test_it_is_over_when_the_first_request_of_a_worker_is_served() -> None:
    recording = recording_of(*START)
    assert frame_at(recording, 1.999).opening is not None
    assert all(frame_at(recording, position).opening is None for position in (2, 2.5, 3, 4))
    assert frame_at(recording, 2).happened.startswith("P1 fetched d['test']")


def test_stops_are_the_moments_at_which_something_has_just_happened() -> None:
    recording = recording_of(*START)
    assert opening_stops(recording) == pytest.approx([0.1, 0.3, 0.5, 1, 1.2, 1.5, 1.6])
    told = [frame_at(recording, stop).happened for stop in opening_stops(recording)]
    assert len(set(told)) == len(told)


def test_without_steps_recorded_none_is_made_up() -> None:
    recording = recording_of(*(row for row in START if not isinstance(row, StartRow)))
    assert frame_when(recording, 29).opening == Opening(MAIN, ServerState.ABSENT, None)
    assert frame_when(recording, 35).opening == Opening(MAIN, ServerState.UP, None)
    assert frame_when(recording, 139).processes[0].state is ProcessState.ABSENT
    assert frame_when(recording, 140).processes[0].state is ProcessState.IDLE
    assert opening_stops(recording) == pytest.approx([0.3, 1, 1.4, 1.6])


def test_a_recording_without_processes_has_no_opening() -> None:
    recording = recording_of(commit(1, 100, MAIN, 80, None, 1, None, Change()))
    assert frame_at(recording, 0).opening is None
    assert opening_stops(recording) == []


def test_a_run_that_fails_before_any_task_ends_without_opening() -> None:
    recording = recording_of(*START[:2], ProcessRow(MANAGER, Role.MANAGER, "SyncManager-1", 30))
    assert frame_at(recording, 0).opening is not None
    recording.append(EndRow(Outcome.FAILED, 400, 0, "no"))
    assert frame_at(recording, 0.5).opening is not None
    assert frame_at(recording, 1).opening is None


@pytest.mark.parametrize("start_method", start_methods())
def test_real_processes_begin_in_this_order(start_method: str) -> None:
    recording = recorded(Order(Experiment(processes=3, tasks=6, start_method=start_method)))
    times = [recording.starts_ns[StartStep.SPAWN], recording.manager_ns, recording.starts_ns[StartStep.ADDRESS]]
    times += [recording.event_ns[0], min(worker.up_ns for worker in recording.workers)]
    assert times == sorted(times)  # type: ignore[type-var]
    assert len({worker.up_ns for worker in recording.workers}) == 3, "each worker tells its own time"
    assert all(worker.up_ns < (recording.connect_ns(index) or 0) for index, worker in enumerate(recording.workers))
    frames = [frame_at(recording, stop) for stop in opening_stops(recording)]
    assert [frame.opening.server for frame in frames[:2] if frame.opening] == [ServerState.STARTING, ServerState.UP]
    assert frames[-1].happened.endswith("connects to the manager server with its first request.")


def test_a_run_that_fails_at_once_has_no_server() -> None:
    failed = recording_of(EndRow(Outcome.FAILED, 400, 0, "no"))
    assert [frame_at(failed, position).server for position in (0, 1)] == [ServerState.ABSENT, ServerState.ABSENT]
    whole = recording_of(*START)
    servers = [frame_at(whole, position).server for position in (0, 0.2, 1, 4)]
    assert servers == [ServerState.ABSENT, ServerState.STARTING, ServerState.UP, ServerState.UP]
