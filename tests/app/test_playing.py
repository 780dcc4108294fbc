"""Playing in the real window, by event and by clock: how long it takes, what it shows, and what is chosen by hand."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from dictrace.app.player import FACTORS, RATIOS, PlayMode
from dictrace.widgets.choice import Choice
from dictrace.widgets.transport import Transport, time_text
from tests.app.test_main_window import Watched, a_run


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    """A window with a run that is over, paused before its first event."""
    made = Watched(qtbot)
    made.run(a_run())
    made.window.player.pause()
    made.window.player.seek(0.0)
    yield made
    made.window.close()


class LayoutRequests(QObject):
    """Notes whether the widget that it watches is laid out anew."""

    def __init__(self) -> None:
        super().__init__()
        self._came = False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self._came |= event.type() == QEvent.Type.LayoutRequest
        return False

    def take(self, widget: QWidget) -> bool:
        """Whether that has come since the last time."""
        widget.installEventFilter(self)
        for _turn in range(5):  # from what is laid out anew first up to the widget
            QApplication.processEvents()
        came, self._came = self._came, False
        return came


def choose(watched: Watched, name: str, text: str) -> None:
    """As a person does by keyboard: to the list, and up or down to the entry."""
    (choice,) = [found for found in watched.view(Transport).findChildren(Choice) if found.accessibleName() == name]
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    there = choice.findText(text)
    assert there >= 0, [choice.itemText(index) for index in range(choice.count())]
    while (way := there - choice.currentIndex()) != 0:
        watched.qtbot.keyClick(choice, Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up)


def offered(watched: Watched) -> list[str]:
    (speed,) = [found for found in watched.view(Transport).findChildren(Choice) if found.accessibleName() == "Speed"]
    return [speed.itemText(index) for index in range(speed.count())]


def shown_time(watched: Watched) -> str:
    return next(label.text() for label in watched.view(Transport).findChildren(QLabel) if label.text().endswith("ms"))


def test_a_run_plays_in_half_a_minute_where_that_is_slow_enough(watched: Watched) -> None:
    player = watched.window.player
    assert player.whole_s == pytest.approx(30, rel=0.01)
    choose(watched, "What moves evenly", "by clock")
    assert player.mode is PlayMode.BY_CLOCK
    assert player.speed == min(RATIOS), "this run is so short that half a minute would take more"


def test_playing_lays_nothing_out_anew(watched: Watched) -> None:
    player, laid_out = watched.window.player, LayoutRequests()
    player.seek(3.5)
    watched.qtbot.waitUntil(lambda: not laid_out.take(watched.window.desk))
    player.seek(7.5)
    assert not laid_out.take(watched.window.desk)


def test_each_mode_offers_its_speeds(watched: Watched) -> None:
    assert (offered(watched)[0], offered(watched)[-1]) == ("1/8×", "64×")
    assert len(offered(watched)) == len(FACTORS)
    choose(watched, "What moves evenly", "by clock")
    assert (offered(watched)[0], offered(watched)[-1]) == ("1/10,000", "4×")
    choose(watched, "Speed", "1/4,000")
    assert watched.window.player.speed == 1 / 4000
    choose(watched, "What moves evenly", "by event")
    assert watched.window.player.speed == 1.0


def test_by_clock_the_true_time_is_shown(watched: Watched) -> None:
    window, player = watched.window, watched.window.player
    choose(watched, "What moves evenly", "by clock")
    player.play()
    watched.qtbot.waitUntil(lambda: player.position > 3)
    player.pause()
    assert window.session is not None
    assert shown_time(watched) == time_text(int(window.session.clock.time_at(player.position)))
