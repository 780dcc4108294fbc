"""Opening a stranger's recording, and making everything of it, neither runs nor unpickles nor writes anything."""

import sys
from random import Random

import msgspec
import pytest

from dictrace.engine.experiment import LockChoice
from dictrace.engine.export.kinds import Format, exported
from dictrace.engine.harmless import harmless
from tests.engine.fuzzing import damaged, look_at, opened
from tests.engine.races import Race

FORBIDDEN = (
    "pickle.",
    "marshal.",
    "exec",
    "compile",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
)
FORBIDDEN += ("socket.", "import", "ctypes.", "os.remove", "os.rename", "os.mkdir", "os.chmod", "shutil.")

_seen: list[str] | None = None


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _seen is None:
        return
    writes = event == "open" and arguments[1] not in (None, "r", "rb")
    if writes or event.startswith(FORBIDDEN):
        _seen.append(f"{event} {arguments}")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is forbidden and was done since; a hook can't be removed, so it is deaf outside this fixture."""
    sys.addaudithook(_hear)
    events: list[str] = []
    monkeypatch.setattr(sys.modules[__name__], "_seen", events)
    return events


def lines_of_race() -> bytes:
    race = Race(3, 6, 1, LockChoice.SHARED, False)
    race.play()
    race.run.finish()
    return msgspec.json.Encoder().encode_lines([race.run.header, *race.run.rows])


def test_reading_runs_nothing(seen: list[str]) -> None:
    good = lines_of_race()
    first = opened(good).recording
    assert first is not None
    look_at(first, Random(1))  # loads what is loaded late
    exported(first, Format.HTML)
    harmless("\x1b")
    seen.clear()
    for seed in range(60):
        look = opened(damaged(Random(seed), [good]))
        if look.recording is not None:
            look_at(look.recording, Random(seed))
    assert seen == []


def test_the_hook_hears(seen: list[str]) -> None:
    import pickle

    pickle.loads(pickle.dumps(LockChoice.NONE))
    assert any("pickle.find_class" in event for event in seen)
