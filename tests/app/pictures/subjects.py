"""A made-up recording as the subject of pictures, and as a file."""

from pathlib import Path

import msgspec

from dictrace.app.pictures.subject import Subject
from dictrace.engine.experiment import LockChoice
from tests.engine.races import Race


def lines_of_race(tasks: int = 20, dropped: int = 0, lock: LockChoice = LockChoice.NONE) -> bytes:
    """The lines of a race of three processes that lose updates, unless they share a lock."""
    race = Race(3, tasks, 1, lock, False)
    race.play()
    recording = race.run.finish(dropped=dropped)
    return msgspec.json.Encoder().encode_lines([recording.header, *race.run.rows])


def file_of_race(folder: Path, tasks: int = 20, lock: LockChoice = LockChoice.NONE) -> Path:
    """The same in a file."""
    path = folder / "race.dictrace"
    path.write_bytes(lines_of_race(tasks, lock=lock))
    return path


def subject_of_race(folder: Path, tasks: int = 20) -> Subject:
    """The same, opened."""
    return Subject.opened(file_of_race(folder, tasks))
