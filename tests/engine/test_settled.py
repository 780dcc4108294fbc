"""What is said to be settled looks at an event as it does at the end."""

import numpy as np
from hypothesis import given

from dictrace.engine.lanes import Lanes
from tests.engine.histories import Simulation, simulations


@given(simulations)
def test_before_the_settled_time_nothing_differs_from_the_end(run: Simulation) -> None:
    data = Lanes(run.finish()).data()
    events = len(data.event_ns)
    end = data.fates.at(events)
    for event in range(events + 1):
        until_ns, fates = data.settled.until_ns(event), data.fates.at(event)
        for lane in data.lanes:
            early = lane.sent.starts_ns < until_ns
            assert (lane.sent.lasts[early] <= event).all()
            for spans in (lane.sent, lane.unsent):
                lasts = spans.lasts[spans.starts_ns < until_ns]
                assert np.array_equal(fates.lost(lasts), end.lost(lasts))


def test_at_the_end_everything_is_settled() -> None:
    run = Simulation(2)
    run.commit(0, None, {}, None)
    run.update(1, 0, run.fetch(1, 0), a="1")
    data = Lanes(run.recording).data()
    assert data.settled.until_ns(len(data.event_ns)) > data.event_ns[-1]
    assert data.settled.until_ns(2) == data.lanes[0].sent.starts_ns[0]
