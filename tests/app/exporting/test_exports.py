"""Copying a picture of what is shown to the clipboard."""

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from dictrace.app.pictures.output import bytes_of, image_of
from dictrace.app.pictures.picture import Picture, View
from dictrace.app.pictures.subject import Subject
from dictrace.widgets.history_view import HistoryView
from dictrace.widgets.notice import Notice
from dictrace.widgets.runs_strip import RunsStrip
from dictrace.widgets.stage import Stage
from tests.app.watched import Watched, a_run

PATIENCE_MS = 30_000


@pytest.fixture
def shown(watched: Watched) -> Watched:
    """A window in front, with a run that is over, paused at a loss."""
    watched.run(a_run())
    watched.window.player.pause()
    assert watched.window.session is not None
    watched.window.player.seek(watched.window.session.losses[1])
    watched.window.activateWindow()
    watched.qtbot.waitUntil(watched.window.isActiveWindow)
    QApplication.clipboard().clear()
    return watched


def copied(watched: Watched) -> tuple[QImage, bytes]:
    """The picture in the clipboard after the menu's entry was chosen, as image and as SVG."""
    clipboard = QApplication.clipboard()
    with watched.qtbot.waitSignal(clipboard.dataChanged, timeout=PATIENCE_MS):
        watched.action("Copy picture").trigger()
    mime = clipboard.mimeData()
    return QImage(mime.imageData()), bytes(mime.data("image/svg+xml").data())


@pytest.mark.parametrize(
    ("focused", "view", "dark"),
    [(Stage, View.STAGE, False), (HistoryView, View.HISTORY, True), (RunsStrip, View.STAGE, True)],
)
def test_copies_the_panel_with_the_focus_in_the_colours_of_the_window(
    shown: Watched, focused: type[QWidget], view: View, dark: bool
) -> None:
    window = shown.window
    window.appearance.set_dark(dark)
    shown.view(focused).setFocus()
    image, svg = copied(shown)
    assert window.session is not None
    subject, picture = Subject.of(window.session), Picture(view, scale=2.0, dark=dark)
    assert image.convertToFormat(QImage.Format.Format_RGB32) == image_of(subject, window.player.position, picture)
    assert svg == bytes_of(subject, window.player.position, picture, ".svg", embed=False)


def test_a_notice_tells_what_was_copied_and_goes(shown: Watched) -> None:
    notice = shown.view(Notice)
    assert not notice.isVisible()
    shown.view(Stage).setFocus()
    copied(shown)
    assert notice.isVisible()
    assert notice.text() == "Picture copied: Stage"
    assert shown.window.rect().contains(notice.geometry())
    shown.qtbot.waitUntil(lambda: not notice.isVisible(), timeout=PATIENCE_MS)
