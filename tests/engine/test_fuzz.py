"""Damaged and malicious recordings open, or are refused in one sentence; `make stress` tries many more."""

import gzip
import os
import resource
from pathlib import Path
from random import Random

import msgspec
import pytest

from dictrace.engine import files
from dictrace.engine.experiment import LockChoice
from dictrace.engine.files import Reader, read_recording, recording_lines
from dictrace.engine.recording import RecordingError
from tests.engine.fuzzing import damaged, look_at, opened
from tests.engine.histories import Simulation, simulation_of
from tests.engine.races import Race

AT_A_TIME = 40


def lines_of(run: Simulation) -> bytes:
    return msgspec.json.Encoder().encode_lines([run.header, *run.rows])


@pytest.fixture(scope="module")
def good() -> list[bytes]:
    """Races of keys and of a counter, with and without a lock, and random runs with failures of every kind."""
    made = []
    for lock in (LockChoice.NONE, LockChoice.SHARED, LockChoice.PRIVATE):
        for counter in (False, True):
            race = Race(3, 6, 1, lock, counter)
            race.play()
            race.run.finals()
            race.run.finish()
            made.append(lines_of(race.run))
    return made + [lines_of(simulation_of(60, seed)) for seed in range(4)]


@pytest.mark.parametrize("first", range(0, 400, AT_A_TIME))
def test_a_damaged_recording_opens_or_is_refused(good: list[bytes], first: int) -> None:
    recordings = 0
    for seed in range(first, first + AT_A_TIME):
        chance = Random(seed)
        look = opened(damaged(chance, good))
        if look.recording is not None:
            recordings += 1
            look_at(look.recording, chance)
    assert 0 < recordings < AT_A_TIME


def test_a_packed_file_is_unpacked_to_a_limit_only(
    good: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LEAST_UNPACKED", 1 << 20)
    path = tmp_path / "bomb.dictrace.gz"
    path.write_bytes(gzip.compress(good[0] + b" " * (1 << 27)))
    assert path.stat().st_size < 200_000
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recording = read_recording(path)
    assert recording.damage == "“bomb.dictrace.gz” unpacks to more than 6 MB; what follows is missing."
    assert recording.rows == good[0].count(b"\n")
    assert len(recording_lines(path)) < 1 << 23
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 60_000


def test_rows_are_limited(good: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ROWS", 20)
    path = tmp_path / "run.dictrace"
    path.write_bytes(good[0])
    recording = read_recording(path)
    assert recording.rows == 20
    assert recording.damage == "“run.dictrace” has more than 20 rows; what follows is missing."


def test_a_line_is_limited(good: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE_BYTES", 5000)
    monkeypatch.setattr(files, "SLICE_BYTES", 1000)
    path = tmp_path / "run.dictrace"
    first = good[0].splitlines(keepends=True)[0]
    path.write_bytes(first + b" " * 1_000_000)
    with Reader(path) as reader:
        steps = 1
        while reader.read_some():
            steps += 1
    assert steps < 10
    assert reader.recording.damage == "“run.dictrace” is damaged in line 2; what follows is missing."


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**18, 2**63, 10**40])
@pytest.mark.parametrize("name", ["pid", "ns", "version"])
def test_a_number_that_no_run_can_have_is_damage(good: list[bytes], tmp_path: Path, name: str, number: int) -> None:
    rows = {
        "pid": b'{"row":"process","pid":%d,"role":"worker","name":"","ns":1}\n',
        "ns": b'{"row":"gate","serve":%d,"text":""}\n',
        "version": b'{"row":"unsent","serve":1,"serve_ns":1,"pid":1,"seq":1,"task":1,"object":1,"key":"k","own":{},'
        b'"base":%d}\n',
    }
    path = tmp_path / "run.dictrace"
    first = good[0].splitlines(keepends=True)[0]
    path.write_bytes(first + rows[name] % 7 + rows[name] % number)
    recording = read_recording(path)
    assert recording.rows == 2
    assert recording.damage == "“run.dictrace” is damaged in line 3; what follows is missing."


def test_numbers_in_texts_may_be_long(tmp_path: Path) -> None:
    run = Simulation()
    run.commit(0, None, "9" * 60, None, "'n'")
    base = run.fetch(1, 1, "'n'")
    run.commit(1, 1, "9" * 5000, base, "'n'")
    run.finish()
    path = tmp_path / "run.dictrace"
    path.write_bytes(lines_of(run))
    recording = read_recording(path)
    assert recording.complete
    look_at(recording, Random(1))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.dictrace")
    with pytest.raises(RecordingError) as caught:
        read_recording(tmp_path / "run.dictrace")
    assert str(caught.value) == "“run.dictrace” is no file."
