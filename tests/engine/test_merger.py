"""Entries of several servers in one order."""

from dictrace.engine.merger import Merger
from dictrace.engine.recorder.entries import NOBODY, Entry, Kind


def served(ns: int) -> Entry:
    return Kind.OP, ns, NOBODY, 1, "len", "read"


def times(passed: list[tuple[int, Entry]]) -> list[tuple[int, int]]:
    return [(source, entry[1]) for source, entry in passed if entry[0] == Kind.OP]


def test_one_server_is_never_held_back() -> None:
    merger = Merger()
    entries: list[Entry] = [(Kind.MANAGER, 1, "m", 0), served(5), served(7)]
    assert times(list(merger.pass_on(1, entries))) == [(1, 5), (1, 7)]


def test_two_servers_are_merged_by_time_and_wait_for_each_other() -> None:
    merger = Merger()
    list(merger.pass_on(1, [(Kind.MANAGER, 1, "m", 0)]))
    list(merger.pass_on(2, [(Kind.MANAGER, 2, "n", 0)]))
    assert times(list(merger.pass_on(1, [served(5), served(9), (Kind.NOW, 10)]))) == []
    assert times(list(merger.pass_on(2, [served(7), (Kind.NOW, 8)]))) == [(1, 5), (2, 7)]
    assert times(list(merger.pass_on(2, [(Kind.GONE, 9)]))) == [(1, 9)]
    assert times(list(merger.pass_on(1, [served(11)]))) == [(1, 11)]


def test_what_is_held_back_passes_at_the_end() -> None:
    merger = Merger()
    list(merger.pass_on(1, [(Kind.MANAGER, 1, "m", 0)]))
    list(merger.pass_on(2, [(Kind.MANAGER, 2, "n", 0), served(3)]))
    assert times(list(merger.finish())) == [(2, 3)]


def test_others_are_never_held_back() -> None:
    merger = Merger()
    list(merger.pass_on(1, [(Kind.MANAGER, 1, "m", 0)]))
    list(merger.pass_on(2, [(Kind.MANAGER, 2, "n", 0), served(3)]))
    assert list(merger.pass_on(3, [(Kind.GOODBYE, 9, 4)])) == [(3, (Kind.GOODBYE, 9, 4))]
