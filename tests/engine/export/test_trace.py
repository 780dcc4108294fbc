"""The trace against the trace event format, as far as its description goes; `tests/app` opens it in Perfetto."""

import json
from collections import Counter, defaultdict
from typing import Any

from hypothesis import given

from dictrace.engine.experiment import LockChoice
from dictrace.engine.export.trace import trace_of
from dictrace.engine.recording import Recording
from dictrace.engine.rows import OpRow, TaskRow, TaskStep, WaitRow
from tests.engine.histories import Simulation, simulations
from tests.engine.races import race

REQUIRED = {
    "X": {"name", "pid", "tid", "ts", "dur", "args"},
    "i": {"name", "pid", "tid", "ts", "s", "args"},
    "C": {"name", "pid", "ts", "args"},
    "M": {"name", "pid", "args"},
    "s": {"name", "cat", "id", "pid", "tid", "ts"},
    "t": {"name", "cat", "id", "pid", "tid", "ts"},
    "f": {"name", "cat", "id", "pid", "tid", "ts", "bp"},
}
Event = dict[str, Any]


def events_of(recording: Recording) -> list[Event]:
    """The events of a valid trace."""
    trace = json.loads(trace_of(recording))
    assert set(trace) == {"displayTimeUnit", "otherData", "traceEvents"}
    assert trace["displayTimeUnit"] == "ns"
    events: list[Event] = trace["traceEvents"]
    for event in events:
        assert REQUIRED[event["ph"]] <= set(event), event
        assert set(event) <= REQUIRED[event["ph"]] | {"ph", "tid"}, event
        assert type(event["pid"]) is int
    check_slices(events)
    check_arrows(events)
    return events


def ns(event: Event, name: str = "ts") -> int:
    """A time of an event; every nanosecond is there."""
    exact = event[name] * 1000
    assert abs(exact - round(exact)) < 1e-3
    return round(exact)


def check_slices(events: list[Event]) -> None:
    """Slices of a track lie apart or one inside the other, and all tracks have names."""
    tracks = defaultdict(list)
    for event in events:
        if event["ph"] == "X":
            tracks[event["pid"], event["tid"]].append((ns(event), -ns(event) - ns(event, "dur")))
    named = {(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"}
    assert set(tracks) == named
    assert {pid for pid, _tid in tracks} <= {event["pid"] for event in events if event["name"] == "process_name"}
    for slices in tracks.values():
        open_ns: list[int] = []
        for start, minus_end in sorted(slices):
            while open_ns and open_ns[-1] <= start:
                open_ns.pop()
            assert not open_ns or -minus_end <= open_ns[-1]
            open_ns.append(-minus_end)


def check_arrows(events: list[Event]) -> None:
    """Each arrow begins once, ends once, goes on in time, and every point of it lies on a slice of its track."""
    starts = {(e["pid"], e["tid"], ns(e)) for e in events if e["ph"] == "X"}
    arrows = defaultdict(list)
    for event in events:
        if event["ph"] in "stf":
            arrows[event["id"]].append(event)
            assert (event["pid"], event["tid"], ns(event)) in starts
    for points in arrows.values():
        assert "".join(point["ph"] for point in points) == "s" + "t" * (len(points) - 2) + "f"
        assert [ns(point) for point in points] == sorted(ns(point) for point in points)


def test_every_request_leads_to_its_serving_and_back() -> None:
    recording = race(tasks=10)
    events = events_of(recording)
    requests = sum(isinstance(row, OpRow | WaitRow) for row in recording.events)
    assert Counter(e["ph"] for e in events if e["ph"] in "stf") == {"s": requests, "t": requests, "f": requests}
    served = [e for e in events if e["ph"] == "X" and e["pid"] == recording.manager_pid]
    assert [ns(e) for e in served] == list(recording.event_ns[:requests])
    assert {e["dur"] for e in served} == {0}


def test_waits_and_holds_of_a_lock_have_slices() -> None:
    recording = race(tasks=12, lock=LockChoice.SHARED)
    names = Counter(e["name"] for e in events_of(recording) if e["ph"] == "X")
    waits = sum(isinstance(row, WaitRow) for row in recording.events)
    assert waits > 0
    assert names["waits for lock"] == waits
    assert names["holds lock"] == 12
    assert sum(names[f"task {task}"] for task in range(12)) == 12


def test_a_task_lasts_to_its_end_or_to_the_last_sign_of_its_process() -> None:
    run = Simulation()
    run.begin(1, 0)
    run.fetch(1, 0)
    run.end(1, 0)
    run.begin(1, 1)
    run.fetch(1, 1)
    run.rows.append(run.rows.pop(run.rows.index(TaskRow(0, TaskStep.END, 1000, 2001))))  # comes late
    tasks = {e["name"]: e for e in events_of(run.finish()) if e["ph"] == "X" and e["name"].startswith("task")}
    assert {name: (ns(e), ns(e, "dur")) for name, e in tasks.items()} == {"task 0": (0, 1000), "task 1": (1000, 1250)}
    assert tasks["task 1"]["args"] == {"task": 1, "end": "not known"}


def test_own_locks_have_slices() -> None:
    names = Counter(e["name"] for e in events_of(race(tasks=12, lock=LockChoice.PRIVATE)) if e["ph"] == "X")
    assert names["holds a lock of its own"] == 12


def test_losses_are_marked_where_they_were_suffered() -> None:
    run = Simulation()
    run.commit(0, None, {}, None)
    for worker in (1, 2):
        run.begin(worker, worker - 1)
        run.fetch(worker, worker - 1)
    run.commit(1, 0, {"0": "0"}, 1)
    run.end(1, 0)
    run.commit(2, 1, {"1": "1"}, 1)
    run.raised(2, 1)
    recording = run.finish()
    events = events_of(recording)
    marks = {e["name"]: e for e in events if e["ph"] == "i"}
    mark = marks["lost: d['test'][0] (overwritten)"]
    assert (mark["pid"], ns(mark)) == (recording.workers[0].pid, 5000)
    assert mark["args"]["culprit"] == {"task": 1, "process": "P2", "fetched_version": 1, "version": 3, "line": 5}
    assert "task 1 raised: ValueError: no" in marks
    counts = [e["args"] for e in events if e["ph"] == "C"]
    assert counts[-1] == {"attempted": 2, "survived": 1}
    copies = [e["args"]["fate"] for e in events if e["ph"] == "X" and e["name"].startswith("copy of")]
    assert copies == ["overwritten", "committed"]


@given(simulations)
def test_any_run_makes_a_valid_trace(run: Simulation) -> None:
    recording = run.finish()
    counts = recording.history.counts_at(len(recording.events))
    marks = [e for e in events_of(recording) if e["ph"] == "i" and e["name"].startswith("lost: ")]
    assert sum("came back at event" not in mark["args"] for mark in marks) == counts.lost


def test_the_same_recording_gives_the_same_bytes() -> None:
    assert trace_of(race(tasks=20)) == trace_of(race(tasks=20))
