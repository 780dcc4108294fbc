"""The film against the frames: played step by step it shows what the window shows at every position."""

import numpy as np
from hypothesis import given, settings
from msgspec.structs import replace

from dictrace.engine.experiment import LockChoice
from dictrace.engine.export import film
from dictrace.engine.export.film import Film, Process, film_of
from dictrace.engine.frame import CellState, Frame, ProcessView
from dictrace.engine.framing import frame_at
from dictrace.engine.recording import Recording
from dictrace.engine.verdicts import breakdown, verdict, verdict_at
from tests.engine.histories import Simulation, simulations
from tests.engine.races import race


def play(shown: Film, recording: Recording) -> None:
    """Play the film to its end and compare each position with the frame."""
    states = np.zeros(len(shown.cell_labels), np.uint8)
    writers = np.full(len(shown.cell_labels), -1, np.int16)
    fields, processes, locks, score = {}, {}, {}, None
    for position, step in enumerate(shown.steps):
        frame = frame_at(recording, position)
        for place in range(0, len(step.cells), 3):
            cell, states[cell], writers[cell] = step.cells[place], step.cells[place + 1], step.cells[place + 2]
        fields |= {field.index: field for field in step.fields}
        processes |= {process.index: process for process in step.processes}
        for index, behind in zip(step.behinds[::2], step.behinds[1::2], strict=True):
            copy = processes[index].copy
            assert copy is not None
            processes[index] = replace(processes[index], copy=replace(copy, behind=behind))
        locks |= {lock.index: lock for lock in step.locks}
        score = step.score or score
        known = len(frame.cells.states)
        assert np.array_equal(states[:known], frame.cells.states)
        assert np.array_equal(writers[:known], frame.cells.writers)
        assert not states[known:].any()
        assert [(f.label, f.version, f.size, f.value) for f in fields.values()] == [
            (view.label, view.version, view.size, view.value) for view in frame.fields
        ]
        assert [(lock.label, lock.holder, lock.queue) for lock in locks.values()] == [
            (view.label, view.holder, view.queue) for view in frame.locks
        ]
        for process, view in zip(processes.values(), frame.processes, strict=True):
            compare(process, view, recording)
        assert score is not None
        assert (score.verdict, score.breakdown) == (verdict_at(frame), breakdown(frame.counts))
        assert (score.attempted, score.lost) == (frame.counts.attempted, frame.counts.lost)
        assert (step.ns, step.happened, len(step.losses)) == (frame.time_ns, frame.happened, len(frame.losses))
        assert [p.text for p in step.packets] == [packet.text for packet in frame.packets]
    assert shown.cell_fields == tuple(recording.history.cells.field_of[: len(shown.cell_labels)])


def compare(process: Process, view: ProcessView, recording: Recording) -> None:
    assert (process.state, process.task, process.line) == (view.state.value, view.task, view.line)
    assert (process.holds, process.holds_private) == (view.holds, view.holds_private)
    assert (process.tasks_done, process.lost) == (view.tasks_done, view.lost)
    copy = view.copy
    if copy is None:
        assert process.copy is None
        return
    assert process.copy is not None
    kept = process.copy
    assert (kept.field, kept.base, kept.behind, kept.value) == (copy.field, copy.base_version, copy.behind, copy.value)
    assert kept.own == len(copy.own)
    assert list(kept.own_labels) == [recording.history.cells.labels[cell] for cell in copy.own[: film.OWN_LABELS]]
    if copy.cells is not None:
        here = copy.cells.fields == copy.field
        assert kept.size == np.count_nonzero(copy.cells.states[here] == CellState.PRESENT.value)


def frames(recording: Recording) -> list[Frame]:
    return [frame_at(recording, position) for position in range(len(recording.events) + 1)]


def test_a_race_with_a_shared_lock() -> None:
    recording = race(tasks=20, lock=LockChoice.SHARED)
    assert any(frame.locks and frame.locks[0].queue for frame in frames(recording))
    play(film_of(recording), recording)


def test_a_race_for_a_counter() -> None:
    recording = race(tasks=20, counter=True)
    play(film_of(recording), recording)


@settings(max_examples=50, deadline=None)
@given(simulations)
def test_any_run(run: Simulation) -> None:
    recording = run.finish()
    play(film_of(recording), recording)


def test_a_film_cut_short_says_so_and_lists_only_what_it_shows() -> None:
    recording = race(tasks=40)
    cut = film_of(recording, max_events=50)
    play(cut, recording)
    assert len(cut.steps) == 51
    assert cut.certificates
    assert all(certificate.event <= 50 for certificate in cut.certificates)
    events, final = len(recording.events), recording.history.counts_at(len(recording.events))
    assert cut.notes == (
        f"This page shows the first 50 of {events} events; the verdict of the whole run is: {verdict(final)}.",
    )
    assert film_of(recording).notes == ()


def test_certificates_beyond_the_limit_are_counted(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    recording = race(tasks=40)
    lost = recording.history.counts_at(len(recording.events)).lost
    monkeypatch.setattr(film, "MAX_CERTIFICATES", 3)
    cut = film_of(recording)
    assert len(cut.certificates) == 3
    assert cut.notes == (f"{lost - 3} more lost updates are not listed.",)
