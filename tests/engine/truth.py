"""A real run held against everything that can be known of it: two checkers, what it printed, and itself run again."""

import ast
from collections import Counter

from dictrace.engine.certificate import Certificate
from dictrace.engine.experiment import Experiment, Target
from dictrace.engine.frame import Counts
from dictrace.engine.launch import Run, order_like
from dictrace.engine.order import Order, order_of
from dictrace.engine.recording import Recording
from dictrace.engine.rows import AnyRow, Outcome
from tests.engine import checker
from tests.engine.faulty import assert_true
from tests.engine.runs import certificates, evidence, recording_of, rows_of


def check(experiment: Experiment) -> Counts:
    """Run it, and run it again in the recorded order; fail where anything disagrees."""
    first = _run(order_of(experiment), experiment)
    again = _run(order_like(first), experiment)
    assert not again.gates, f"the recorded order was not kept: {again.gates[0].reason}"
    assert _contents(again) == _contents(first), "run again, the final dict differs"
    assert evidence(again) == evidence(first), "run again, the certificates differ"
    return first.history.counts_at(len(first.events))


def _run(order: Order, experiment: Experiment) -> Recording:
    with Run(order) as run:
        rows = list(rows_of(run))
    recording = recording_of(rows)
    end = recording.end
    assert end is not None, "the run broke off"
    assert end.outcome is Outcome.FINISHED, end.text
    assert recording.complete
    assert end.dropped == 0
    assert_true(recording)
    _assert_agreed(recording, rows)
    _assert_survivors(recording, experiment)
    return recording


def _assert_agreed(recording: Recording, rows: list[AnyRow]) -> None:
    """The history and the slow checker say the same; so do they and what the objects held at the end."""
    history, last = recording.history, len(recording.events)
    counts = history.counts_at(last)
    assert {name: getattr(counts, name) for name in Counts.__slots__} == checker.counts(rows)
    assert Counter(map(_as_loss, certificates(recording))) == Counter(checker.losses(rows))
    for final in recording.finals:
        assert history.parts_at(final.object, final.key, last) == final.parts
        assert history.value_at(final.object, final.key, last) == final.value


def _as_loss(certificate: Certificate) -> checker.Loss:
    """A certificate, as the checker tells a loss."""
    culprit = certificate.culprit.version if certificate.culprit else None
    return certificate.kind.value, certificate.key, certificate.task, certificate.version, culprit


def _assert_survivors(recording: Recording, experiment: Experiment) -> None:
    """Each task made one update, and those that are not certified as lost are what is in the dict."""
    counts = recording.history.counts_at(len(recording.events))
    assert counts.attempted == experiment.tasks
    lost = {certificate.task for certificate in certificates(recording)}
    survivors = set(range(experiment.tasks)) - lost
    assert len(survivors) == counts.survived
    if experiment.target is Target.COUNTER:
        assert _contents(recording) == {"n": str(counts.survived)}
    else:
        assert {int(key) for key in _contents(recording)} == survivors


def _contents(recording: Recording) -> dict[str, str]:
    """The keys and values of the innermost dict at the end, as its object tells and, where shown, as printed."""
    finals = [final for final in recording.finals if final.value is None or "Proxy" not in final.value]
    told: dict[str, str] = {}
    for final in finals:
        told.update({ast.literal_eval(final.key): final.value} if final.value is not None else final.parts or {})
    printed = "".join(output.text for output in recording.outputs)
    if "Proxy" not in printed:
        shown = ast.literal_eval(printed)
        shown = shown.get("test", shown)
        assert {str(key): str(value) for key, value in shown.items()} == {str(key): told[key] for key in told}
    return {str(key): value for key, value in told.items()}
