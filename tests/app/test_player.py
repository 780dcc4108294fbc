"""The player under a clock that the test holds: one call of `watch` is one tick of the timer, however long."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from dictrace.app.player import FACTORS, RATIOS, Player, PlayMode
from dictrace.engine.clock import Clock

MS = 1_000_000


class Watched:
    """A player, the seconds it is told, and what it signalled."""

    def __init__(self) -> None:
        self.now_s = 50.0
        self.player = Player(lambda: self.now_s)
        self.signals: list[object] = []
        self.player.position_changed.connect(self.signals.append)
        self.player.playing_changed.connect(self.signals.append)
        self.player.speed_changed.connect(lambda speed: self.signals.append(("speed", speed)))

    @property
    def timer(self) -> QTimer:
        timer = self.player.findChild(QTimer)
        assert timer is not None
        return timer

    def watch(self, seconds: float) -> float:
        """Let time pass with one tick at its end (none where the timer is stopped)."""
        self.now_s += seconds
        if self.timer.isActive():
            self.timer.timeout.emit()
        return self.player.position


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.player.pause()


def even_clock(events: int, gap_ns: int = MS) -> Clock:
    return Clock(np.arange(1, events + 1, dtype=np.int64) * gap_ns)


def test_a_new_recording_starts_paused_before_its_first_event(watched: Watched) -> None:
    watched.player.show(even_clock(200))
    assert (watched.player.position, watched.player.playing, watched.timer.isActive()) == (0, False, False)
    assert watched.signals == [0.0, ("speed", 1.0)]


def test_two_hundred_events_take_thirty_seconds(watched: Watched) -> None:
    watched.player.show(even_clock(200))
    watched.player.play()
    assert watched.watch(15) == pytest.approx(100)
    assert watched.player.playing
    assert watched.watch(15.001) == 200
    assert not watched.player.playing
    assert not watched.timer.isActive()


def test_few_events_are_not_slower_than_one_a_second(watched: Watched) -> None:
    watched.player.show(even_clock(3))
    watched.player.play()
    assert watched.watch(2) == 2


def test_play_at_the_end_starts_again(watched: Watched) -> None:
    watched.player.show(even_clock(60))
    watched.player.seek_end()
    watched.player.play()
    assert watched.player.position == 0
    assert watched.watch(1) == 2


def test_nothing_to_play_stays_paused(watched: Watched) -> None:
    watched.player.show(even_clock(0))
    watched.player.play()
    assert not watched.player.playing
    assert not watched.timer.isActive()


def test_a_pause_does_not_count(watched: Watched) -> None:
    watched.player.show(even_clock(60))
    watched.player.toggle()
    assert watched.watch(1) == 2
    watched.player.toggle()
    assert not watched.timer.isActive()
    assert watched.watch(10) == 2
    watched.player.toggle()
    assert watched.watch(1) == 4
    assert [signal for signal in watched.signals if isinstance(signal, bool)] == [True, False, True]


@pytest.mark.parametrize("factor", FACTORS)
def test_speed_by_event_multiplies(watched: Watched, factor: float) -> None:
    watched.player.show(even_clock(60_000))
    watched.player.set_speed(factor)
    watched.player.play()
    assert watched.watch(0.1) == pytest.approx(200 * factor)


@pytest.mark.parametrize("ratio", RATIOS)
def test_speed_by_clock_is_a_ratio_of_true_time(watched: Watched, ratio: float) -> None:
    watched.player.show(even_clock(1000, gap_ns=4 * MS))
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.set_speed(ratio)
    watched.player.play()
    assert watched.watch(0.5) == pytest.approx(500 / 4 * ratio)


def test_by_clock_a_long_gap_takes_long_and_crowded_events_half_the_mean_gap(watched: Watched) -> None:
    watched.player.show(Clock(np.array([20, 20, 20, 100], np.int64) * MS))
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.set_speed(1.0)
    watched.player.play()
    positions = [watched.watch(0.0125) for _ in range(10)]
    assert positions == pytest.approx([0.625, 1.4, 2.4, *(3 + n / 80 for n in (5, 17.5, 30, 42.5, 55, 67.5)), 4])


@pytest.mark.parametrize("mode", PlayMode)
def test_the_whole_recording_takes_as_long_as_is_said(watched: Watched, mode: PlayMode) -> None:
    watched.player.set_mode(mode)
    watched.player.show(Clock(np.array([1, 1, 1, 101], np.int64) * MS))
    watched.player.play()
    assert watched.watch(watched.player.whole_s * 0.999) == pytest.approx(4, abs=0.01)
    assert watched.player.playing
    watched.watch(watched.player.whole_s * 0.002)
    assert not watched.player.playing


def test_usual_speed_by_clock_shows_the_run_in_about_thirty_seconds(watched: Watched) -> None:
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.show(even_clock(100))
    assert watched.player.speed == 1 / 400
    watched.player.set_speed(1 / 10)
    watched.player.extend(even_clock(100_000), [], live=False)
    assert watched.player.speed == 1 / 10
    watched.player.show(even_clock(100_000))
    assert watched.player.speed == 4.0


def test_each_mode_keeps_its_speed_and_says_so(watched: Watched) -> None:
    watched.player.show(even_clock(100))
    watched.player.set_speed(8.0)
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.set_speed(1 / 100)
    watched.player.set_mode(PlayMode.BY_EVENT)
    assert [signal for signal in watched.signals if isinstance(signal, tuple)] == [
        ("speed", 1.0),
        ("speed", 8.0),
        ("speed", 1 / 400),
        ("speed", 1 / 100),
        ("speed", 8.0),
    ]
    assert watched.player.mode is PlayMode.BY_EVENT


def test_an_unknown_speed_is_refused(watched: Watched) -> None:
    with pytest.raises(ValueError, match=r"speed 3\.0 is not one of"):
        watched.player.set_speed(3.0)


@pytest.mark.parametrize(
    ("start", "direction", "end"),
    [(0, 1, 1), (4, 1, 5), (4.3, 1, 5), (10, 1, 10), (0, -1, 0), (4, -1, 3), (4.3, -1, 4), (10, -1, 9)],
)
def test_steps_go_to_whole_events_and_pause(watched: Watched, start: float, direction: int, end: float) -> None:
    watched.player.show(even_clock(10))
    watched.player.play()
    watched.player.seek(start)
    watched.player.step(direction)
    assert (watched.player.position, watched.player.playing, watched.timer.isActive()) == (end, False, False)


def test_seeking_while_playing_plays_on_from_there(watched: Watched) -> None:
    watched.player.show(even_clock(60))
    watched.player.play()
    watched.now_s += 0.5
    watched.player.seek(30)
    assert watched.watch(1) == 32, "time before the seek does not count"
    watched.player.seek_start()
    assert watched.watch(1) == 2
    watched.player.seek(1000)
    assert watched.player.position == 60
    assert not watched.player.playing


def test_a_position_is_told_once(watched: Watched) -> None:
    watched.player.show(even_clock(10))
    watched.signals.clear()
    watched.player.seek(3)
    watched.player.seek(3)
    watched.player.seek_start()
    watched.player.seek(-1)
    assert watched.signals == [3.0, 0.0]


def test_losses_are_visited_in_order_and_pause(watched: Watched) -> None:
    watched.player.show(even_clock(10), losses=[2, 5, 5, 9])
    watched.player.play()
    visited = []
    for _ in range(4):
        watched.player.next_loss()
        visited.append(watched.player.position)
    assert not watched.player.playing
    for _ in range(4):
        watched.player.previous_loss()
        visited.append(watched.player.position)
    assert visited == [2, 5, 9, 9, 5, 2, 2, 2]
    watched.player.seek(5.5)
    watched.player.previous_loss()
    assert watched.player.position == 5


def test_a_live_recording_is_followed(watched: Watched) -> None:
    watched.player.show(even_clock(0), live=True)
    assert watched.player.follows_live
    for events in (3, 3, 40):
        watched.player.extend(even_clock(events), [], live=True)
        assert watched.player.position == events
        assert not watched.timer.isActive()
    watched.player.extend(even_clock(41), [], live=False)
    assert (watched.player.position, watched.player.playing) == (41, False)


def test_stepping_away_leaves_the_live_end_and_the_end_button_comes_back(watched: Watched) -> None:
    watched.player.show(even_clock(20), live=True)
    watched.player.step(-1)
    watched.player.extend(even_clock(30), [], live=True)
    assert watched.player.position == 19
    assert not watched.player.follows_live
    watched.player.seek_end()
    watched.player.extend(even_clock(35), [], live=True)
    assert watched.player.position == 35


def test_seeking_back_in_a_live_recording_plays_until_it_has_caught_up(watched: Watched) -> None:
    watched.player.show(even_clock(60), live=True)
    watched.player.seek(58)
    watched.player.extend(even_clock(60), [], live=True)
    assert watched.player.position == 58
    assert not watched.player.follows_live
    assert watched.watch(0.5) == 59
    assert watched.watch(5) == 60
    assert watched.player.follows_live
    assert not watched.timer.isActive()
    watched.player.extend(even_clock(61), [9], live=True)
    assert watched.player.position == 61


def test_playing_at_the_live_end_waits_there(watched: Watched) -> None:
    watched.player.show(even_clock(20), live=True)
    watched.player.pause()
    watched.player.play()
    assert watched.player.position == 20
    assert watched.player.follows_live


def test_the_usual_speed_by_clock_follows_a_growing_recording(watched: Watched) -> None:
    watched.player.set_mode(PlayMode.BY_CLOCK)
    watched.player.show(even_clock(1), live=True)
    watched.player.extend(even_clock(100), [], live=True)
    assert watched.signals[-2:] == [("speed", 1 / 400), 100.0]


def test_pausing_a_live_recording_holds_the_picture(watched: Watched) -> None:
    watched.player.show(even_clock(20), live=True)
    watched.player.toggle()
    watched.player.extend(even_clock(30), [], live=True)
    assert watched.player.position == 20
    watched.player.toggle()
    assert watched.watch(1) == 21


def test_the_real_timer_moves_it(qtbot: QtBot) -> None:
    player = Player()
    player.show(even_clock(6000))
    with qtbot.waitSignal(player.position_changed, timeout=5000):
        player.play()
    assert player.position > 0
    player.pause()


def test_the_beginning_is_played_from_stop_to_stop(watched: Watched) -> None:
    watched.player.show(even_clock(600))
    watched.player.stops = (0.9, 0.92, 1.0, 1.5)
    watched.player.play()
    assert watched.watch(0.4) == pytest.approx(0.45)
    assert watched.watch(0.6) == pytest.approx(0.905)
    assert watched.watch(2.2) == pytest.approx(1.5)
    assert watched.watch(1.0) == pytest.approx(21.5), "then the events again take equally long"


def test_the_beginning_of_very_many_processes_is_no_longer_than_bearable(watched: Watched) -> None:
    watched.player.show(even_clock(600))
    watched.player.stops = tuple((number + 1) / 100 for number in range(100))
    watched.player.play()
    assert watched.watch(8) == pytest.approx(1)


def test_single_steps_do_not_skip_the_stops(watched: Watched) -> None:
    watched.player.show(even_clock(10))
    watched.player.stops = (0.9, 1.0, 1.5)
    there = []
    for _ in range(5):
        watched.player.step(1)
        there.append(watched.player.position)
    assert there == [0.9, 1, 1.5, 2, 3]
    back = []
    for _ in range(5):
        watched.player.step(-1)
        back.append(watched.player.position)
    assert back == [2, 1.5, 1, 0.9, 0]
    watched.player.step(10)
    assert watched.player.position == 10


def test_jumps_lead_from_stop_to_stop_too(watched: Watched) -> None:
    watched.player.show(even_clock(600))
    watched.player.stops = (0.9, 0.92, 1.0, 1.5)
    watched.player.set_jumps(True)
    watched.player.play()
    assert [watched.watch(0.5) for _ in range(5)] == [0, 0.9, 0.9, 0.92, 1.0]


def test_stops_belong_to_one_recording(watched: Watched) -> None:
    watched.player.stops = (0.5,)
    watched.player.show(even_clock(10))
    watched.player.step(1)
    assert watched.player.position == 1
