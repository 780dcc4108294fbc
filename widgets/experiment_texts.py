"""What the experiment panel says: titles and lessons of the presets, the choices, and why one can't be made."""

from dictrace.engine.exhibits import sources_of
from dictrace.engine.experiment import Experiment, LockChoice, Target
from dictrace.engine.words import _


def preset_title(name: str) -> str:
    """Short title of a preset."""
    return {
        "own-key": _("Own key"),
        "nested-in-place": _("Nested, in place"),
        "fetch-mutate-commit": _("Fetch, mutate, commit"),
        "shared-lock": _("Shared lock"),
        "private-lock": _("Private lock"),
        "counter": _("Counter"),
        "nested-proxy": _("Nested proxy"),
        "lock-ignored": _("One ignores the lock"),
    }[name]


def lesson(name: str | None) -> str:
    """What a preset teaches, in one or two short sentences."""
    if name is None:
        return _("Your own combination of the settings below.")
    return {
        "own-key": _("Each task writes a key of its own: one request to the server, nothing to lose."),
        "nested-in-place": _("d['test'] hands out a copy. The change is made to the copy and never sent."),
        "fetch-mutate-commit": _("Two processes can fetch the same version; the later commit overwrites the other."),
        "shared-lock": _("One lock for all, held from fetch to commit: one process at a time."),
        "private-lock": _("Each process locks a lock of its own. That keeps nobody out."),
        "counter": _("d['n'] += 1 is a fetch and a commit, and others get in between."),
        "nested-proxy": _("The inner dict is a manager.dict() itself: each write is one request."),
        "lock-ignored": _("A lock is an agreement. One process that does not ask breaks it."),
    }[name]


def lock_title(lock: LockChoice) -> str:
    """Who shares the lock."""
    return {
        LockChoice.NONE: _("none"),
        LockChoice.SHARED: _("one shared manager.Lock()"),
        LockChoice.PRIVATE: _("one private lock per process"),
        LockChoice.IGNORED: _("shared, but one ignores it"),
    }[lock]


def target_title(target: Target) -> str:
    """What the tasks change."""
    return {
        Target.KEYS: _("keys of a dict"),
        Target.COUNTER: _("one counter"),
        Target.PROXY: _("a nested proxy"),
    }[target]


def code_of(experiment: Experiment) -> str:
    """The body of the function that the tasks run, as written."""
    lines = sources_of(experiment)[0].text.splitlines()[1:]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def nested_obstacle(experiment: Experiment) -> str:
    """Why Nested writes can't be switched, or empty."""
    if experiment.target is Target.COUNTER:
        return _("A counter is a single number: there is nothing nested in it.")
    if experiment.target is Target.PROXY:
        return _("A nested proxy is always written to inside d['test'].")
    return ""


def write_back_obstacle(experiment: Experiment) -> str:
    """Why Write back can't be switched, or empty."""
    if experiment.target is Target.COUNTER:
        return _("d['n'] += 1 always writes the new number back.")
    if experiment.target is Target.PROXY:
        return _("A nested proxy hands out no copy, so there is nothing to write back.")
    if not experiment.nested:
        return _("d[i] = i writes straight to the server: there is no copy to write back.")
    return ""


def lock_obstacle(lock: LockChoice, experiment: Experiment) -> str:
    """Why this lock can't be chosen, or empty."""
    if lock is LockChoice.IGNORED and experiment.processes < 2:
        return _("It takes at least two processes for one to ignore the lock.")
    return ""
