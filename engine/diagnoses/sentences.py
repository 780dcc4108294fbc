"""Diagnoses in words: what was seen, why it is a problem, and the cure. One text for all who show them."""

from dictrace.engine.diagnoses.diagnosis import RACES, Diagnosis, Kind
from dictrace.engine.frame import ProcessState
from dictrace.engine.words import _, joined, ngettext


def text_of(diagnosis: Diagnosis) -> str:
    """What was seen, and why it is a problem."""
    d = diagnosis
    if d.kind in RACES:
        return joined((_race(d), _consequence(d)))
    return _failure(d).format(
        n=f"{d.count:,}",
        what=d.what or _("a lock"),
        process=d.processes[0] if d.processes else _("The main program"),
        waiting=", ".join(d.processes[1:]),
        reason=d.reason,
        how=_ending(d.exit_code),
    )


def cure_of(diagnosis: Diagnosis) -> str:
    """What to do about it."""
    return {
        Kind.NO_MAIN_GUARD: _("Put what starts processes below the main guard."),
        Kind.LOCK_OF_DEAD: _("Find out why the process died; a lock does not outlive its holder's death by itself."),
        Kind.LOCK_NOT_RELEASED: _("Hold the lock in a with block, which releases it however the block is left."),
        Kind.SERVER_DIED: _("Find out why it died (killed, out of memory); nothing that it held can be had again."),
        Kind.MANAGER_GONE: _(
            "Wait for all tasks before the manager ends, and keep it, and what it made, in variables till then."
        ),
        Kind.WORKER_DIED: _("Find out why it died (killed, out of memory, os._exit); wait for results with a timeout."),
        Kind.LOCK_SENT: _("Make the lock with the manager, or hand it over when the workers are started (initargs)."),
        Kind.NOT_PICKLABLE: _("Pass and return plain data; open files, locks and lambdas stay in their process."),
        Kind.UNSEEN_EXCEPTION: _("Ask each task for its result: that raises what the task raised."),
        Kind.LEFT_EARLY: _(
            "Wait for the tasks before the pool is left: leaving a with block ends the workers at once."
        ),
        Kind.NEVER_SENT: _("Write the copy back, or put a nested manager.dict() or manager.list() in its place."),
        Kind.PRIVATE_LOCK: _("Make one lock in the main program and pass it to every task."),
        Kind.LATE_LOCK: _("Take the lock before the fetch, and hold it to the commit."),
        Kind.IGNORED_LOCK: _("Hold the same lock here too, from the fetch to the commit."),
        Kind.COUNTER: _("Hold one shared lock around the whole statement."),
        Kind.CHECK_THEN_ACT: _(
            "Hold one shared lock around both, or use setdefault(), which does both in one request."
        ),
        Kind.STALE_WRITE_BACK: _("Hold one shared lock from the fetch to the commit."),
        Kind.ONE_WORKER: _("Give it more or longer tasks, or have all workers start together at a Barrier."),
    }[diagnosis.kind]


def nothing_found(wrong: bool) -> str:
    """What is said where there is no diagnosis; `wrong`: all the same updates were lost, or the program failed."""
    if wrong:
        return _("Nothing else that is wrong was seen in this run; another run may go differently.")
    return _("Nothing wrong was seen in this run; another run may go differently.")


def _race(d: Diagnosis) -> str:
    """What kept nobody out."""
    return {
        Kind.PRIVATE_LOCK: _("Each process changes {what} under a lock of its own, which keeps nobody else out."),
        Kind.LATE_LOCK: _("The lock is acquired after {what} was fetched, so the copy can be out of date by then."),
        Kind.IGNORED_LOCK: _("{what} is changed here without the lock that is held for it elsewhere."),
        Kind.COUNTER: _("An assignment like += to {what} is a fetch and a commit, and others can commit in between."),
        Kind.CHECK_THEN_ACT: _(
            "{what} is written because it was not there before, and others can write it in between."
        ),
        Kind.STALE_WRITE_BACK: _("{what} is fetched, changed and written back, and others can commit in between."),
    }[d.kind].format(what=d.what)


def _consequence(d: Diagnosis) -> str:
    if d.lost and d.kind is Kind.CHECK_THEN_ACT:
        return ngettext(
            "{n} update that came in between was overwritten.",
            "{n} updates that came in between were overwritten.",
            d.lost,
        ).format(n=f"{d.lost:,}")
    if d.lost:
        return ngettext(
            "{n} update was overwritten by a copy that was out of date.",
            "{n} updates were overwritten by copies that were out of date.",
            d.lost,
        ).format(n=f"{d.lost:,}")
    return ngettext(
        "This happened {n} time; no update was lost by it in this run, but another run may lose some.",
        "This happened {n} times; no update was lost by it in this run, but another run may lose some.",
        d.count,
    ).format(n=f"{d.count:,}")


def _failure(d: Diagnosis) -> str:
    """The sentence on what failed, to be filled in."""
    n = d.count
    match d.kind:
        case Kind.NO_MAIN_GUARD:
            return _("A new process runs the program's file once more, and there it would start processes again.")
        case Kind.LOCK_OF_DEAD if d.processes[1:]:
            return ngettext(
                "{process} died while it held {what}: nobody can release it, and {waiting} waits for ever.",
                "{process} died while it held {what}: nobody can release it, and {waiting} wait for ever.",
                len(d.processes) - 1,
            )
        case Kind.LOCK_OF_DEAD:
            return _("{process} died while it held {what}: nobody can release it, and who asks for it waits for ever.")
        case Kind.LOCK_NOT_RELEASED:
            return _("A task of {process} raised while it held {what}, which stays locked.")
        case Kind.SERVER_DIED:
            return _("The manager server died {how}: what it held is gone, and who asks for it gets an error.")
        case Kind.MANAGER_GONE if d.reason.startswith("RemoteError"):
            return _("The shared object was gone from the manager while it was still asked for something ({reason}).")
        case Kind.MANAGER_GONE:
            return _("The manager had ended while it was still asked for something ({reason}).")
        case Kind.WORKER_DIED if not d.awaited:
            return _died_alone(d)
        case Kind.WORKER_DIED if n == 1 and d.doing in _DYING:
            return _DYING[d.doing]()
        case Kind.WORKER_DIED:
            return ngettext(
                "{process} died {how}: the result of its task never comes, and who waits for it waits for ever.",
                "{n} processes died, the first one ({process}) {how}: results of their tasks never come, and who waits "
                "for them waits for ever.",
                n,
            )
        case Kind.LOCK_SENT:
            return _("A lock of multiprocessing can't be sent to a task: {reason}")
        case Kind.NOT_PICKLABLE:
            return _("What goes from process to process is pickled, and this can't be: {reason}")
        case Kind.UNSEEN_EXCEPTION:
            return ngettext(
                "{n} task raised, and nobody looked at its result: {reason}",
                "{n} tasks raised, and nobody looked at their results. The first one: {reason}",
                n,
            )
        case Kind.LEFT_EARLY:
            return ngettext(
                "{n} task had not returned when the program ended.",
                "{n} tasks had not returned when the program ended.",
                n,
            )
        case Kind.NEVER_SENT:
            return ngettext(
                "{n} change was made to a private copy of {what} and never sent: a fetch gives a copy, and what is "
                "done to that, nobody else sees.",
                "{n} changes were made to private copies of {what} and never sent: a fetch gives a copy, and what is "
                "done to that, nobody else sees.",
                n,
            )
        case _:
            return ngettext(
                "{process} did everything, in {n} task, so this run proves nothing about several processes.",
                "{process} did everything, in {n} tasks, so this run proves nothing about several processes.",
                n,
            )


def _died_alone(d: Diagnosis) -> str:
    """Of a process whose death nobody waits for in vain: a `Process`, or a worker of an executor, which tells."""
    if d.count == 1 and d.doing is ProcessState.HOLDS_COPY:
        return _("{process} died {how} with a copy of {what} in hand.")
    if d.count == 1 and d.doing is ProcessState.WAITING:
        return _("{process} died {how} while it waited for a lock.")
    return ngettext(
        "{process} died {how}, and left undone what it was at.",
        "{n} processes died, the first one ({process}) {how}, and left undone what they were at.",
        d.count,
    )


_DYING = {
    ProcessState.IDLE: lambda: _(
        "{process} died {how} while it waited for a task. It may have held the lock of the pool's queue: then no other "
        "process gets a task any more, and who waits for results waits for ever."
    ),
    ProcessState.HOLDS_COPY: lambda: _(
        "{process} died {how} with a copy of {what} in hand: the result of its task never comes, and who waits for it "
        "waits for ever."
    ),
    ProcessState.WAITING: lambda: _(
        "{process} died {how} while it waited for a lock: the result of its task never comes, and who waits for it "
        "waits for ever."
    ),
}


def _ending(exit_code: int | None) -> str:
    if exit_code is None:
        return _("for an unknown reason")
    if exit_code < 0:
        return _("by signal {n}").format(n=-exit_code)
    return _("with exit code {n}").format(n=exit_code)
