"""Made-up races for tests: as many workers and tasks as wanted, in a seeded order."""

from random import Random

from dictrace.engine.experiment import LockChoice
from dictrace.engine.recording import Recording
from dictrace.engine.rows import NameRow, ObjectRow, PrivateLockRow, ReplyRow
from tests.engine.histories import FIRST_WORKER_PID, Simulation


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
