"""`dictrace run` with a script: its output and its arguments are its own, the verdict comes beside it."""

import json
import subprocess
import sys
from pathlib import Path

KINDS = Path(__file__).parent.parent / "engine" / "programs" / "kinds"


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "dictrace.app", "run", *words]
    return subprocess.run(command, cwd=KINDS, input="a\nb\n", capture_output=True, text=True, timeout=90, check=False)


def test_a_script_reads_and_prints_as_itself_and_the_verdict_is_beside_it() -> None:
    done = run("--max-seconds", "60", "reads_stdin.py")
    assert (done.stdout, done.returncode) == ("['A', 'B']\n", 0)
    assert "reads_stdin.py" in done.stderr


def test_what_follows_the_name_of_a_script_is_the_scripts() -> None:
    done = run("arguments.py", "--json", "-o", "x", "own-key", "--help")
    assert done.stdout.startswith("['arguments.py', '--json', '-o', 'x', 'own-key', '--help'] __main__")
    assert done.returncode == 1
    assert not (KINDS / "x").exists()


def test_json_keeps_standard_output_for_itself() -> None:
    done = run("--json", "apply_async.py")
    report = json.loads(done.stdout)
    assert (report["what"], report["attempted"], report["survived"]) == ("apply_async.py", 50, 50)
    assert "{'test'" in done.stderr


def test_wrong_use_is_said_in_one_sentence() -> None:
    for words, sentence in (
        (("no_such_file.py",), "There is no file “no_such_file.py”."),
        (
            ("--tasks", "3", "apply_async.py"),
            "A script takes its own arguments, after its name; leave the settings out.",
        ),
        (("own-key", "more"), "A preset takes no arguments."),
    ):
        done = run(*words)
        assert (done.returncode, done.stdout, done.stderr.strip()) == (2, "", sentence)
