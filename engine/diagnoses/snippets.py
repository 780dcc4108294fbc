"""Cured lines, made of the program's own where they are known: text for people to read, never run."""

import ast
import re
from collections.abc import Collection, Iterator
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


def of_unsent(line: str, keys: Collection[str | None]) -> str:
    """How what `line` changed in copies of `keys` is written back: ``d['test'][i] = i`` as fetch, change and commit."""
    try:
        (statement,) = ast.parse(line).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        slot = _slot(statement.value, keys)
        return f"{slot} = {statement.targets[0].id}" if slot else ""
    changed = _changed(statement)
    fetches = [part for part in _chain(changed.value) if _slot(part, keys)] if changed is not None else []
    if len(fetches) != 1:
        return ""
    fetched, slot = ast.unparse(fetches[0]), _slot(fetches[0], keys)
    lines = f"copy = {fetched}", ast.unparse(_Replacement(fetches[0]).visit(statement)), f"{slot} = copy"
    return "\n".join(["with lock:", *(_INDENT + part for part in lines)])


class _Replacement(ast.NodeTransformer):
    """Puts the copy in the place of its fetch."""

    def __init__(self, fetch: ast.expr) -> None:
        self._fetch = fetch

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.Name("copy", ast.Load()) if node is self._fetch else self.generic_visit(node)


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


def _chain(part: ast.expr) -> Iterator[ast.expr]:
    """An expression, what it is a part of, what that is a part of, and so on."""
    yield part
    if isinstance(part, ast.Call):
        part = part.func
    if isinstance(part, ast.Subscript | ast.Attribute):
        yield from _chain(part.value)


def _slot(fetch: ast.expr, keys: Collection[str | None]) -> str:
    """How that is written to which an expression may be a fetch of one of `keys`; empty where it is none."""
    if isinstance(fetch, ast.Attribute):
        return ast.unparse(fetch) if f".{fetch.attr}" in keys else ""
    if isinstance(fetch, ast.Subscript):
        return ast.unparse(fetch) if _may_be(fetch.slice, keys) else ""
    match fetch:
        case ast.Call(func=ast.Attribute(value=owner, attr="get" | "setdefault"), args=[key, *_]) if _may_be(key, keys):
            return f"{ast.unparse(owner)}[{ast.unparse(key)}]"
    return ""


def _may_be(key: ast.expr, keys: Collection[str | None]) -> bool:
    """Whether an expression can have one of `keys` as its value."""
    return repr(key.value) in keys if isinstance(key, ast.Constant) else not isinstance(key, ast.Slice)
