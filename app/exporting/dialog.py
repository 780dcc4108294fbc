"""The dialog of an export: settings at the left, what comes of them at the right."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QWidget,
)

from dictrace.app.exporting.form import ExportForm
from dictrace.app.exporting.maker import Maker
from dictrace.app.exporting.plan import (
    Source,
    obstacle,
    picture_of,
    pixels_of,
    position_of,
    preview_of,
    proposed_name,
    stills_of,
    suffix_of,
)
from dictrace.app.exporting.texts import kind_lesson, kind_name
from dictrace.app.exporting.wish import PAINTED, Kind, Wish
from dictrace.app.pictures.painters import Job, Stills
from dictrace.engine.recording import RecordingError
from dictrace.engine.words import _
from dictrace.widgets.picture_preview import PicturePreview
from dictrace.widgets.style import named, resize_within_screen
from dictrace.widgets.theme import UNIT, Theme

SIZE = (980.0, 620.0)
FORM_WIDTH = 344.0
QUIET_MS = 150
"""So long nothing is changed before the preview is painted anew."""


class ExportDialog(QDialog):
    """Asks what to export, and where to; stays until the file is there. Esc ends what is being written, then itself.

    Attributes:
        wish: what is set now.
    """

    def __init__(self, wish: Wish, source: Source, maker: Maker, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if obstacle(wish.kind):
            wish = msgspec.structs.replace(wish, kind=Kind.GIF)
        self.wish = wish
        self._source, self._maker, self._theme = source, maker, theme
        self._painting: tuple[Job, ...] | None = None
        self._writing = self._is_stale = False
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._build()
        self._connect()
        resize_within_screen(self, QSize(*(theme.px(length) for length in SIZE)))
        self._show_wish()

    def reject(self) -> None:
        """End what is being written; if nothing is, the dialog."""
        if self._writing:
            self._maker.cancel()
        else:
            super().reject()

    def leave(self) -> None:
        """End, also while something is being written."""
        self.done(QDialog.DialogCode.Rejected)

    def done(self, result: int) -> None:
        self._quiet.stop()
        super().done(result)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._quiet.start()

    def _build(self) -> None:
        theme = self._theme
        self._form = ExportForm(self.wish, self._source, theme)
        self._form.setObjectName("scrolled")
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._form)
        self._area.setFixedWidth(theme.px(FORM_WIDTH))
        self._preview = PicturePreview()
        self._preview.set_theme(theme)
        self._note = named(QLabel(wordWrap=True), "note")
        self._status = named(QLabel(wordWrap=True), "strong")
        self._status.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(_("Progress"))
        self._bar.setFixedHeight(theme.px(2 * UNIT))
        self._save, self._close = named(QPushButton(_("&Save…")), "primary"), QPushButton()
        self._save.setDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        px = self._theme.px
        foot = QHBoxLayout()
        foot.setSpacing(px(3 * UNIT))
        foot.addWidget(self._status, 1)
        foot.addWidget(self._bar, 1)
        foot.addWidget(self._close)
        foot.addWidget(self._save)
        grid = QGridLayout(self)
        grid.setContentsMargins(*[px(4 * UNIT)] * 4)
        grid.setHorizontalSpacing(px(4 * UNIT))
        grid.setVerticalSpacing(px(2 * UNIT))
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(0, 1)
        grid.addWidget(self._area, 0, 0, 2, 1)
        grid.addWidget(self._preview, 0, 1)
        grid.addWidget(self._note, 1, 1)
        grid.addLayout(foot, 2, 0, 1, 2)

    def _connect(self) -> None:
        self._quiet.timeout.connect(self._paint)
        self._form.changed.connect(self._on_form_changed)
        self._save.clicked.connect(self._ask_and_write)
        self._close.clicked.connect(self.reject)
        maker = self._maker
        maker.painted.connect(self._on_maker_painted)
        maker.progressed.connect(self._on_maker_progressed)
        maker.written.connect(self._on_maker_written)
        maker.cancelled.connect(self._on_maker_cancelled)
        maker.failed.connect(self._on_maker_failed)

    def _on_form_changed(self, wish: Wish) -> None:
        self.wish = wish
        self._show_wish()

    def _on_maker_painted(self, jobs: tuple[Job, ...], contents: tuple[bytes, ...]) -> None:
        if jobs is not self._painting:
            return  # another dialog asked for it
        self._painting = None
        if self.wish.kind in PAINTED:
            self._preview.set_image(QImage.fromData(contents[0]))
        if self._is_stale:
            self._paint()

    def _on_maker_progressed(self, done: int, count: int) -> None:
        self._bar.setRange(0, count)
        self._bar.setValue(done)
        if count:
            self._status.setText(_("{done} of {n} pictures").format(done=f"{done:,}", n=f"{count:,}"))

    def _on_maker_written(self, _path: str) -> None:
        self._writing = False
        self.accept()

    def _on_maker_cancelled(self) -> None:
        self._end_writing(_("Cancelled; nothing was written."))

    def _on_maker_failed(self, sentence: str) -> None:
        self._painting = None
        if not self._writing:
            self._preview.set_text(sentence)
        self._end_writing(sentence)

    def _show_wish(self) -> None:
        """Say what comes of the wish, and paint it as soon as no more is changed."""
        wish = self.wish
        self._say("")
        lesson = kind_lesson(wish.kind)
        try:
            position_of(wish, self._source)
            note = self._told(wish)
        except RecordingError as error:
            note = ""
            self._say(str(error))
        self._save.setEnabled(bool(note))
        self._note.setText(note)
        if lesson:
            self._preview.set_text(lesson)
        self._quiet.start()
        self._show_writing()

    def _told(self, wish: Wish) -> str:
        """What there is to know of the file beside its picture."""
        if wish.kind not in PAINTED:
            return proposed_name(wish, self._source)
        width, height = pixels_of(wish)
        if wish.kind in (Kind.SVG, Kind.PDF):
            whole = picture_of(wish).whole
            size = f"{whole.width:g} × {whole.height:g} {_('mm') if whole.in_mm else _('px')}"
        else:
            size = _("{width} × {height} pixels").format(width=f"{width:,}", height=f"{height:,}")
        if wish.kind is Kind.STORYBOARD:
            size = _("contact sheet and pictures of {size}").format(size=size)
        return f"{proposed_name(wish, self._source)} · {size.replace(' ', chr(0xA0))}"

    def _paint(self) -> None:
        """Have the preview painted; what is changed meanwhile is painted after it, and nothing once nobody sees it."""
        if not self.isVisible():
            return
        wish = self.wish
        if self._painting or self._writing:
            self._is_stale = True
            return
        self._is_stale = False
        if wish.kind not in PAINTED:
            return
        try:
            job = self._job(wish)
        except RecordingError:
            return  # it is said already
        self._painting = self._maker.paint(job)

    def _job(self, wish: Wish) -> Job:
        """What the preview shows.

        Raises:
            RecordingError: the wish can't be granted.
        """
        room, picture, position = self._preview.room_px, picture_of(wish), position_of(wish, self._source)
        if wish.kind is Kind.STORYBOARD:
            stills = Stills(stills_of(wish), room.width(), room.height())
            return Job(position, picture, ".png", stills=stills)
        sharpness = self._theme.zoom * self.devicePixelRatio()
        return Job(position, preview_of(picture, room.width(), room.height(), sharpness), ".png", embed=False)

    def _ask_and_write(self) -> None:
        path = ask_where_to_export(self, self.wish, self._source)
        if path is None:
            return
        self.wish = msgspec.structs.replace(self.wish, folder=str(path.parent))
        self._writing = True
        self._say(_("Writing…"))
        self._bar.setRange(0, 0)
        self._show_writing()
        self._maker.write(self.wish, self._source, path)

    def _end_writing(self, sentence: str) -> None:
        """Tell why there is no file; everything is as it was before."""
        self._writing = False
        self._say(sentence)
        self._show_writing()
        if self._is_stale:
            self._paint()

    def _show_writing(self) -> None:
        writing = self._writing
        self._form.setEnabled(not writing)
        self._save.setEnabled(not writing and bool(self._note.text()))
        self._bar.setVisible(writing)
        self._close.setText(_("Cancel") if writing else _("Close"))

    def _say(self, sentence: str) -> None:
        self._status.setText(sentence)
        if sentence and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._status, sentence))


def ask_where_to_export(parent: QWidget, wish: Wish, source: Source) -> Path | None:
    """The file to write, with the right ending, or the new folder; None: the person changed their mind."""
    suffix = suffix_of(wish.kind)
    proposed = Path(wish.folder, proposed_name(wish, source))
    if wish.kind is Kind.STORYBOARD:
        folder = QFileDialog.getExistingDirectory(parent, _("Export"), wish.folder)
        return _new(Path(folder, proposed.name)) if folder else None
    while True:
        chosen, _filter = QFileDialog.getSaveFileName(
            parent, _("Export"), str(proposed), f"{kind_name(wish.kind)} (*{suffix})"
        )
        if not chosen:
            return None
        path = Path(chosen)
        if path.suffix.lower() == suffix:
            return path
        proposed = path.with_name(path.name + suffix)
        if not proposed.exists():
            return proposed


def _new(folder: Path) -> Path:
    """The folder, or, where there is one, the same with a number."""
    names = (folder, *(folder.with_name(f"{folder.name}-{number}") for number in range(2, 1000)))
    return next((name for name in names if not name.exists()), folder)
