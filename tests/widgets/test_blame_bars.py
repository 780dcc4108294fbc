"""The blame at any position is that of the certificates that stand there."""

from collections import Counter

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from dictrace.engine.framing import frame_at
from dictrace.widgets import blame_bars
from dictrace.widgets.blame_bars import HEAD, BlameBars, blames_at
from dictrace.widgets.selection import Selection
from tests.engine.races import race


def test_victims_and_culprits_are_those_of_the_certificates() -> None:
    recording = race(tasks=60)
    history = recording.history
    for event in range(0, len(recording.events) + 1, 7):
        standing = [history.certificate(loss) for loss in history.losses.standing(event)]
        victims = Counter(certificate.process for certificate in standing)
        culprits = Counter(certificate.culprit.process for certificate in standing if certificate.culprit)
        for blame in blames_at(recording, frame_at(recording, event)):
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


@pytest.mark.parametrize(
    ("width", "heads"),
    [
        (400, ["lost by (victim)", "overwritten by (culprit)"]),
        (260, ["lost by", "overwritten by"]),
        (180, ["lost", "wiped out"]),
    ],
)
def test_both_sides_are_named_equally_fully(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, width: int, heads: list[str]
) -> None:
    recording = race(tasks=60)
    bars = BlameBars()
    qtbot.addWidget(bars)
    bars.resize(width, 160)
    bars.set_recording(recording)
    bars.set_frame(frame_at(recording, len(recording.events)))
    found: list[str] = []
    draw = blame_bars.draw_text

    def watched(painter: QPainter, rect: QRectF, text: str, *args: object, **more: object) -> float:
        found.extend([text] if rect.bottom() <= HEAD else [])
        return draw(painter, rect, text, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(blame_bars, "draw_text", watched)
    bars.grab()
    assert found == heads
