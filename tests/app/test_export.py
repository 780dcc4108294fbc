"""``dictrace export``, as a person or a script uses it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dictrace.app.cli import main
from dictrace.engine.experiment import LockChoice
from dictrace.engine.files import RecordingWriter
from tests.engine.races import Race


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A recording of a made-up race."""
    made = Race(4, 10, 1, LockChoice.NONE, False)
    made.play()
    made.run.finish()
    path = tmp_path / "race.dictrace"
    with RecordingWriter(path) as writer:
        writer.write_rows([made.run.header, *made.run.rows])
    return path


def export(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit status of ``dictrace export`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dictrace", "export", *map(str, arguments)])
    return main()


@pytest.mark.parametrize(
    ("name", "options", "begin"),
    [
        ("a.json", [], b'{"displayTimeUnit":"ns"'),
        ("a.CSV", [], b"event,serve,serve_ns,request_ns,"),
        ("a.csv", ["--table", "commits"], b"event,serve,serve_ns,process,"),
        ("a.html", [], b"<!doctype html>"),
        ("a.trace", ["--format", "json"], b'{"displayTimeUnit":"ns"'),
    ],
)
def test_the_name_or_an_option_decides_what_is_written(
    name: str, options: list[str], begin: bytes, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / name, tmp_path / f"again-{name}"
    for output in (one, two):
        assert export(monkeypatch, saved, "-o", output, *options) == 0
    assert one.read_bytes().startswith(begin)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    "options", [["-o", "a.txt"], [], ["-o", "a.json", "--table", "commits"], ["-o", "a.csv", "--table", "x"]]
)
def test_wrong_use_is_one_sentence_and_status_2(
    options: list[str], saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(monkeypatch, saved, *options) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not Path("a.json").exists()


def test_a_damaged_recording_is_exported_as_far_as_it_goes(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    saved.write_bytes(saved.read_bytes()[:5000] + b"\n{damaged\n")
    assert export(monkeypatch, saved, "-o", tmp_path / "a.json") == 0
    assert "is damaged in line" in capsys.readouterr().err
    assert json.loads((tmp_path / "a.json").read_bytes())["otherData"]["complete"] is False


@contextmanager
def full_disk() -> Iterator[None]:
    """No file may grow beyond 4 kB meanwhile, as where the disk is full: not that of pytest's own output either."""
    resource = pytest.importorskip("resource", reason="the system has no limits for the size of files")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_file_and_no_half_one(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "a.html"
    output.write_text("old")
    with full_disk():
        assert export(monkeypatch, saved, "-o", output) == 1
    printed = capsys.readouterr().err
    assert printed.startswith("“a.html” can't be written: ")
    assert printed.count("\n") == 1
    assert output.read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.html", "race.dictrace"]


def test_a_folder_that_is_missing_is_one_sentence(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(monkeypatch, saved, "-o", tmp_path / "none" / "a.csv") == 1
    assert capsys.readouterr().err.count("\n") == 1
