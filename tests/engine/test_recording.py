"""The recording in memory and in files: what rows make of it, and what becomes of files that are cut or damaged."""

import gzip
import os
import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictrace.engine import files
from dictrace.engine.files import Reader, RecordingWriter, read_recording
from dictrace.engine.recording import MAX_WORKERS, Recording, RecordingError
from dictrace.engine.rows import (
    AnyRow,
    DiedRow,
    GateRow,
    NameRow,
    ObjectRow,
    OpKind,
    OpRow,
    OutputRow,
    PrivateLockRow,
    ProcessRow,
    RaisedRow,
    ReplyRow,
    Role,
    TaskRow,
    TaskStep,
)
from tests.engine.histories import FIRST_WORKER_PID, MAIN_PID, MANAGER_PID, Simulation, header, simulation_of

P1, P2 = FIRST_WORKER_PID + 1, FIRST_WORKER_PID + 2


def recording_of(*rows: AnyRow) -> Recording:
    recording = Recording(header())
    recording.extend(rows)
    return recording


def op(pid: int, seq: int = 1, ns: int = 10, task: int | None = None) -> OpRow:
    return OpRow(1, ns, pid, seq, 1, "keys", OpKind.READ, task)


def raced() -> Simulation:
    """Two workers from the same version, and the end."""
    run = Simulation()
    run.commit(0, None, {}, None)
    base = run.fetch(1, 1)
    run.fetch(2, 2)
    run.update(1, 1, base, a="1")
    run.update(2, 2, base, b="1")
    run.finals()
    run.finish()
    return run


def encoded(run: Simulation) -> list[bytes]:
    """The lines of a file."""
    return msgspec.json.Encoder().encode_lines([run.header, *run.rows]).splitlines(keepends=True)


class TestEvents:
    """What counts as an event, when it was, and what replied to it."""

    def test_served_steps_failures_and_the_end_are_events_in_row_order(self) -> None:
        run = raced()
        run.rows.insert(0, OutputRow("stdout", "hello", 1))
        recording = run.recording
        kinds = [type(row).__name__ for row in recording.events]
        assert kinds == ["OpRow"] * 5 + ["EndRow"]
        assert recording.events == [row for row in run.rows if type(row).__name__ in kinds]
        assert [output.text for output in recording.outputs] == ["hello"]

    def test_time_never_goes_back(self) -> None:
        recording = recording_of(op(P1, 1, 100), op(P1, 2, 70), op(P1, 3, 120))
        assert recording.event_ns.tolist() == [100, 100, 120]
        assert recording.duration_ns == 120
        assert recording_of().duration_ns == 0

    @pytest.mark.parametrize("late", [True, False])
    def test_a_reply_finds_its_op_whichever_comes_first(self, late: bool) -> None:
        rows: list[AnyRow] = [op(P1, 6), op(P1, 7), op(P2, 7)]
        rows.insert(2 if late else 0, ReplyRow(P1, 7, 25))
        recording = recording_of(*rows)
        assert recording.reply_ns.tolist() == [-1, 25, -1]

    def test_a_reply_to_a_wait_is_that_of_the_grant(self) -> None:
        run = Simulation()
        run.wait(1, 1)
        run.acquire(1, 1)
        assert run.recording.reply_ns.tolist() == [-1, 2250]

    def test_row_by_row_is_the_same_as_at_once(self) -> None:
        run = raced()
        recording = Recording(run.header)
        for row in run.rows:
            recording.append(row)
        assert recording.rows == run.recording.rows == len(run.rows) + 1
        assert recording.event_ns == run.recording.event_ns
        assert recording.reply_ns == run.recording.reply_ns


class TestWorkers:
    """Who is a worker."""

    def test_are_numbered_in_the_order_of_their_rows(self) -> None:
        recording = recording_of(
            ProcessRow(MAIN_PID, Role.MAIN, "MainProcess", 0),
            ProcessRow(P2, Role.WORKER, "two", 0),
            ProcessRow(MANAGER_PID, Role.MANAGER, "SyncManager-1", 0),
            ProcessRow(P1, Role.WORKER, "one", 0),
            op(P1, task=1),
            op(MAIN_PID),
        )
        assert [(w.label, w.pid, w.name, w.events.tolist()) for w in recording.workers] == [
            ("P1", P2, "two", []),
            ("P2", P1, "one", [1]),
        ]
        assert recording.event_worker.tolist() == [1, -1]
        assert recording.manager_pid == MANAGER_PID
        assert [recording.worker_label(worker) for worker in (0, 1, -1)] == ["P1", "P2", None]

    def test_who_is_in_a_task_is_one_before_its_row(self) -> None:
        recording = recording_of(
            op(P2), op(P1, task=1), ProcessRow(P1, Role.WORKER, "one", 0), ProcessRow(P1, Role.WORKER, "one", 0)
        )
        assert [(worker.pid, worker.name) for worker in recording.workers] == [(P1, "one")]
        assert recording.event_worker.tolist() == [-1, 0]

    def test_main_program_and_manager_never_are(self) -> None:
        recording = recording_of(
            ProcessRow(MAIN_PID, Role.MAIN, "MainProcess", 0),
            ProcessRow(MAIN_PID, Role.WORKER, "MainProcess", 0),
            TaskRow(1, TaskStep.BEGIN, 5, MAIN_PID),
            PrivateLockRow(MAIN_PID, True, 6),
            DiedRow(MAIN_PID, 1, 7),
        )
        assert recording.workers == []
        assert recording.event_worker.tolist() == [-1]

    def test_seen_are_those_that_did_something_in_a_task(self) -> None:
        run = Simulation(workers=4)
        run.fetch(1, None)
        run.fetch(2, 5)
        run.died(3)
        assert run.recording.workers_seen == 1

    def test_keep_their_tasks_and_private_locks(self) -> None:
        run = Simulation()
        run.begin(1, 4)
        run.end(1, 4)
        run.rows += [PrivateLockRow(P1, True, 3, 4, 9), PrivateLockRow(P1, False, 5, 4, 9)]
        worker = run.recording.workers[0]
        assert (worker.step_tasks.tolist(), worker.step_began.tolist()) == ([4, 4], [1, 0])
        assert (worker.private_ns.tolist(), worker.private_acquired.tolist()) == ([3, 5], [1, 0])

    def test_put_their_steps_in_order_of_time(self) -> None:
        """The last ones of a run come on another way, and may come before earlier ones."""
        steps = ((1, TaskStep.BEGIN, 10), (2, TaskStep.END, 50), (1, TaskStep.END, 30), (2, TaskStep.BEGIN, 30))
        worker = recording_of(*(TaskRow(task, step, ns, P1) for task, step, ns in steps)).workers[0]
        assert worker.step_ns.tolist() == [10, 30, 30, 50]
        assert worker.step_tasks.tolist() == [1, 1, 2, 2]
        assert worker.step_began.tolist() == [1, 0, 1, 0]

    def test_are_limited(self) -> None:
        recording = recording_of(*(ProcessRow(pid, Role.WORKER, "", 0) for pid in range(MAX_WORKERS)))
        with pytest.raises(RecordingError, match="more than 32,767 processes"):
            recording.append(op(MAX_WORKERS, task=1))
        assert recording.events == []


class TestFailedTasks:
    """Which task a death, an exception or a missing return belongs to."""

    def test_raised(self) -> None:
        run = Simulation()
        run.raised(1, 3)
        assert run.recording.failed_tasks == {1: 3}

    def test_a_death_belongs_to_the_task_that_began(self) -> None:
        run = Simulation()
        run.fetch(1, 2)
        run.begin(1, 3)
        run.died(1)
        assert run.recording.failed_tasks == {2: 3}
        assert run.recording.workers[0].died_event == 2

    def test_or_to_that_of_the_last_op_where_no_end_is_known(self) -> None:
        run = Simulation()
        run.fetch(1, 2)
        run.fetch(1, None)
        run.died(1)
        assert run.recording.failed_tasks == {3: 2}

    def test_or_to_none_between_tasks(self) -> None:
        run = Simulation()
        run.begin(1, 2)
        run.fetch(1, 2)
        run.end(1, 2)
        run.died(1)
        run.died(2)
        assert run.recording.failed_tasks == {}

    def test_a_task_that_never_returned_failed_unless_its_end_was_seen(self) -> None:
        run = Simulation()
        run.begin(2, 1)
        run.unreturned(1)
        run.end(1, 2)
        run.unreturned(2)
        recording = run.recording
        assert recording.failed_tasks == {1: 1}
        assert recording.event_worker.tolist() == [1, -1]
        assert recording.workers[1].events.tolist() == []


class TestLabels:
    """What objects are called."""

    def test_the_name_or_the_type_and_number(self) -> None:
        recording = recording_of(NameRow(1, "d", 3), ObjectRow(1, "dict", 0), ObjectRow(2, "Lock", 0))
        assert [recording.object_label(number) for number in (1, 2, 3)] == ["d", "Lock 2", "object 3"]
        assert recording.slot_label(1, "'test'") == "d['test']"
        assert recording.slot_label(2, None) == "Lock 2"


def test_other_rows_are_kept() -> None:
    recording = recording_of(GateRow(3, "task 4 never came"), *raced().rows)
    assert recording.gates == [GateRow(3, "task 4 never came")]
    assert [(final.key, final.parts) for final in recording.finals] == [("'test'", {"b": "1"})]


def test_a_second_header_is_refused() -> None:
    with pytest.raises(RecordingError, match="second first row"):
        recording_of(header())


class TestFiles:
    """Files that are whole, cut, damaged, or no recordings."""

    @pytest.mark.parametrize("name", ["run.dictrace", "run.dictrace.gz"])
    def test_what_was_written_is_read(self, tmp_path: Path, name: str) -> None:
        run = raced()
        with RecordingWriter(tmp_path / name) as writer:
            writer.write_rows([run.header])
            writer.write(b"".join(encoded(run)[1:]))
            assert not (tmp_path / name).exists()
        assert os.listdir(tmp_path) == [name]
        recording = read_recording(tmp_path / name)
        assert recording.header == run.header
        assert recording.events == run.recording.events
        assert recording.complete

    def test_the_same_rows_give_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("one.dictrace.gz", "two.dictrace.gz"):
            with RecordingWriter(tmp_path / name) as writer:
                writer.write_rows([header()])
        one, two = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
        assert one == two
        assert one[4:8] == bytes(4), "the time in the header of a gz file"
        assert gzip.decompress(one) == msgspec.json.encode(header()) + b"\n"

    def test_slices_tell_how_far_they_are(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "SLICE_BYTES", 100)
        path = tmp_path / "run.dictrace"
        path.write_bytes(b"".join(encoded(raced())))
        shares = []
        with Reader(path) as reader:
            while reader.read_some():
                shares.append(reader.fraction)
        assert len(shares) > 10
        assert shares == sorted(shares)
        assert reader.recording.events == raced().recording.events
        assert reader.recording.complete

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_a_file_cut_anywhere_gives_its_whole_rows(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        lines = encoded(raced())
        whole = b"".join(lines)
        cut = data.draw(st.integers(len(lines[0]) - 1, len(whole)))
        path = tmp_path_factory.mktemp("cut") / "run.dictrace"
        path.write_bytes(whole[:cut])
        recording = read_recording(path)
        ends = [len(b"".join(lines[: n + 1])) for n in range(len(lines))]
        assert recording.rows == sum(end - 1 <= cut for end in ends)
        assert recording.complete == (cut >= len(whole) - 1)
        assert recording.damage == ""

    def test_a_cut_gz_file_gives_what_can_be_unpacked(self, tmp_path: Path) -> None:
        lines = encoded(simulation_of(4000, 1))
        packer = zlib.compressobj(wbits=31)
        start = packer.compress(b"".join(lines[:3000])) + packer.flush(zlib.Z_SYNC_FLUSH)
        whole = start + packer.compress(b"".join(lines[3000:])) + packer.flush()
        path = tmp_path / "run.dictrace.gz"
        path.write_bytes(whole[: len(start)])
        assert read_recording(path).rows == 3000
        assert read_recording(path).damage == ""
        path.write_bytes(start + b"\xff" * 1000)
        recording = read_recording(path)
        assert 1000 < recording.rows <= 3000
        assert (
            recording.damage == f"“run.dictrace.gz” is damaged in line {recording.rows + 1:,}; what follows is missing."
        )

    @pytest.mark.parametrize(
        "line",
        [
            b"{",
            b"[]",
            b'{"row":"magic"}',
            b'{"row":"reply","pid":"one","seq":2,"reply_ns":3}',
            b'{"row":"reply","pid":1}',
            b'{"row":"task","task":1,"step":"unreturned","ns":99999999999999999999}',
            b'{"row":"task","task":1,"step":"unreturned","ns":1e999}',
            b'{"row":"output","stream":"stdout","text":"\xff","ns":1}',
            b'{"row":"output","more":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b',"stream":"stdout","text":"","ns":1}',
            msgspec.json.encode(header()),
        ],
    )
    def test_a_damaged_line_in_the_middle_keeps_what_is_before_it(self, tmp_path: Path, line: bytes) -> None:
        lines = encoded(raced())
        path = tmp_path / "run.dictrace"
        path.write_bytes(b"".join([*lines[:12], line + b"\n", *lines[12:]]))
        recording = read_recording(path)
        assert recording.damage == "“run.dictrace” is damaged in line 13; what follows is missing."
        assert not recording.complete
        assert recording.events == [row for row in raced().rows[:11] if isinstance(row, OpRow)]
        assert recording.history.counts_at(len(recording.events)).attempted <= 2

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "“run.dictrace” is not a dictrace recording."),
            (b"hello\n", "“run.dictrace” is not a dictrace recording."),
            (b"\x00" * 5000, "“run.dictrace” is not a dictrace recording."),
            (b"[" * 100_000, "“run.dictrace” is not a dictrace recording."),
            (b'{"row":"header","format":"other","version":1}\n', "“run.dictrace” is not a dictrace recording."),
            (b'{"row":"header","format":"dictrace","version":0}\n', "“run.dictrace” is not a dictrace recording."),
            (b'{"row":"header","format":"dictrace","version":"1"}\n', "“run.dictrace” is not a dictrace recording."),
            (b'{"row":"header","format":"dictrace","version":1}\n', "The first line of “run.dictrace” is damaged."),
            (
                b'{"row":"header","format":"dictrace","version":2}\n',
                "“run.dictrace” was made by a newer dictrace (format 2); this one reads format 1.",
            ),
            (gzip.compress(b"hello\n"), "“run.dictrace” is not a dictrace recording."),
        ],
    )
    def test_what_is_no_recording_is_refused_in_one_sentence(
        self, tmp_path: Path, content: bytes, sentence: str
    ) -> None:
        path = tmp_path / "run.dictrace"
        path.write_bytes(content)
        with pytest.raises(RecordingError) as caught:
            read_recording(path)
        assert str(caught.value) == sentence

    def test_broken_gz_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "run.dictrace.gz"
        path.write_bytes(b"\x1f\x8b" + b"\xff" * 100)
        with pytest.raises(RecordingError, match=r"^“run.dictrace.gz” can't be read: .+\.$"):
            read_recording(path)

    def test_an_endless_first_line_is_not_read_to_its_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "MAX_HEADER_BYTES", 1000)
        monkeypatch.setattr(files, "SLICE_BYTES", 100)
        path = tmp_path / "run.dictrace"
        path.write_bytes(b" " * 2000 + b"".join(encoded(raced())))
        with pytest.raises(RecordingError, match="is not a dictrace recording"):
            read_recording(path)

    def test_no_file_a_folder_an_impossible_name(self, tmp_path: Path) -> None:
        for path, sentence in (
            (tmp_path / "none.dictrace", f"There is no file “{tmp_path / 'none.dictrace'}”."),
            (tmp_path, f"“{tmp_path.name}” is a folder, not a recording."),
            (".", "“.” is a folder, not a recording."),
            (tmp_path / ("x" * 300), f"“{'x' * 300}” can't be read: File name too long."),
        ):
            with pytest.raises(RecordingError) as caught:
                read_recording(path)
            assert str(caught.value) == sentence

    def test_a_disk_that_fails_at_once(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "run.dictrace"
        path.write_bytes(b"".join(encoded(raced())))
        monkeypatch.setattr(files, "open", lambda _path, _mode: FailingFile(), raising=False)
        with pytest.raises(RecordingError) as caught:
            read_recording(path)
        assert str(caught.value) == "“run.dictrace” can't be read: Input/output error."

    def test_a_disk_that_fails_half_way_keeps_what_was_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files, "SLICE_BYTES", 1000)
        path = tmp_path / "run.dictrace"
        path.write_bytes(b"".join(encoded(raced())))
        with Reader(path) as reader:
            reader.read_some()
            with monkeypatch.context() as patch:
                patch.setattr(reader, "_file", FailingFile())
                assert not reader.read_some()
        rows = reader.recording.rows
        assert rows > 1
        assert reader.recording.damage == f"“run.dictrace” is damaged in line {rows + 1}; what follows is missing."


class FailingFile:
    """A file on a disk that fails."""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return offset

    def close(self) -> None:
        pass

    def read(self, size: int) -> bytes:
        raise OSError(5, "Input/output error")


class TestWriterFails:
    """Nothing half-written stays."""

    @pytest.mark.parametrize("name", ["", "missing/run.dictrace", "x" * 300])
    def test_at_the_start(self, tmp_path: Path, name: str) -> None:
        writer = RecordingWriter(tmp_path / name)
        with pytest.raises(RecordingError, match=r"^“.+” can't be written: .+\.$"), writer:
            pass
        assert os.listdir(tmp_path) == []

    def test_within_the_block_leaves_nothing_and_keeps_the_old_file(self, tmp_path: Path) -> None:
        path = tmp_path / "run.dictrace"
        path.write_bytes(b"old")
        writer = RecordingWriter(path)
        with pytest.raises(ZeroDivisionError), writer:
            writer.write(b"1" * (1 // 0))
        assert os.listdir(tmp_path) == ["run.dictrace"]
        assert path.read_bytes() == b"old"

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
    def test_on_a_full_disk(self, tmp_path: Path) -> None:
        writer = RecordingWriter(tmp_path / "run.dictrace")
        os.symlink("/dev/full", writer._unfinished)
        with pytest.raises(RecordingError) as caught, writer:
            writer.write_rows([header()])
        assert str(caught.value) == "“run.dictrace” can't be written: No space left on device."
        assert os.listdir(tmp_path) == []


def test_raised_row_of_unknown_process_is_a_workers() -> None:
    recording = recording_of(RaisedRow(1, 5, P1, 3, "ValueError"))
    assert [worker.pid for worker in recording.workers] == [P1]
