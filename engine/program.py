"""The built-in program: a real Manager, a real Pool, and the tasks that an `Experiment` asks for.

It is the same watched or bare: recording is switched on from outside. As a program (``python -m
dictrace.engine.program``) it is what the host starts: the experiment comes as JSON argument.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from multiprocessing import connection
from multiprocessing.pool import TERMINATE, AsyncResult, Pool
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

import msgspec

from dictrace.engine import lessons
from dictrace.engine.exhibits import functions_of
from dictrace.engine.experiment import Experiment, LockChoice, Target
from dictrace.engine.words import _, choose_language

START_PATIENCE_S = 120.0
LOSS_PATIENCE_S = 3.0


def run(experiment: Experiment) -> str:
    """Run the tasks and print the dict; returns a sentence on what went wrong, or an empty text."""
    context = multiprocessing.get_context(experiment.start_method)
    with context.Manager() as manager, ExitStack() as pools:
        (server,) = multiprocessing.active_children()
        d = manager.dict()
        _fill(d, experiment, manager.dict)
        lock = manager.Lock() if experiment.lock in (LockChoice.SHARED, LockChoice.IGNORED) else None
        start = Start(context)
        started = [pools.enter_context(_pool(context, n, start, experiment)) for n in _pool_sizes(experiment)]
        workers = [child for child in multiprocessing.active_children() if child is not server]
        start.give(experiment.processes)
        results = _submit(experiment, started, d, lock)
        problem = _wait(results, server, workers, LOSS_PATIENCE_S + experiment.think_ms / 1e3)
        for pool in started:
            if problem:
                _abandon(pool)
            else:
                pool.close()
                pool.join()
        print(d)
    return problem


class Start:
    """Has the workers start together. No worker that dies keeps the others waiting, as it would at a `Barrier`."""

    def __init__(self, context: Any) -> None:
        self._settled = context.Semaphore(0)
        self._shot, self._gun = context.Pipe(duplex=False)

    def await_shot(self) -> None:
        """In a worker: it has settled in; wait for the others. One that takes a dead one's place does not wait."""
        self._settled.release()
        self._shot.poll(START_PATIENCE_S)

    def give(self, processes: int) -> None:
        """Wait until so many have settled in, and let them go."""
        for _worker in range(processes):
            self._settled.acquire(timeout=START_PATIENCE_S)
        self._gun.send_bytes(b"go")  # nobody reads it, so that it is there for all


def _fill(d: Any, experiment: Experiment, make_dict: Callable[[], Any]) -> None:
    if experiment.target is Target.COUNTER:
        d["n"] = 0
    elif experiment.target is Target.PROXY:
        inner = make_dict()
        d["test"] = inner
    elif experiment.nested:
        d["test"] = {}


def _pool_sizes(experiment: Experiment) -> list[int]:
    """One pool; for a lock that one process ignores, a second one with that process alone."""
    if experiment.lock is not LockChoice.IGNORED:
        return [experiment.processes]
    return [size for size in (experiment.processes - 1, 1) if size]


def _pool(context: Any, size: int, start: Start, experiment: Experiment) -> Pool:
    has_own_lock = experiment.lock is LockChoice.PRIVATE
    return context.Pool(size, _prepare, (start, experiment.think_ms / 1e3, has_own_lock))  # type: ignore[no-any-return]


def _prepare(start: Start, think_s: float, has_own_lock: bool) -> None:
    """In each worker: settle in, then wait until all the others have, so that no worker does all the tasks."""
    lessons.think_s = think_s
    if has_own_lock:
        lessons.make_own_lock(multiprocessing.Lock)
    start.await_shot()


def _submit(experiment: Experiment, pools: Sequence[Pool], d: Any, lock: Any) -> list[AsyncResult[None]]:
    functions = functions_of(experiment)
    results = []
    function: Callable[..., None]
    arguments: tuple[Any, ...]
    for i in range(experiment.tasks):
        ignores = experiment.lock is LockChoice.IGNORED and i % experiment.processes == experiment.processes - 1
        if experiment.lock is LockChoice.PRIVATE:
            function, arguments = lessons.with_own_lock, (functions[0], i, d)
        elif lock is None or ignores:
            function, arguments = functions[-1], (i, d)
        else:
            function, arguments = functions[0], (i, d, lock)
        results.append(pools[-1 if ignores else 0].apply_async(function, arguments))
    return results


def _wait(
    results: list[AsyncResult[None]], server: BaseProcess, workers: Sequence[BaseProcess], patience_s: float
) -> str:
    """Wait for all tasks; where a process has died and no task returns for `patience_s`, give up on the others."""
    died: list[BaseProcess] = []
    pending = dict(enumerate(results))
    last = time.monotonic()
    while pending:
        next(iter(pending.values())).wait(0.1)
        left = {i: result for i, result in pending.items() if not result.ready()}
        if len(left) < len(pending):
            pending, last = left, time.monotonic()
        for process in (server, *workers):
            if process.exitcode is not None and process not in died:
                died.append(process)
        if died and time.monotonic() - last > patience_s:
            break
    if server in died:
        return _death_notice(_("The manager server (PID {pid}) ended {how}; {tasks}."), server, len(pending))
    return _death_notice(_("A worker (PID {pid}) ended {how}; {tasks}."), died[0], len(pending)) if died else ""


def _death_notice(sentence: str, process: BaseProcess, tasks: int) -> str:
    code = process.exitcode or 0
    how = _("by signal {n}").format(n=-code) if code < 0 else _("with exit code {n}").format(n=code)
    return sentence.format(pid=process.pid, how=how, tasks=_("tasks that never returned: {n}").format(n=tasks))


def _abandon(pool: Any) -> None:
    """Make a pool fit to be terminated, which waits for locks that a dead worker may hold, and unpickles proxies."""
    pool._worker_handler._state = pool._task_handler._state = TERMINATE
    pool._change_notifier.put(None)
    pool._worker_handler.join()  # it starts no more workers in the places of the dead
    for worker in pool._pool:
        worker.kill()
        connection.wait([worker.sentinel])
    for lock in (pool._inqueue._rlock, pool._outqueue._wlock):
        with suppress(ValueError):  # nobody holds it
            lock.release()
    tasks = pool._inqueue._reader
    while tasks.poll(0.01) or pool._task_handler.is_alive():
        if tasks.poll():
            _read_away(tasks)


def _read_away(reader: Any) -> None:
    """Read what is there; not whole messages, for a worker may have died in the middle of one."""
    if os.name == "posix":
        os.read(reader.fileno(), 1 << 16)
    else:  # a message comes whole or not at all
        reader.recv_bytes()


def main() -> int:
    """Run the experiment given as JSON in the first argument."""
    _end_politely_when_asked()
    choose_language(None)
    experiment = msgspec.json.decode(sys.argv[1], type=Experiment)
    problem = run(experiment)
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def _end_politely_when_asked() -> None:
    """On SIGTERM unwind, so that the pool and the manager end in order; workers die of it as they would without us."""
    main_pid = os.getpid()

    def end(signum: int, _frame: FrameType | None) -> None:
        if os.getpid() != main_pid:
            signal.signal(signum, signal.SIG_DFL)
            os.kill(os.getpid(), signum)
        sys.exit(128 + signum)

    signal.signal(signal.SIGTERM, end)


if __name__ == "__main__":
    sys.exit(main())
