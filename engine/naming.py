"""What a program calls a shared object: the target of the assignment that made it, read off its source line."""

import ast
import re
from collections import Counter
from functools import lru_cache

_TARGET = re.compile(r"\s*(\w+(?:\.\w+)*)\s*=[^=]")


@lru_cache(1000)
def targets(line: str, typeid: str) -> tuple[str, ...]:
    """What the line assigns objects of this type to, in order, as the program writes it; empty where that is unsure.

    A line that begins a statement of several lines is read as far as it goes.
    """
    try:
        body = ast.parse(line.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = _TARGET.match(line)
        return (found[1],) if found else ()
    made = [pair for statement in body for pair in _pairs(statement)]
    sure = [target for target, value in made if _makes(value, typeid)]
    only = [target for target, _value in made] if len(body) == len(made) == 1 else []
    return tuple(map(ast.unparse, sure or only))


class Names:
    """Names of objects made at the same line one after the other."""

    def __init__(self) -> None:
        self._made: Counter[tuple[str, int, str]] = Counter()

    def next(self, file: str, line: int, text: str, typeid: str) -> str | None:
        """The name of the object of this type that was made at this line, whose text is `text`, just now."""
        names = targets(text, typeid)
        place = file, line, typeid
        self._made[place] += 1
        return names[(self._made[place] - 1) % len(names)] if names else None


def _pairs(statement: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    """Each target of an assignment, with what is assigned to it."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return []
    target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    value = statement.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        return list(zip(target.elts, value.elts, strict=True))
    return [(target, value)] if isinstance(target, ast.Name | ast.Attribute | ast.Subscript) else []


def _makes(value: ast.expr, typeid: str) -> bool:
    """Whether it is a call like ``manager.dict()``."""
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == typeid
