"""The window without a mouse, and without being seen: every control has a name, is reached by Tab, shows the focus."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QRadioButton, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from dictrace.widgets.focus_room import is_behind
from dictrace.widgets.panel import Panel
from dictrace.widgets.transport import Transport
from tests.app.test_main_window import Watched, a_run


@pytest.fixture
def watched(qtbot: QtBot) -> Iterator[Watched]:
    """A window with a run that is over and paused at a loss."""
    made = Watched(qtbot)
    made.run(a_run())
    made.window.player.pause()
    assert made.window.session is not None
    made.window.player.seek(made.window.session.losses[1])
    made.window.resize(1600, 900)
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    yield made
    made.window.close()


def controls(watched: Watched) -> list[QWidget]:
    """What takes the focus by Tab in panels that are seen: no parts of others, no radio buttons, reached by arrows."""
    return [
        widget
        for widget in watched.window.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and not is_behind(widget)
        and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and not (isinstance(widget, QRadioButton) and not widget.isChecked())
    ]


def in_each_panel(watched: Watched) -> Iterator[str]:
    """Bring each panel to the front."""
    for name, panel in watched.window.desk.panels.items():
        assert isinstance(panel, Panel)
        panel.show()
        panel.raise_()
        QApplication.processEvents()
        yield name


def tabbed_through(watched: Watched) -> list[QWidget]:
    """Where Tab goes, round the window once."""
    reached: list[QWidget] = []
    watched.window.desk.stage.setFocus()
    while (widget := QApplication.focusWidget()) is not None and widget not in reached:
        reached.append(widget)
        watched.qtbot.keyClick(widget, Qt.Key.Key_Tab)
    return reached


def spoken(widget: QWidget) -> str:
    """What a screen reader calls it. Of a list of choices it says the chosen one, and what is chosen as description."""
    kind = QAccessible.Text.Description if isinstance(widget, QComboBox) else QAccessible.Text.Name
    return QAccessible.queryAccessibleInterface(widget).text(kind)


def test_every_control_has_a_name_and_is_reached_by_tab(watched: Watched) -> None:
    for name in in_each_panel(watched):
        wanted = controls(watched)
        assert len(wanted) > 20
        assert [widget for widget in wanted if not spoken(widget)] == [], name
        reached = tabbed_through(watched)
        assert [spoken(widget) for widget in wanted if widget not in reached] == [], name
        assert [spoken(widget) for widget in reached if is_behind(widget)] == [], name


def test_every_control_shows_that_it_has_the_focus(watched: Watched) -> None:
    shown: dict[QWidget, bool] = {}
    for _name in in_each_panel(watched):
        for widget in controls(watched):
            if widget not in shown:
                surroundings = widget.parentWidget()
                watched.window.setFocus()
                before = surroundings.grab().toImage()
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                shown[widget] = surroundings.grab().toImage() != before
    assert [spoken(widget) for widget, visible in shown.items() if not visible] == []


def test_tab_goes_through_the_transport_as_it_is_read(watched: Watched) -> None:
    transport = watched.view(Transport)
    reached = [spoken(widget) for widget in tabbed_through(watched) if transport.isAncestorOf(widget)]
    assert reached == [
        "To the start", "Step back", "Play", "Step", "To the end", "Previous loss", "Next loss", "Loop",
        "Position in the recording", "Number of the event", "What moves evenly", "Speed",
    ]  # fmt: skip


def test_tabs_of_panels_go_by_arrow_keys(watched: Watched) -> None:
    (bar,) = [bar for bar in watched.window.findChildren(QTabBar) if bar.isVisible() and bar.count() == 5]
    bar.setFocus()
    before = bar.currentIndex()
    watched.qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert bar.currentIndex() == (before + 1) % 5


def test_tab_leads_to_what_has_to_be_scrolled_to(watched: Watched) -> None:
    watched.window.resize(1280, 720)
    watched.window.appearance.set_zoom(1.5)
    QApplication.processEvents()
    (box,) = [box for box in watched.window.findChildren(QComboBox) if box.accessibleName() == "Start method"]
    assert box.visibleRegion().isEmpty()
    watched.window.desk.stage.setFocus()
    for _control in range(60):
        widget = QApplication.focusWidget()
        if widget is None or widget is box:
            break
        watched.qtbot.keyClick(widget, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is box
    assert not box.visibleRegion().isEmpty()
