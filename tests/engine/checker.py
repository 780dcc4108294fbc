"""A second opinion on a run: slow, obvious, from the rows alone, sharing no code with the history.

Every version's full value is rebuilt, every version's set of ancestors too, and each question is answered by looking
at all of them anew.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from dictrace.engine.rows import (
    AnyRow,
    Change,
    DiedRow,
    OpKind,
    OpRow,
    ProcessRow,
    RaisedRow,
    Role,
    TaskRow,
    TaskStep,
    UnsentRow,
    WaitRow,
)

SERVED = OpRow | WaitRow | RaisedRow | UnsentRow
Loss = tuple[str, str | None, int, int | None, int | None]
SlotName = tuple[int, str | None]


@dataclass
class Commit:
    """One version of a key: its row, its full value (None: removed), and itself with all its ancestors."""

    row: OpRow
    value: dict[str, str] | str | None
    line: list["Commit"]

    @property
    def updates(self) -> list[str | None]:
        """The updates that it makes, None standing for the key itself."""
        if self.row.task is None:
            return []
        if self.row.base is None or isinstance(self.value, str):
            return [None]
        before = self.line[1].value if len(self.line) > 1 else {}
        old = before if isinstance(before, dict) else {}
        if self.value is None:
            return [*old] or [None]
        return [part for part in {**old, **self.value} if old.get(part) != self.value.get(part)]


def changed(value: dict[str, str] | str | None, change: Change) -> dict[str, str] | str | None:
    """The value that `change` makes of `value`."""
    if change.gone:
        return None
    if change.value is not None:
        return change.value
    parts = dict(value) if isinstance(value, dict) else {}
    return {part: text for part, text in (parts | change.added | change.changed).items() if part not in change.removed}


def graphs(rows: list[AnyRow]) -> dict[SlotName, list[Commit]]:
    """All versions of every key."""
    found: dict[SlotName, list[Commit]] = {}
    for row in rows:
        if isinstance(row, OpRow) and row.kind is OpKind.COMMIT:
            commits = found.setdefault((row.object, row.key), [])
            older = [c for c in commits if row.base is not None and c.row.version <= row.base]
            value = changed(commits[-1].value if commits else None, row.change)
            commit = Commit(row, value, [])
            commit.line = [commit, *(older[-1].line if older else [])]
            commits.append(commit)
    return found


def overwritten(commits: list[Commit]) -> tuple[list[tuple[Commit, Commit]], set[int]]:
    """Victims with their culprits, and the versions that a blind write superseded."""
    pairs, superseded = [], set()
    for commit in commits:
        if commit in commits[-1].line:
            continue
        leaving = [c for before, c in pairwise(commits) if commit in before.line and commit not in c.line]
        if leaving[-1].row.base is None:
            superseded.add(commit.row.version)
        else:
            pairs.append((commit, leaving[-1]))
    return pairs, superseded


def failed_tasks(rows: list[AnyRow]) -> tuple[set[int], set[int]]:
    """Tasks that raised, and tasks that failed in any way."""
    raised, failed = set(), set()
    others = {row.pid for row in rows if isinstance(row, ProcessRow) and row.role is not Role.WORKER}
    for place, row in enumerate(rows):
        before = rows[:place]
        ended = {r.task for r in before if isinstance(r, TaskRow) and r.step is TaskStep.END}
        if isinstance(row, RaisedRow):
            raised.add(row.task)
            failed.add(row.task)
        elif isinstance(row, TaskRow) and row.step is TaskStep.UNRETURNED:
            failed |= {row.task} - ended
        elif isinstance(row, DiedRow) and row.pid not in others:
            steps = [r for r in before if isinstance(r, TaskRow) and r.pid == row.pid]
            served = [r.task for r in before if isinstance(r, SERVED) and r.pid == row.pid]
            began = [steps[-1].task] if steps and steps[-1].step is TaskStep.BEGIN else []
            last = [task for task in served if task is not None][-1:]
            failed |= set(began or last) - ended
    return raised, failed


def losses(rows: list[AnyRow]) -> list[Loss]:
    """Every lost update: kind, path of the key, task, version, culprit's version."""
    found: list[Loss] = []
    for (_object, key), commits in graphs(rows).items():
        for victim, culprit in overwritten(commits)[0]:
            for part in victim.updates:
                found.append(("overwritten", path(key, part), victim.row.task, victim.row.version, culprit.row.version))
    committed = {row.task for row in rows if isinstance(row, OpRow) and row.kind is OpKind.COMMIT}
    raised, failed = failed_tasks(rows)
    unsent = set()
    for row in rows:
        if isinstance(row, UnsentRow) and row.task not in raised:
            parts = [None] if row.own.value is not None else [*row.own.added, *row.own.changed, *row.own.removed]
            found += [("never_sent", path(row.key, part), row.task, None, None) for part in parts]
            unsent |= {row.task} if parts else set()
    found += [("never_ran", None, task, None, None) for task in failed - committed - unsent]
    return found


def path(key: str | None, part: str | None) -> str:
    """``d['test'][46]``."""
    return f"d[{key}]" + (f"[{part}]" if part is not None else "")


def counts(rows: list[AnyRow]) -> dict[str, int]:
    """The counts by name."""
    survived = sum(len(c.updates) for commits in graphs(rows).values() for c in commits[-1].line)
    kinds = Counter(loss[0] for loss in losses(rows))
    by_tasks = [r for r in rows if isinstance(r, OpRow) and r.kind is OpKind.COMMIT and r.task is not None]
    return {
        "attempted": survived + kinds.total(),
        "survived": survived,
        "overwritten": kinds["overwritten"],
        "never_sent": kinds["never_sent"],
        "never_ran": kinds["never_ran"],
        "blind_writes": sum(row.base is None for row in by_tasks),
    }


def contents(rows: list[AnyRow]) -> dict[SlotName, dict[str, str] | str | None]:
    """What every key holds; None where it was removed."""
    return {slot: commits[-1].value for slot, commits in graphs(rows).items()}


def present_and_lost(rows: list[AnyRow]) -> tuple[set[str], set[str]]:
    """Paths of the cells that are there; and of those that are absent and were lost.

    A cell is a part, or a key without parts. A key with parts, or none at all, that was written blindly and lost, is no
    cell.
    """
    there, no_cells = set(), set()
    for (_object, key), commits in graphs(rows).items():
        value = commits[-1].value
        there |= {path(key, None)} if isinstance(value, str) else {path(key, part) for part in value or {}}
        blind = [c for c in commits if isinstance(c.value, dict) or (c.value is None and c.row.base is None)]
        no_cells |= {("overwritten", path(key, None), c.row.version) for c in blind}
    lost = {where for kind, where, _task, version, _by in losses(rows) if (kind, where, version) not in no_cells}
    return there, lost - there - {None}


def writers(rows: list[AnyRow]) -> dict[str, int]:
    """Path of each part that is there -> process that wrote it, the newest on the line to have changed it."""
    found = {}
    for (_object, key), commits in graphs(rows).items():
        for commit in reversed(commits[-1].line):
            before = commit.line[1].value if len(commit.line) > 1 and commit.row.base is not None else {}
            old = before if isinstance(before, dict) else {}
            if isinstance(commit.value, str):
                found[path(key, None)] = commit.row.pid
            else:
                parts = commit.value or {}
                found |= {path(key, p): commit.row.pid for p, text in parts.items() if old.get(p) != text}
    return {where: pid for where, pid in found.items() if where in present_and_lost(rows)[0]}
