"""What a program calls a shared object."""

import pytest

from dictrace.engine.naming import Names, targets


@pytest.mark.parametrize(
    ("line", "typeid", "names"),
    [
        ("d = manager.dict()", "dict", ["d"]),
        ("    d = multiprocessing.Manager().dict(a=1)  # shared", "dict", ["d"]),
        ("d: DictProxy = manager.dict()", "dict", ["d"]),
        ("d = manager.dict(", "dict", ["d"]),
        ("self.stats = manager.dict(", "dict", ["self.stats"]),
        ("self.stats = self.manager.dict()", "dict", ["self.stats"]),
        ("d['rows'] = manager.dict()", "dict", ["d['rows']"]),
        ("d, lock = manager.dict(), manager.Lock()", "Lock", ["lock"]),
        ("one, two = manager.dict(), manager.dict()", "dict", ["one", "two"]),
        ("d = manager.dict(); d['log'] = manager.list(); n = 0", "list", ["d['log']"]),
        ("d = made(manager)", "dict", ["d"]),
        ("all = [manager.dict() for _ in range(3)]", "dict", ["all"]),
        ("a, b = made(manager)", "dict", []),
        ("a = 1; b = made(manager)", "dict", []),
        ("with manager.Lock():", "Lock", []),
        ("return manager.dict()", "dict", []),
        ("if d == manager.dict():", "dict", []),
        ("", "dict", []),
        ("(" * 5000, "dict", []),
    ],
)
def test_targets(line: str, typeid: str, names: list[str]) -> None:
    assert list(targets(line, typeid)) == names


def test_objects_made_at_one_line_take_turns() -> None:
    names = Names()
    line = "one, two = manager.dict(), manager.dict()"
    assert [names.next("a.py", 3, line, "dict") for _ in range(4)] == ["one", "two", "one", "two"]
    assert names.next("b.py", 3, line, "dict") == "one"
    assert names.next("a.py", 9, "f(manager.dict())", "dict") is None
