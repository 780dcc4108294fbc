"""The command line, as a person or a script uses it."""

import gettext
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from dictrace.app.cli import commands, main
from dictrace.app.spoken import CLICK_SAYS, have_click_speak_it, in_chosen_language
from dictrace.engine import words
from dictrace.engine.files import read_recording
from tests.engine.runs import PROGRAMS

FIELDS = [
    "format", "what", "start_method", "python", "processes", "workers_seen", "tasks", "attempted", "survived",
    "overwritten", "never_sent", "never_ran", "blind_writes", "events", "dropped", "dropped_bytes", "unheard",
    "duration_ns", "complete", "outcome", "certificates", "diagnoses",
]  # fmt: skip


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    """Exit status of ``dictrace`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["dictrace", *map(str, arguments)])
    return main()


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A recording made by ``dictrace run``."""
    path = tmp_path / "run.dictrace"
    assert run(monkeypatch, "run", "fetch-mutate-commit", "--tasks", 12, "-o", path) == 0
    capsys.readouterr()
    return path


def test_run_prints_the_verdict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "run", "nested-in-place", "--tasks", 5, "--processes", 2) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("0 of 5 updates survived\n0 overwritten · 5 never sent · 0 never ran\n")
    assert printed.err == ""


def test_json_is_one_object_with_the_promised_fields(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--tasks", 6, "--processes", 3, "--think", 0, "--start-method", "spawn", "--json"]
    assert run(monkeypatch, "run", "own-key", *options) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == FIELDS
    assert (report["format"], report["what"], report["start_method"]) == (1, "own-key", "spawn")
    assert (report["processes"], report["tasks"], report["attempted"], report["survived"]) == (3, 6, 6, 6)
    assert report["complete"] is True


def test_toggles_choose_another_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--flat", "--lock", "shared", "--tasks", 3, "--seed", 1, "--json"]
    assert run(monkeypatch, "run", "fetch-mutate-commit", *options) == 0
    assert json.loads(capsys.readouterr().out)["what"] == "own-key, shared lock"


def test_a_saved_recording_is_reported_as_it_was_run(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = read_recording(saved)
    assert recording.complete
    assert run(monkeypatch, "report", saved, "--json") == 0
    report = json.loads(capsys.readouterr().out)
    counts = recording.history.counts_at(len(recording.events))
    assert (report["attempted"], report["survived"]) == (counts.attempted, counts.survived)
    assert len(report["certificates"]) == counts.attempted - counts.survived


def test_like_gives_the_same_result_again(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "report", saved, "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert run(monkeypatch, "run", "--like", saved, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert [again[field] for field in FIELDS[6:13]] == [first[field] for field in FIELDS[6:13]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "counter", "--processes", "0"],
        ["run", "counter", "--processes", "1000000"],
        ["run", "counter", "--tasks", "-3"],
        ["run", "counter", "--tasks", "many"],
        ["run", "counter", "--think", "nan"],
        ["run", "counter", "--lock", "none such"],
        ["run", "counter", "--start-method", "magic"],
        ["run", "counter", "--no-such-option"],
        ["run", "no-such-preset"],
        ["run"],
        ["run", "counter", "--like", "x.dictrace"],
        ["run", "--like", "x.dictrace", "--tasks", "3"],
        ["report"],
        ["--no-such-option"],
        ["one.dictrace", "two.dictrace"],
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, *arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.rstrip().endswith((".", "?"))


@pytest.mark.parametrize(
    "content", [b"", b"no recording\n", b"\x00\xff", b'{"row":"header","format":"dictrace","version":99}\n']
)
def test_what_is_no_recording_is_one_sentence_and_status_1(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.dictrace"
    path.write_bytes(content)
    for arguments in (["report", path], ["run", "--like", path], ["report", tmp_path / "missing.dictrace"]):
        assert run(monkeypatch, *arguments) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.count("\n") == 1
    assert path.read_bytes() == content


def test_a_cut_recording_is_reported_and_said_to_be_incomplete(
    saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = saved.read_bytes()
    saved.write_bytes(whole[: len(whole) * 2 // 3])
    assert run(monkeypatch, "report", saved, "--json") == 0
    assert json.loads(capsys.readouterr().out)["complete"] is False
    assert run(monkeypatch, "report", saved) == 0
    assert "This recording is incomplete." in capsys.readouterr().out.splitlines()


def test_a_place_that_cannot_be_written_is_named_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "run", "counter", "-o", tmp_path / "missing" / "run.dictrace") == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "run.dictrace" in printed.err
    assert printed.err.count("\n") == 1


def test_help_and_version_come_from_the_command_line_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    assert "report" in capsys.readouterr().out
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out.startswith("dictrace ")


def test_ctrl_c_ends_the_run_and_prints_what_was_seen() -> None:
    parent, child = pty.openpty()
    options = ["--tasks", "2000", "--think", "5", "--processes", "2"]
    command = [sys.executable, "-m", "dictrace.app", "run", "shared-lock", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=child) as running:
        os.close(child)
        seen = b""
        while b"/2000" not in seen.replace(b" 0/2000", b""):
            seen += os.read(parent, 4096)
        running.send_signal(signal.SIGINT)
        assert running.stdout is not None
        printed = running.stdout.read().decode()
    os.close(parent)
    assert running.returncode == 1
    assert "updates survived" in printed
    assert b"Traceback" not in seen


@pytest.mark.parametrize(
    ("wish", "signals", "last"),
    [
        ("ends", [signal.SIGINT], "The program ended with status 4."),
        ("goes on", [signal.SIGINT, signal.SIGINT], "The run was stopped before its end."),
        ("goes on", [signal.SIGINT, signal.SIGTERM], "The run was stopped before its end."),
    ],
)
def test_ctrl_c_is_for_a_script_what_it_is_in_a_terminal(
    tmp_path: Path, wish: str, signals: list[signal.Signals], last: str
) -> None:
    output = tmp_path / "run.dictrace"
    command = [sys.executable, "-m", "dictrace.app", "run", "-o", output, PROGRAMS / "interrupted.py", wish]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "waits\n"
        running.send_signal(signals[0])
        assert running.stdout.readline() == "interrupted {'waits': True}\n"
        for signum in signals[1:]:
            running.send_signal(signum)
        _out, err = running.communicate(timeout=60)
    assert running.returncode == 1
    assert err.splitlines()[-1] == last
    recording = read_recording(output)
    assert recording.complete
    assert [final.value for final in recording.finals] == ["True"]


class Loud(gettext.NullTranslations):
    """A language that is English in capitals."""

    def gettext(self, message: str) -> str:
        return message.upper()


@pytest.mark.parametrize("name", ["", *commands.commands])
def test_help_is_in_the_chosen_language(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(words, "_chosen", Loud())
    said = in_chosen_language(commands)
    assert isinstance(said, click.Group)
    command, plain = (said.commands[name], commands.commands[name]) if name else (said, commands)
    assert command.help == (plain.help or "").upper() != plain.help
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert options
    assert all(option.help and option.help == option.help.upper() for option in options)
    assert (command.help or "")[:30] in command.get_help(click.Context(command))


@pytest.mark.parametrize("sentence", CLICK_SAYS)
def test_click_says_what_is_translated_for_it(sentence: str) -> None:
    sources = Path(click.__file__).parent.glob("*.py")
    assert any(f'"{sentence}"' in source.read_text("utf-8") for source in sources)


def test_click_looks_its_sentences_up_in_our_catalogues(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    before = gettext.textdomain()
    have_click_speak_it()
    assert gettext.gettext("Own key") == "各写各的键"
    gettext.textdomain(before)
