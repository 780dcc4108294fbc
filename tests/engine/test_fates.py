"""Fates: what is lost at every event, against the log of losses."""

from bisect import bisect_left

import numpy as np
from hypothesis import given, settings

from dictrace.engine.fates import FateColumns
from dictrace.engine.framing import frame_at
from tests.engine.histories import Simulation, simulations


@settings(deadline=None)
@given(simulations)
def test_at_every_event_it_loses_what_the_history_loses(run: Simulation) -> None:
    recording = run.finish()
    history = recording.history
    columns = FateColumns(history.losses, len(recording.events))
    numbers = np.arange(len(recording.events) + 1)
    for event in range(len(recording.events) + 1):
        standing, fates = history.standing(event), columns.at(event)
        assert set(np.flatnonzero(fates.lost(numbers)).tolist()) == {history.losses.victims[loss] for loss in standing}
        losses = [history.losses.events[loss] for loss in standing]
        assert fates.losses(1, len(recording.events)).tolist() == losses
        assert fates.losses(2, event - 1).tolist() == [loss for loss in losses if 2 <= loss < event]
        assert fates.losses_before(numbers).tolist() == [bisect_left(losses, number) for number in numbers]
        frame = frame_at(recording, event)
        assert len(losses) == frame.counts.lost
        assert columns.loss_by(event) == (frame.losses[0] if frame.losses else None)
        for victim in set(history.losses.victims):
            own = [loss for loss in standing if history.losses.victims[loss] == victim]
            assert columns.loss_of(victim, event) == (own[0] if own else None)
