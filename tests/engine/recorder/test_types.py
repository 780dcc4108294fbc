"""Every type of a manager, watched: what it does, what is told of it, and which of its operations can lose updates."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from dictrace.engine.diagnoses.diagnosis import Kind
from dictrace.engine.diagnoses.finding import diagnoses_of
from dictrace.engine.explain import certificate_text, happened
from dictrace.engine.order import Order, Script
from dictrace.engine.recording import Recording
from dictrace.engine.rows import GateMode, OpKind, OpRow
from dictrace.engine.story import story
from tests.engine import checker
from tests.engine.runs import PROGRAMS, certificates, recorded

pytestmark = pytest.mark.timeout(60)


@pytest.fixture(scope="module")
def every_type() -> Recording:
    """A run of all methods of all types."""
    return recorded(Order(script=Script(str(PROGRAMS / "every_type.py"))))


def raced(kind: str, *order: int) -> Recording:
    """Two tasks that do the same to one object, served in this order."""
    return recorded(Order(script=Script(str(PROGRAMS / "races.py"), (kind,)), gate=GateMode.SCRIPTED, order=order))


def ops(recording: Recording) -> list[tuple[int | None, str, str | None, int | None, int | None]]:
    """What the tasks fetched and committed: task, kind, slot, version, base."""
    rows = [row for row in recording.events if isinstance(row, OpRow) and row.task is not None]
    return [
        (row.task, row.kind.value, recording.slot_label(row.object, row.key), row.version, row.base) for row in rows
    ]


def test_all_that_is_printed_is_as_it_is_unwatched(every_type: Recording) -> None:
    bare = subprocess.run(
        [sys.executable, PROGRAMS / "every_type.py"], capture_output=True, text=True, timeout=60, check=True
    )
    printed = {
        stream: "".join(output.text for output in every_type.outputs if output.stream == stream)
        for stream in ("stdout", "stderr")
    }
    assert printed["stdout"].splitlines() == bare.stdout.splitlines()
    assert printed["stderr"] == bare.stderr
    assert len(bare.stdout.splitlines()) > 800
    assert every_type.end is not None
    assert every_type.end.status == 0
    assert not every_type.gates


def test_what_is_told_adds_up_to_what_each_object_really_held(every_type: Recording) -> None:
    history = every_type.history
    last = len(every_type.events)
    finals = {(final.object, final.key): final for final in every_type.finals}
    assert len(finals) == len(every_type.finals) > 40
    for slot, final in finals.items():
        assert history.value_at(*slot, last) == final.value
        assert history.parts_at(*slot, last) == final.parts
    told = checker.contents(list(every_type.events))
    assert {slot for slot, value in told.items() if value is not None} == set(finals)


def test_the_slow_checker_agrees(every_type: Recording) -> None:
    history = every_type.history
    found = history.counts_at(len(every_type.events))
    assert {name: getattr(found, name) for name in type(found).__slots__} == checker.counts(list(every_type.events))


def test_every_event_and_every_type_can_be_put_into_words(every_type: Recording) -> None:
    assert {"dict", "list", "Array", "Value", "Namespace", "Queue", "Barrier", "Event", "Pool", "Account"} <= {
        shared.typeid for shared in every_type.objects.values()
    }
    assert all(happened(every_type, event) for event in range(1, len(every_type.events) + 1))


def test_one_request_is_one_reply_however_many_keys_it_has(every_type: Recording) -> None:
    rows = Counter((row.pid, row.seq) for row in every_type.events if isinstance(row, OpRow))
    assert max(rows.values()) > 2
    replies: dict[tuple[int, int], set[int]] = {}
    for row, reply_ns in zip(every_type.events, every_type.reply_ns, strict=True):
        if isinstance(row, OpRow) and row.kind in (OpKind.FETCH, OpKind.COMMIT):
            replies.setdefault((row.pid, row.seq), set()).add(reply_ns)
    assert all(len(times) == 1 for times in replies.values())


@pytest.mark.parametrize(
    ("kind", "slot"),
    [
        ("dict", "shared['n']"),
        ("list", "shared[0]"),
        ("array", "shared[0]"),
        ("value", "shared.value"),
        ("namespace", "shared.n"),
    ],
)
def test_adding_one_is_two_requests_and_can_be_overwritten(kind: str, slot: str) -> None:
    recording = raced(kind, 0, 1, 0, 1)
    assert ops(recording) == [
        (0, "fetch", slot, 1, None),
        (1, "fetch", slot, 1, None),
        (0, "commit", slot, 2, 1),
        (1, "commit", slot, 3, 1),
    ]
    (certificate,) = certificates(recording)
    assert (certificate.slot, certificate.key, certificate.task, certificate.version) == (slot, slot, 0, 2)
    assert f"when {slot} was already at v2" in certificate_text(certificate)
    assert not recording.gates


@pytest.mark.parametrize("kind", ["pop", "update", "setdefault", "append"])
def test_what_looks_and_writes_in_one_request_is_never_stale(kind: str) -> None:
    recording = raced(kind, 0, 1)
    commits = [row for row in recording.events if isinstance(row, OpRow) and row.kind is OpKind.COMMIT]
    assert all(row.base in (None, (row.version or 0) - 1) for row in commits)
    assert recording.history.counts_at(len(recording.events)).overwritten == 0
    assert not recording.gates


def test_what_is_written_because_it_was_missing_can_overwrite() -> None:
    recording = raced("missing", 0, 1, 0, 1)
    assert ops(recording) == [
        (0, "read", "shared['n']", 0, None),
        (1, "read", "shared['n']", 0, None),
        (0, "commit", "shared['n']", 1, 0),
        (1, "commit", "shared['n']", 2, 0),
    ]
    (certificate,) = certificates(recording)
    assert (certificate.key, certificate.task) == ("shared['n']", 0)
    assert "wrote shared['n'] (line 47) as if it were not there, when it was already" in certificate_text(certificate)
    assert happened(recording, 1).endswith(" asked whether shared['n'] is there (line 46): it was not, at v0.")
    steps = [step.text.partition(" ")[2] for step in story(recording, recording.history.standing()[0])]
    assert steps[0] == "saw that shared['n'] was not there (line 46)."
    assert steps[2] == "wrote shared['n'] all the same, as v2 (line 47)."


def test_what_is_written_though_it_was_there_is_a_blind_write() -> None:
    recording = raced("there", 0, 1, 0, 1)
    assert [(op[1], op[4]) for op in ops(recording)] == [
        ("read", None),
        ("read", None),
        ("commit", None),
        ("commit", None),
    ]
    assert not certificates(recording)


def test_what_is_written_back_unchanged_is_no_update() -> None:
    recording = raced("all", 0, 1, 0, 1)
    commits = [row for row in recording.events if isinstance(row, OpRow) and row.task is not None and row.version]
    assert [(row.task, row.key, row.version, row.base) for row in commits] == [
        (0, "'n'", 2, 1),
        (0, "0", 1, None),
        (1, "'n'", 3, 1),
        (1, "1", 1, None),
    ]
    counts = recording.history.counts_at(len(recording.events))
    assert (counts.attempted, counts.survived) == (2, 2)
    assert {final.key: final.value for final in recording.finals} == {"'n'": "0", "0": "0", "1": "1"}
    assert {diagnosis.kind for diagnosis in diagnoses_of(recording)} <= {Kind.STALE_WRITE_BACK}


def test_a_stale_removal_overwrites() -> None:
    recording = raced("remove", 0, 1, 0, 1)
    (certificate,) = certificates(recording)
    assert (certificate.key, certificate.task) == ("shared['n']", 0)
    assert certificate.culprit is not None
    assert (certificate.culprit.task, certificate.by_removal) == (1, True)
    removal = 1 + max(k for k, row in enumerate(recording.events) if getattr(row, "method", "") == "__delitem__")
    assert happened(recording, removal).startswith(f"{certificate.culprit.process} removed shared['n'] by a copy of v1")
    assert not recording.finals


@pytest.mark.parametrize(("kind", "key"), [("setdefault", "shared['n'][0]"), ("unsent", "shared[0][0]")])
def test_a_copy_that_was_changed_and_not_sent_is_found_by_its_request(kind: str, key: str) -> None:
    recording = raced(kind, 0, 1)
    unsent = [certificate for certificate in certificates(recording) if certificate.kind.value == "never_sent"]
    assert [certificate.key for certificate in unsent] == [key, key]


def test_calls_are_told_with_what_they_were_given() -> None:
    recording = raced("put", 0, 1)
    calls = [(row.method, row.arguments) for row in recording.events if isinstance(row, OpRow) and row.task is not None]
    assert sorted(calls) == [("put", "{'item': 0}"), ("put", "{'item': 1}")]
    (event, *_others) = [k for k, row in enumerate(recording.events, 1) if getattr(row, "method", "") == "put"]
    assert "called put of shared with {'item': " in happened(recording, event)


def watched_and_bare(script: Path) -> tuple[Recording, "subprocess.CompletedProcess[str]"]:
    """The script's run, and the same unwatched."""
    bare = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    return recorded(Order(script=Script(str(script)))), bare


def printed(recording: Recording, stream: str) -> str:
    """What it printed there."""
    return "".join(output.text for output in recording.outputs if output.stream == stream)


def test_servers_made_by_hand_are_used_as_unwatched_and_recorded_where_they_can_be() -> None:
    recording, bare = watched_and_bare(PROGRAMS / "servers.py")
    assert printed(recording, "stdout") == bare.stdout
    assert len(bare.stdout.splitlines()) == 6
    commits = [row for row in recording.events if isinstance(row, OpRow) and row.key is not None and row.version]
    commits = [row for row in commits if row.kind is OpKind.COMMIT and row.method == "__setitem__"]
    assert len(commits) == 6 * 21
    assert {row.object for row in commits} == {1}
    assert all(row.base == (row.version or 0) - 1 for row in commits if row.version != 1)
    assert len({row.pid for row in commits}) == 2


@pytest.mark.parametrize("statement", ["d['x'] = lambda: 0", "d['x']", "m.shutdown(); d['x'] = 1", "m.dict(5)"])
def test_a_traceback_shows_what_it_shows_unwatched(tmp_path: Path, statement: str) -> None:
    script = tmp_path / "fails.py"
    script.write_text(f"import multiprocessing\nm = multiprocessing.Manager()\nd = m.dict()\n{statement}\n")
    recording, bare = watched_and_bare(script)
    assert "Traceback" in bare.stderr
    addresses = re.compile(r"0x[0-9a-f]+|'/tmp[^']*'")
    assert addresses.sub("", printed(recording, "stderr")) == addresses.sub("", bare.stderr)


def test_watching_makes_no_connection_of_its_own(tmp_path: Path) -> None:
    script = tmp_path / "counts.py"
    script.write_text(
        "import multiprocessing, multiprocessing.connection as connection\n"
        "proofs, plain = [], connection.answer_challenge\n"
        "def answer_challenge(*args):\n"
        "    proofs.append(1)\n"
        "    return plain(*args)\n"
        "connection.answer_challenge = answer_challenge\n"
        "m = multiprocessing.Manager()\n"
        "made = m.dict(), m.list(), m.Lock()\n"
        "made[0]['x'] = 1\n"
        "print(len(proofs))\n"
    )
    recording, bare = watched_and_bare(script)
    assert int(bare.stdout) > 3, "each time a client connects it proves that it knows the key"
    assert printed(recording, "stdout") == bare.stdout
    assert recording.object_label(1) == "made"
