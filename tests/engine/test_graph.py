"""The commit graph: fates, costs and lanes at any event, against the slow checker on random runs, and by example."""

import pytest
from hypothesis import given, settings

from dictrace.engine.graph import LANES, REACH, Branch, Fate, Graph, GraphRow, Graphs, short_change
from dictrace.engine.recording import Recording
from dictrace.engine.rows import Change
from tests.engine import checker
from tests.engine.histories import Simulation, simulation_of, simulations
from tests.engine.test_history import rows_upto


def graphs_of(recording: Recording) -> dict[tuple[int, str | None], Graph]:
    """Every graph by its key."""
    graphs = Graphs(recording)
    return {(slot.object, slot.key): graphs.graph(number) for number, slot in enumerate(graphs.slots)}


def everything(graphs: Graphs, events: int) -> list[object]:
    """All that the graphs say at every event."""
    said: list[object] = []
    for event in range(events + 1):
        for number in range(graphs.count_at(event)):
            graph = graphs.graph(number)
            count = graph.count_at(event)
            said.append((graphs.label(number), graph.root_at(event), graph.lost_at(event)))
            said.append((graph.rows(0, count, event), graph.branches(0, count, event)))
    return said


def revival() -> Simulation:
    """Version 3 overwrites 2, and 4 overwrites 3 and brings 2 back."""
    run = Simulation(workers=2)
    run.commit(0, None, {}, None)
    run.update(1, 1, 1, a="1")
    run.update(2, 2, 1, b="1")
    run.update(1, 3, 2, c="1")
    return run


class TestAgainstTheChecker:
    """Random runs, looked at anew by slow, obvious code."""

    @given(simulations)
    @settings(deadline=None)
    def test_fates_and_costs_at_the_end_and_half_way(self, run: Simulation) -> None:
        recording = run.recording
        graphs = graphs_of(recording)
        for event in (len(recording.events), len(recording.events) // 2):
            expected = checker.graphs(rows_upto(recording, run.rows, event))
            for key, commits in expected.items():
                pairs, _superseded = checker.overwritten(commits)
                victims = {victim.row.version: len(victim.updates) for victim, _culprit in pairs}
                alive = {commit.row.version for commit in commits[-1].line}
                rows = graphs[key].rows(0, len(commits), event)
                assert [row.version for row in rows] == [commit.row.version for commit in reversed(commits)]
                assert {row.version for row in rows if row.fate is Fate.SURVIVES} == alive
                assert {row.version for row in rows if row.fate is Fate.OVERWRITTEN} == {
                    v for v in victims if victims[v]
                }
                costs = {row.version: row.cost for row in rows}
                for version in costs:
                    mine = [len(v.updates) for v, culprit in pairs if culprit.row.version == version]
                    assert costs[version] == sum(mine)
                assert graphs[key].lost_at(event) == sum(costs.values())

    @given(simulations)
    @settings(deadline=None)
    def test_costs_of_all_keys_add_up_to_what_is_overwritten(self, run: Simulation) -> None:
        recording = run.recording
        graphs = graphs_of(recording)
        for event in range(len(recording.events) + 1):
            lost = sum(graph.lost_at(event) for graph in graphs.values())
            assert lost == recording.history.counts_at(event).overwritten


@given(simulations)
@settings(deadline=None)
def test_row_by_row_is_the_same_as_at_once(run: Simulation) -> None:
    growing = Recording(run.header)
    graphs = Graphs(growing)
    for row in run.rows:
        growing.append(row)
        graphs.advance()
        for number in range(len(graphs.slots)):
            graphs.graph(number)
    events = len(growing.events)
    assert everything(graphs, events) == everything(Graphs(run.recording), events)


def test_a_later_row_does_not_change_what_was() -> None:
    long, short = simulation_of(60, 7).recording, simulation_of(30, 7).recording
    events = len(short.events)
    assert 0 < events < len(long.events)
    before, after = Graphs(short), Graphs(long)
    assert everything(before, events) == everything(after, events)


@given(simulations)
@settings(deadline=None)
def test_branches_in_a_lane_never_cover_each_other(run: Simulation) -> None:
    recording = run.recording
    for graph in graphs_of(recording).values():
        taken: dict[tuple[int, int], int] = {}
        for branch in graph.branches(0, len(graph.slot.events), len(recording.events)):
            assert branch.lane >= 1
            for row in range(branch.parent + 1 if branch.parent >= 0 else branch.ordinal, branch.ordinal + 1):
                assert branch.lane == LANES or taken.setdefault((row, branch.lane), branch.ordinal) == branch.ordinal


def test_a_commit_dies_when_it_is_overwritten_and_may_come_back() -> None:
    recording = revival().recording
    graph = Graphs(recording).graph(0)
    assert graph.rows(0, 9, 3) == [
        GraphRow(2, 3, 3, 1, "P2", 2, "+b", 1, Fate.SURVIVES, 1, None, 0),
        GraphRow(1, 2, 2, 0, "P1", 1, "+a", 1, Fate.OVERWRITTEN, 0, 0, 1),
        GraphRow(0, 1, 1, -1, None, None, "empty", None, Fate.SURVIVES, 0, None, 0),
    ]
    assert graph.branches(0, 2, 3) == [Branch(1, 1, 0, 0, Fate.OVERWRITTEN)]
    assert [(row.version, row.fate, row.cost) for row in graph.rows(1, 3, 4)] == [
        (4, Fate.SURVIVES, 1),
        (3, Fate.OVERWRITTEN, 0),
        (2, Fate.SURVIVES, 0),
    ]
    assert [graph.fate(1, event) for event in (2, 3, 4)] == [Fate.SURVIVES, Fate.OVERWRITTEN, Fate.SURVIVES]
    assert [graph.lost_at(event) for event in range(5)] == [0, 0, 0, 1, 1]


def test_what_a_blind_write_replaces_is_superseded_and_the_chain_starts_anew() -> None:
    run = Simulation(workers=2)
    run.commit(1, 1, "1", None, "'n'")
    run.commit(2, 2, "2", None, "'n'")
    graph = Graphs(run.recording).graph(0)
    assert [(row.change, row.fate, row.cost) for row in graph.rows(0, 1, 2)] == [
        ("n=2", Fate.SURVIVES, 0),
        ("n=1", Fate.SUPERSEDED, 0),
    ]
    assert [graph.root_at(event) for event in range(3)] == [-1, 0, 1]


def test_a_branch_from_far_below_is_a_stub_and_a_near_one_is_seen_from_anywhere_between() -> None:
    run = Simulation(workers=2)
    run.commit(0, None, {}, None)
    for number in range(REACH + 4):
        run.update(1, number, 1, a=str(number))
    graph = Graphs(run.recording).graph(0)
    last = REACH + 4
    parents = {branch.ordinal: branch.parent for branch in graph.branches(0, last, last + 1)}
    assert parents == {ordinal: 0 if ordinal <= REACH else -1 for ordinal in range(1, last)}
    assert {branch.ordinal for branch in graph.branches(1, 2, last + 1)} == set(range(1, REACH + 1))


def test_keys_come_in_the_order_of_their_first_commits() -> None:
    run = Simulation(workers=2)
    run.fetch(1, 1, "'b'")
    run.unsent(1, 1, {"x": "1"}, 0, "'c'")
    run.commit(1, 2, "1", None, "'a'")
    run.commit(2, 3, "1", None, "'c'")
    recording = run.recording
    graphs = Graphs(recording)
    assert [graphs.label(number) for number in range(len(graphs.slots))] == ["d['a']", "d['c']"]
    assert [graphs.count_at(event) for event in range(5)] == [0, 0, 0, 1, 2]
    assert [graphs.number_of(event) for event in range(6)] == [-1, -1, 1, 0, 1, -1]
    assert [graphs.graph(1).ordinal_of(event) for event in range(5)] == [-1, -1, -1, -1, 0]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (Change(added={"37": "37"}), "+37"),
        (Change(value="12"), "n=12"),
        (Change(changed={"a": "2"}, removed=("b",)), "a=2 -b"),
        (Change(added={str(part): "" for part in range(1000)}), "+0 +1 +2 …"),
        (Change(), ""),
    ],
)
def test_a_change_in_a_few_characters(change: Change, text: str) -> None:
    assert short_change(change, "'n'") == text
