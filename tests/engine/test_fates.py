"""Fates: what is lost at every event, against the log of losses."""

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
    for event in range(len(recording.events) + 1):
        standing, fates = history.standing(event), columns.at(event)
        assert set(np.flatnonzero(fates.lost).tolist()) == {history.losses.victims[loss] for loss in standing}
        assert fates.losses.tolist() == [history.losses.events[loss] for loss in standing]
        frame = frame_at(recording, event)
        assert len(fates.losses) == frame.counts.lost
        assert columns.loss_by(event) == (frame.losses[0] if frame.losses else None)
        for victim in set(history.losses.victims):
            own = [loss for loss in standing if history.losses.victims[loss] == victim]
            assert columns.loss_of(victim, event) == (own[0] if own else None)
