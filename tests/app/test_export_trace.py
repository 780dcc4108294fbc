"""The trace in Perfetto's own trace processor: nothing is refused, and it finds what the recording holds."""

from dictrace.engine.experiment import LockChoice
from dictrace.engine.export.trace import trace_of
from dictrace.engine.rows import OpRow, WaitRow
from tests.app.perfetto import opened
from tests.engine.races import race


def test_perfetto_reads_it_to_the_nanosecond() -> None:
    recording = race(tasks=12, lock=LockChoice.SHARED)
    requests = [row for row in recording.events if isinstance(row, OpRow | WaitRow)]
    recording.event_ns[3] += 1  # a time that is no whole microsecond
    with opened(trace_of(recording)) as perfetto:
        refused = perfetto.rows("select name, value from stats where severity != 'info' and value > 0")
        processes = perfetto.rows("select pid, name from process where pid > 0 order by pid")
        served = perfetto.rows(
            "select ts, dur from slice join thread_track t on track_id = t.id join thread using (utid)"
            f" join process using (upid) where pid = {recording.manager_pid} order by ts"
        )
        arrows = perfetto.rows(
            "select o.name as sent, i.name as served from flow join slice o on o.id = slice_out"
            " join slice i on i.id = slice_in order by o.ts limit 2"
        )
        arrow_count = perfetto.rows("select count(*) as n from flow")
        tasks = perfetto.rows("select count(*) as n from slice where name glob 'task *'")
        keys = perfetto.rows("select distinct display_value as key from args where key = 'args.key'")
        survived = perfetto.rows(
            "select max(value) as n from counter join counter_track t on track_id = t.id"
            " where name = 'updates survived'"
        )
    assert refused == []
    assert processes == [
        (1000, "main program"),
        (1001, "manager server"),
        *((2000 + n, f"P{n} ForkPoolWorker-{n}") for n in range(1, 5)),
    ]
    assert served == [(ns, 0) for ns in recording.event_ns[: len(requests)]]
    assert served[3][0] % 1000 == 1
    assert arrows == [("set 'test'", "main: set 'test'"), ("main: set 'test'", "reply: v1")]
    # To the serving and back; for a made-up wait it is not known when it was asked for, so its grant takes that place.
    assert arrow_count == [(2 * sum(isinstance(row, OpRow) for row in requests),)]
    assert tasks == [(12,)]
    assert keys == [("'test'",)]
    assert survived == [(12.0,)]


def test_losses_are_marks_in_the_processes_that_suffered_them() -> None:
    recording = race(tasks=30)
    with opened(trace_of(recording)) as perfetto:
        marks = perfetto.rows("select count(*) as n from slice where name glob 'lost: *'")
    losses = len(recording.history.losses.events)
    assert losses > 0
    assert marks == [(losses,)]
