"""The blame at any position is that of the certificates that stand there."""

from collections import Counter

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from dictrace.engine.framing import frame_at
from dictrace.widgets.blame_bars import BlameBars, BlameLog
from dictrace.widgets.selection import Selection
from tests.engine.races import race


def test_victims_and_culprits_are_those_of_the_certificates() -> None:
    recording = race(tasks=60)
    history, log = recording.history, BlameLog(recording)
    for event in range(0, len(recording.events) + 1, 7):
        standing = [history.certificate(loss) for loss in history.losses.standing(event)]
        victims = Counter(certificate.process for certificate in standing)
        culprits = Counter(certificate.culprit.process for certificate in standing if certificate.culprit)
        for blame in log.at(frame_at(recording, event)):
            assert (blame.lost, blame.overwrote) == (victims[blame.label], culprits[blame.label])


def test_arrows_select_a_process(qtbot: QtBot) -> None:
    recording = race(tasks=60)
    bars = BlameBars()
    qtbot.addWidget(bars)
    bars.resize(240, 160)
    bars.set_recording(recording)
    bars.set_frame(frame_at(recording, len(recording.events)))
    with qtbot.waitSignal(bars.selected) as caught:
        qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert caught.args == [Selection(process=0)]
