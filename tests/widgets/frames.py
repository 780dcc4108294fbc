"""Frames for tests of views, taken from simulated runs; and pictures of them, to look at their pixels."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from dictrace.engine.experiment import LockChoice
from dictrace.engine.frame import CellState, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.rows import NameRow, ObjectRow, PrivateLockRow, ReplyRow
from dictrace.widgets.stage_painter import StageContext
from tests.engine.histories import FIRST_WORKER_PID, Simulation

PRESENT, LOST = CellState.PRESENT.value, CellState.LOST.value
SOURCE = {2: "row = d['test']", 5: "d['test'] = row"}


class Race:
    """Workers that fetch, mutate and commit, in a seeded order; a worker that holds a copy may fall behind."""

    def __init__(self, workers: int, tasks: int, seed: int, lock: LockChoice, counter: bool) -> None:
        self.run = Simulation(workers, tasks=tasks, target="counter" if counter else "keys")
        self._random, self._lock, self._counter = Random(seed), lock, counter
        self._tasks = iter(range(tasks))
        self._task_of: dict[int, int] = {}
        self._copies: dict[int, int] = {}
        self._queue: list[int] = []
        self._workers = range(1, workers + 1)
        self._key = "'n'" if counter else "'test'"
        if lock is LockChoice.SHARED:
            self.run.rows += [ObjectRow(2, "Lock", 0), NameRow(2, "lock", 2)]
        self.run.commit(0, None, "0" if counter else {}, None, self._key)

    def play(self) -> None:
        """All tasks, to their ends."""
        while self._step():
            pass

    def _step(self) -> bool:
        able = [worker for worker in self._workers if worker not in self._queue[1:]]
        worker = self._random.choice(able)
        if worker in self._copies:
            self._commit(worker)
        elif worker in self._task_of:
            self._copies[worker] = self.run.fetch(worker, self._task_of[worker], self._key)
        else:
            return self._begin(worker)
        return True

    def _begin(self, worker: int) -> bool:
        task = next(self._tasks, None)
        if task is None:
            return bool(self._task_of)
        self._task_of[worker] = task
        self.run.begin(worker, task)
        if self._lock is LockChoice.PRIVATE:
            self._own_lock(worker, True)
        elif self._lock is LockChoice.SHARED:
            self._queue.append(worker)
            if self._queue[0] == worker:
                self.run.acquire(worker, task)
            else:
                self.run.wait(worker, task)
        return True

    def _commit(self, worker: int) -> None:
        base, task = self._copies.pop(worker), self._task_of.pop(worker)
        if self._counter:
            value = self.run.values[1, self._key][base]
            assert isinstance(value, str)
            self.run.commit(worker, task, str(int(value) + 1), base, self._key)
        else:
            self.run.update(worker, task, base, **{str(task): str(task)})
        if self._lock is LockChoice.PRIVATE:
            self._own_lock(worker, False)
        elif self._lock is LockChoice.SHARED:
            self.run.release(worker, task)
            self._queue.remove(worker)
            if self._queue:
                self.run.acquire(self._queue[0], self._task_of[self._queue[0]])
        self.run.end(worker, task)

    def _own_lock(self, worker: int, acquired: bool) -> None:
        last = self.run.rows[-1]
        ns = last.reply_ns if isinstance(last, ReplyRow) else last.ns  # type: ignore[union-attr]
        self.run.rows.append(PrivateLockRow(FIRST_WORKER_PID + worker, acquired, ns, self._task_of.get(worker)))


def race(
    workers: int = 4, tasks: int = 60, *, seed: int = 1, lock: LockChoice = LockChoice.NONE, counter: bool = False
) -> Recording:
    """The recording of a race that came to its end."""
    made = Race(workers, tasks, seed, lock, counter)
    made.play()
    return made.run.finish()


def frame_with_loss(recording: Recording, share: float = 0.5) -> Frame:
    """The frame of the first loss after this share of the recording."""
    events = recording.history.losses.events
    return frame_at(recording, next(event for event in events if event >= share * len(recording.events)))


def frame_where(recording: Recording, wanted: Callable[[Frame], bool]) -> Frame:
    """The first frame for which `wanted` holds."""
    frames = (frame_at(recording, event) for event in range(len(recording.events) + 1))
    return next(frame for frame in frames if wanted(frame))


def crowded(frame: Frame, keys: int) -> Frame:
    """The frame with so many keys, by all its processes, each third one lost."""
    numbers = np.arange(keys)
    states = np.where(numbers % 3, PRESENT, LOST).astype(np.uint8)
    writers = (numbers % len(frame.processes)).astype(np.int16)
    labels = tuple(str(number) for number in range(keys))
    cells = replace(frame.cells, states=states, writers=writers, fields=np.zeros(keys, np.int16), labels=labels)
    return replace(frame, cells=cells, losses=())


def context_of(recording: Recording) -> StageContext:
    """What the stage looks up in a recording."""
    history = recording.history
    keys = 0 if recording.header.parameters["target"] == "counter" else int(recording.header.parameters["tasks"])
    return StageContext(
        lambda line: SOURCE.get(line, ""), history.certificate, lambda loss: history.losses.cells[loss], keys
    )


def picture(paint: Callable[[QPainter, QRectF], object], width: int, height: int, background: QColor) -> QImage:
    """What `paint` paints into a picture of this size."""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(background)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(image.rect()))
    painter.end()
    return image


def share_of(image: QImage, colour: QColor, room: QRectF | None = None) -> float:
    """Share of the pixels, in `room` or everywhere, that have this colour, give or take what blending rounds."""
    part = image.copy(room.toAlignedRect()) if room is not None else image
    part = part.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.width(), 4)
    off = np.abs(pixels[:, :, :3].astype(int) - (colour.blue(), colour.green(), colour.red()))
    return float(np.mean(off.max(axis=2) <= 3))
