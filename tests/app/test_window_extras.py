"""What a person does beside playing: loops, drops, recent files, going to an event, the cure, presenting."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QMimeData, QPoint, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QSpinBox, QToolButton

from dictrace.app.desk import Room, room_for
from dictrace.app.menus import words_of
from dictrace.app.session import Session
from dictrace.engine import files
from dictrace.engine.experiment import Experiment, LockChoice, preset
from dictrace.engine.verdicts import verdict
from dictrace.widgets import slices
from dictrace.widgets.comparison import Comparison
from dictrace.widgets.notice import Notice
from dictrace.widgets.panel import Panel
from dictrace.widgets.stage import Stage
from dictrace.widgets.transport import Transport
from dictrace.widgets.verdict_bar import VerdictBar
from dictrace.widgets.why_view import WhyView
from tests.app.watched import Watched, a_run
from tests.engine.histories import Simulation
from tests.engine.races import Race

PLAIN, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
POINT = QPoint(20, 20)


def shown(watched: Watched) -> Session:
    """A run that is over and paused."""
    watched.run(a_run())
    watched.window.player.pause()
    assert watched.window.session is not None
    return watched.window.session


def a_file(folder: Path, name: str) -> Path:
    """A recording of a run that is over."""
    run = a_run()
    session = Session.begun(run.header)
    session.extend(run.rows)
    session.end("")
    session.save(folder / name)
    return folder / name


def open_and_wait(watched: Watched, path: Path) -> None:
    before = watched.window.session
    watched.window.open_recording(path)
    wait_for_another(watched, before)


def wait_for_another(watched: Watched, before: Session | None) -> None:
    watched.qtbot.waitUntil(lambda: watched.window.session is not before)


def test_playing_goes_on_from_the_start_where_the_loop_is_on(watched: Watched) -> None:
    events, player = len(shown(watched).recording.events), watched.window.player
    (loop,) = [b for b in watched.view(Transport).findChildren(QToolButton) if b.accessibleName() == "Loop"]
    watched.qtbot.mouseClick(loop, LEFT)
    player.seek(events - 0.5)
    with watched.qtbot.waitSignal(player.position_changed, check_params_cb=lambda position: position == 0):
        player.play()
    assert player.playing
    watched.qtbot.mouseClick(loop, LEFT)
    player.seek(events - 0.5)
    with watched.qtbot.waitSignal(player.playing_changed, check_params_cb=lambda playing: not playing):
        player.play()
    assert player.position == events


@pytest.mark.parametrize("reduced", [False, True])
def test_reduced_motion_shows_no_moments_between_two_events(watched: Watched, reduced: bool) -> None:
    shown(watched)
    player = watched.window.player
    seen: list[float] = []
    if reduced:
        watched.action("Reduced motion: jump from event to event").trigger()
    player.seek(10)
    player.position_changed.connect(seen.append)
    player.play()
    watched.qtbot.waitUntil(lambda: player.position >= 12)
    player.pause()
    assert all(position == int(position) for position in seen) is reduced


def test_page_keys_go_over_all_losses_from_start_to_end_and_back(watched: Watched) -> None:
    session, player = shown(watched), watched.window.player
    stops = [0, *session.losses, len(session.recording.events)]
    assert len(stops) > 5
    player.seek_start()
    for key, wanted in ((Qt.Key.Key_PageDown, stops[1:]), (Qt.Key.Key_PageUp, stops[-2::-1])):
        seen = []
        for _stop in wanted:
            watched.press(key)
            seen.append(player.position)
        assert seen == wanted


def drop(watched: Watched, *paths: Path) -> tuple[bool, bool]:
    """Drag files over the stage and drop them: whether the drag and the drop were accepted."""
    mime, copy, stage = QMimeData(), Qt.DropAction.CopyAction, watched.view(Stage)
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    enter = QDragEnterEvent(POINT, copy, mime, LEFT, PLAIN)
    enter.ignore()
    QApplication.sendEvent(stage, enter)
    dropped = QDropEvent(POINT.toPointF(), copy, mime, LEFT, PLAIN)
    dropped.ignore()
    QApplication.sendEvent(stage, dropped)
    return enter.isAccepted(), dropped.isAccepted()


@pytest.mark.parametrize("name", ["run.dictrace", "run.dictrace.gz"])
def test_dropped_recording_is_opened(watched: Watched, tmp_path: Path, name: str) -> None:
    path = a_file(tmp_path, name)
    assert drop(watched, path) == (True, True)
    wait_for_another(watched, None)
    assert watched.window.recent == (str(path),)


@pytest.mark.parametrize("names", [["notes.txt"], ["one.dictrace", "two.dictrace"], []], ids=str)
def test_what_is_not_one_recording_is_refused(watched: Watched, tmp_path: Path, names: list[str]) -> None:
    session, headline = shown(watched), watched.headline
    for name in names:
        a_file(tmp_path, name)
    asked = list(watched.runner.asked)
    assert drop(watched, *(tmp_path / name for name in names)) == (False, False)
    assert watched.runner.asked == asked, "nothing was closed for it"
    assert (watched.window.session, watched.headline, watched.window.recent) == (session, headline, ())


def recent_entries(watched: Watched) -> list[QAction]:
    """The entries of the menu, as they are when it is shown."""
    (menu,) = [m for m in watched.window.findChildren(QMenu) if words_of(m.menuAction()) == "Open recent"]
    menu.aboutToShow.emit()
    return menu.actions()


def test_escape_stops_the_reading_and_leaves_what_was_shown(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown(watched)
    path = a_file(tmp_path, "long.dictrace")
    sentence = watched.sentence
    monkeypatch.setattr(files, "SLICE_BYTES", 100)
    monkeypatch.setattr(slices, "SLICE_S", 1e-4)
    watched.window.open_recording(path)
    while watched.sentence == sentence:  # not by `waitUntil`, which looks seldom
        assert watched.window.session is before
        QApplication.processEvents()
    assert watched.sentence.endswith("Esc stops.")
    watched.qtbot.keyClick(watched.window, Qt.Key.Key_Escape)
    assert watched.sentence == sentence
    monkeypatch.undo()
    open_and_wait(watched, a_file(tmp_path, "other.dictrace"))
    assert watched.window.session is not before
    assert watched.window.recent == (str(tmp_path / "other.dictrace"),)


def test_recent_files_are_listed_once_and_newest_first(watched: Watched, tmp_path: Path) -> None:
    (hint,) = recent_entries(watched)
    assert not hint.isEnabled()
    one, two = (a_file(tmp_path, name) for name in ("one.dictrace", "two & three.dictrace"))
    for path in (one, two, one):
        open_and_wait(watched, path)
    entries = recent_entries(watched)
    assert [entry.toolTip() for entry in entries] == [str(one), str(two)]
    assert [entry.text() for entry in entries] == ["one.dictrace", "two && three.dictrace"]
    before = watched.window.session
    entries[1].trigger()
    wait_for_another(watched, before)
    assert [entry.toolTip() for entry in recent_entries(watched)] == [str(two), str(one)]


def test_typing_the_number_of_an_event_goes_there(watched: Watched) -> None:
    events = len(shown(watched).recording.events)
    (box,) = watched.view(Transport).findChildren(QSpinBox)
    assert box.maximum() == events
    box.setFocus()
    box.selectAll()
    watched.qtbot.keyClicks(box, "17")
    assert watched.window.player.position != 17, "only when it is all typed"
    watched.qtbot.keyClick(box, Qt.Key.Key_Return)
    assert watched.window.player.position == 17


def run_of(experiment: Experiment) -> Simulation:
    """A race as this experiment would make it, ended."""
    made = Race(experiment.processes, experiment.tasks, seed=1, lock=experiment.lock, counter=False)
    made.play()
    made.run.finish()
    assert experiment.preset is not None
    parameters = msgspec.to_builtins(experiment)
    made.run.header = msgspec.structs.replace(made.run.header, what=experiment.preset, parameters=parameters)
    return made.run


def feed(watched: Watched, run: Simulation) -> Session:
    """What the runner hands on of a whole run that was asked of it."""
    watched.runner.rows.emit([run.header, *run.rows])
    watched.runner.finished.emit("")
    assert watched.window.session is not None
    return watched.window.session


def test_cure_is_run_and_compared_with_what_it_cures(watched: Watched) -> None:
    window, why = watched.window, watched.view(WhyView)
    comparison = watched.view(Comparison)
    window.run()
    broken = preset("fetch-mutate-commit", tasks=40)
    before = feed(watched, run_of(broken)).counts
    window.player.seek_end()
    assert before.lost > 0
    assert comparison.isHidden()
    (button,) = [b for b in why.findChildren(QPushButton) if b.text() == "Run it with the cure"]
    watched.qtbot.mouseClick(button, LEFT)
    cured = msgspec.structs.replace(broken, lock=LockChoice.SHARED)
    assert watched.runner.asked[-1] == cured
    assert window.desk.experiment.experiment() == cured
    assert comparison.accessibleName() == f"Before: {verdict(before)}."
    after = feed(watched, run_of(cured)).counts
    assert (after.attempted, after.lost) == (40, 0)
    assert comparison.accessibleName() == f"Before: {verdict(before)}. With the cure: {verdict(after)}."
    window.run()
    assert comparison.isHidden(), "another run is no cure of this one"


def visible_panels(watched: Watched) -> list[str]:
    return [name for name, panel in watched.window.desk.panels.items() if panel.isVisible()]


def places(watched: Watched) -> dict[str, tuple[bool, object]]:
    """Where every panel and the window's own views are, and whether they are hidden."""
    panels = watched.window.findChildren(Panel)
    views = [watched.view(VerdictBar), watched.view(Stage), watched.view(Transport)]
    return {str(view): (view.isVisible(), view.geometry()) for view in (*panels, *views)}


def test_presentation_shows_verdict_stage_and_the_chosen_panel_and_returns(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dictrace.app.appearance.presenting_zoom", lambda height_px: 1.5)
    shown(watched)
    window = watched.window
    window.desk.panels["runs"].close()
    window.appearance.set_zoom(1.25)
    QApplication.processEvents()
    before, panels = places(watched), visible_panels(watched)
    assert "runs" not in panels
    assert len(panels) > 3
    watched.press(Qt.Key.Key_F9)
    assert "F9" in watched.view(Notice).text()
    for entry, name in (("History", "history"), ("Timeline", "timeline")):
        (choose,) = [
            action
            for menu in window.findChildren(QMenu)
            if words_of(menu.menuAction()) == "Present with"
            for action in menu.actions()
            if action.text() == entry
        ]
        choose.trigger()
        assert visible_panels(watched) == [name]
        assert watched.view(VerdictBar).isVisible()
        assert watched.view(Stage).isVisible()
        assert not window.menuBar().isVisible()
        assert window.appearance.theme.zoom == 1.5
    watched.press(Qt.Key.Key_F9)
    assert not window.isFullScreen()
    assert not watched.view(Notice).isVisible()
    assert window.menuBar().isVisible()
    assert window.appearance.theme.zoom == 1.25
    assert visible_panels(watched) == panels
    watched.qtbot.waitUntil(lambda: places(watched) == before)


def test_a_notice_stays_in_the_middle_of_a_window_that_grows(watched: Watched) -> None:
    window, notice = watched.window, watched.view(Notice)
    notice.show_text("Done.", window.appearance.theme)
    timer = notice.findChild(QTimer)
    assert timer is not None
    timer.stop()  # however long this takes
    window.resize(window.size() + QSize(200, 100))
    watched.qtbot.waitUntil(lambda: abs(notice.geometry().center().x() - window.rect().center().x()) <= 1)
    assert notice.geometry().bottom() < window.height()


def test_panels_are_as_wide_as_before_a_presentation_on_a_larger_screen(watched: Watched) -> None:
    window = watched.window
    QApplication.processEvents()
    size, before = window.size(), places(watched)
    window.desk.present("history")
    window.resize(size * 1.2)
    QApplication.processEvents()
    window.desk.present(None)
    QApplication.processEvents()
    window.resize(size)  # a window manager takes its time to do so
    watched.qtbot.waitUntil(lambda: places(watched) == before)


def test_zooming_out_again_lays_the_transport_out_once(watched: Watched) -> None:
    """Qt warns where something is laid out twice, and a warning of Qt fails a test."""
    for zoom in (1.25, 1.5, 1.25):
        watched.window.appearance.set_zoom(zoom)
        QApplication.processEvents()
    assert watched.window.appearance.theme.zoom == 1.25


@pytest.mark.parametrize(
    ("size", "room"),
    [((1600, 820), Room.WIDE), ((1280, 640), Room.TIGHT), ((1066, 550), Room.NARROW), ((850, 420), Room.SMALL)],
)
def test_the_stage_keeps_room_at_every_size(watched: Watched, size: tuple[int, int], room: Room) -> None:
    desk = watched.window.desk
    watched.window.resize(size[0], size[1] + watched.window.height() - desk.height())
    watched.qtbot.waitUntil(lambda: desk.size() == QSize(*size))
    assert room_for(*size) is room
    assert desk.stage.width() > 0.45 * desk.width()
    beside = desk.tabifiedDockWidgets(desk.panels["experiment"])
    assert (desk.panels["history"] in beside) is (room in (Room.NARROW, Room.SMALL))
    assert (desk.panels["timeline"] in beside) is (room is Room.SMALL)
