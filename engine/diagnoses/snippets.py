"""Cured lines, made of the program's own where they are known: text for people to read, never run."""

import ast
import re
from textwrap import indent

from dictrace.engine.diagnoses.diagnosis import Kind

_INDENT = " " * 4
_ASKING = re.compile(r"\w[\w.]*\.(acquire|release)\(.*\)\s*(#.*)?$")

ONE_LOCK = "lock = manager.Lock()"
_PATTERNS = {
    Kind.NO_MAIN_GUARD: 'if __name__ == "__main__":\n    main()',
    Kind.LOCK_SENT: ONE_LOCK,
    Kind.UNSEEN_EXCEPTION: "result = pool.apply_async(task, arguments)\nresult.get()",
    Kind.LEFT_EARLY: "pool.close()\npool.join()",
    Kind.MANAGER_GONE: "pool.close()\npool.join()",
    Kind.LOCK_NOT_RELEASED: "with lock:\n    ...",
}


def pattern(kind: Kind) -> str:
    """What the cure looks like in any program; empty where no line of code is the cure."""
    return _PATTERNS.get(kind, "")


def of_race(kind: Kind, lines: list[str], lock: str) -> str:
    """The lines from fetch to commit, all of them under one lock."""
    if kind is Kind.PRIVATE_LOCK:
        return ONE_LOCK
    if not lines:
        return ""
    return f"with {lock}:\n" + indent("\n".join(_without_locks(lines)), _INDENT)


def _without_locks(lines: list[str]) -> list[str]:
    """`lines` without what acquires or releases a lock among them."""
    kept: list[str] = []
    inner: int | None = None
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if inner is not None and line.strip() and depth <= inner:
            inner = None
        if inner is None and re.match(r"\s*with\b[^:]*lock[^:]*:\s*(#.*)?$", line, re.IGNORECASE):
            inner = depth
        elif not _ASKING.match(line.strip()):
            kept.append(line.replace(_INDENT, "", 1) if inner is not None else line)
    return kept


def of_unsent(line: str) -> str:
    """How what `line` changed in its copy is written back: ``d['test'][i] = i`` as fetch, change and commit."""
    try:
        (statement,) = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Subscript):
        target = statement.targets[0]
        if isinstance(target, ast.Name):
            return f"{ast.unparse(statement.value)} = {target.id}"
    changed = _changed(statement)
    if changed is None or not isinstance(changed.value, ast.Subscript):
        return ""
    fetched = ast.unparse(changed.value)
    changed.value = ast.Name("copy", ast.Load())
    return "\n".join(
        ["with lock:", *(_INDENT + part for part in (f"copy = {fetched}", ast.unparse(statement), f"{fetched} = copy"))]
    )


def _changed(statement: ast.stmt) -> ast.Subscript | ast.Attribute | None:
    """What a statement assigns to, deletes from or calls a method of."""
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    elif isinstance(statement, ast.AugAssign):
        target = statement.target
    elif isinstance(statement, ast.Delete):
        target = statement.targets[0]
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        target = statement.value.func
    return target if isinstance(target, ast.Subscript | ast.Attribute) else None
