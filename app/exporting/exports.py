"""The window's exports: the dialog, and pictures for the clipboard. What only they need is loaded when first asked."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from dictrace.app.exporting.wish import Wish
from dictrace.engine.words import _

if TYPE_CHECKING:
    from dictrace.app.exporting.maker import Maker
    from dictrace.app.feed import Feed
    from dictrace.app.main_window import MainWindow
    from dictrace.app.pictures.painters import Job
    from dictrace.app.session import Session

COPIED_SCALE = 2.0
_COPIED_AS = (".png", ".svg")


class Exports(QObject):
    """Exports what a window shows.

    Attributes:
        wish: what was asked for last.
    """

    def __init__(self, window: "MainWindow", feed: "Feed") -> None:
        super().__init__(window)
        self.wish = Wish()
        self._window, self._feed = window, feed
        self._maker: Maker | None = None
        self._known: Session | None = None
        self._copying: tuple[Job, ...] = ()
        window.closing.connect(self._close)

    @property
    def possible(self) -> bool:
        """There is a run that is over."""
        session = self._feed.session
        return session is not None and not session.live

    @property
    def remembered(self) -> Wish:
        """What the next window may begin with: all but what belongs to one picture."""
        return msgspec.structs.replace(self.wish, caption="", event=1)

    def ask(self) -> None:
        """Ask what to export, and export it."""
        from dictrace.app.exporting.dialog import ExportDialog
        from dictrace.app.exporting.plan import Source

        assert self._feed.session is not None
        self._window.player.pause()
        source = Source(self._feed.session.recording, self._window.player.position)
        dialog = ExportDialog(self.wish, source, self._made_maker(), self._window.appearance.theme, self._window)
        dialog.finished.connect(lambda _result: self._keep(dialog.wish))
        self._window.closing.connect(dialog.leave)
        dialog.open()

    def copy(self) -> None:
        """Copy a picture of the panel that has the focus, or else of the stage, in the colours of the window."""
        from dictrace.app.pictures.painters import Job
        from dictrace.app.pictures.picture import Picture, View

        focus, panels = QApplication.focusWidget(), self._window.desk.panels
        focused = [view for view in View if view in panels and focus and panels[view].isAncestorOf(focus)]
        picture = Picture((focused or [View.STAGE])[0], scale=COPIED_SCALE, dark=self._window.appearance.theme.dark)
        position = self._window.player.position
        self._copying = self._made_maker().paint(
            *(Job(position, picture, suffix, embed=False) for suffix in _COPIED_AS)
        )

    def _made_maker(self) -> "Maker":
        """What makes the files, of the run that is shown now."""
        from dictrace.app.exporting.maker import Maker

        if self._maker is None:
            self._maker = Maker(self)
            self._maker.painted.connect(self._on_maker_painted)
            self._maker.written.connect(self._on_maker_written)
            self._maker.failed.connect(self._on_maker_failed)
        if self._known is not self._feed.session:
            self._known = self._feed.session
            self._maker.set_subject(lambda: self._feed.subject)
        return self._maker

    def _keep(self, wish: Wish) -> None:
        self.wish = wish

    def _on_maker_painted(self, jobs: "tuple[Job, ...]", contents: tuple[bytes, ...]) -> None:
        from dictrace.app.pictures.texts import view_name

        if jobs is not self._copying:
            return  # it is for the dialog
        png, svg = contents
        mime = QMimeData()
        mime.setImageData(QImage.fromData(png))
        mime.setData("image/svg+xml", svg)
        QGuiApplication.clipboard().setMimeData(mime)
        self._say(_("Picture copied: {view}").format(view=view_name(jobs[0].picture.view)))
        self._copying = ()

    def _on_maker_written(self, path: str) -> None:
        self._say(_("Saved: {path}").format(path=path))

    def _on_maker_failed(self, sentence: str) -> None:
        if self._copying:
            self._copying = ()
            self._say(sentence)

    def _say(self, sentence: str) -> None:
        looks = self._window.appearance
        looks.notice.show_text(sentence, looks.theme)

    def _close(self) -> None:
        if self._maker is not None:
            self._maker.close()
            self._maker = None
