"""Real runs for tests: order one, read its rows, and look at what is left of it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from dictrace.engine.certificate import Certificate
from dictrace.engine.launch import Run
from dictrace.engine.order import Limits, Order, Script
from dictrace.engine.recording import Recording
from dictrace.engine.rows import AnyRow, HeaderRow

PROGRAMS = Path(__file__).with_name("programs")

_decoder = msgspec.json.Decoder(AnyRow)


def rows_of(run: Run) -> Iterator[AnyRow]:
    """The rows of a run as they come."""
    for lines in run.lines():
        yield from (_decoder.decode(line) for line in lines.splitlines())


def recording_of(rows: Iterator[AnyRow] | list[AnyRow]) -> Recording:
    """A recording of these rows."""
    header, *others = rows
    assert isinstance(header, HeaderRow)
    recording = Recording(header)
    recording.extend(others)
    return recording


def recorded(order: Order) -> Recording:
    """A whole run."""
    with Run(order) as run:
        return recording_of(rows_of(run))


def recorded_program(name: str, *arguments: str, limits: Limits | None = None) -> Recording:
    """A whole run of one of the programs in `PROGRAMS`."""
    return recorded(Order(script=Script(str(PROGRAMS / name), arguments), limits=limits or Limits()))


def certificates(recording: Recording) -> list[Certificate]:
    """The certificates that stand at the end."""
    history = recording.history
    return [history.certificate(loss) for loss in history.standing()]


def evidence(recording: Recording) -> list[tuple[object, ...]]:
    """What must come out the same when a recording's order is served again; processes may have changed places."""
    return sorted(
        (
            (c.kind, c.key, c.task, c.fetched_version, c.version, c.culprit and (c.culprit.task, c.culprit.version))
            for c in certificates(recording)
        ),
        key=repr,
    )


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(condition: Callable[[], bool], within_s: float = 20.0) -> None:
    """Wait for a condition that has no signal of its own."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.01)
