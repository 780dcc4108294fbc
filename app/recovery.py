"""Offers the runs that a window which ended unexpectedly left behind, one after another, in a bar."""

from collections.abc import Callable

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtWidgets import QWidget

from dictrace.app.autosave import Autosave, KeptRun
from dictrace.engine.experiment import PRESETS
from dictrace.engine.words import _, chosen_language
from dictrace.widgets.experiment_texts import preset_title
from dictrace.widgets.offer_bar import OfferBar


class Recovery(QObject):
    """Holds the runs that are not decided on; `recover` opens one.

    Attributes:
        bar: what offers them; hidden while there is none.
    """

    def __init__(self, autosave: Autosave, recover: Callable[[KeptRun], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = OfferBar(parent)
        self.bar.hide()
        self.bar.open_requested.connect(self._on_bar_open_requested)
        self.bar.discard_requested.connect(self._on_bar_discard_requested)
        self._autosave = autosave
        self._recover = recover
        self._waiting: list[KeptRun] = []

    def offer(self) -> None:
        """Look for runs, and offer the newest."""
        self._waiting = self._autosave.left_behind()
        self._offer_next()

    def close(self) -> None:
        """Leave what is not decided on to the next window."""
        for run in self._waiting:
            run.release()
        self._waiting = []

    def _offer_next(self) -> None:
        while self._waiting:
            sentence = sentence_of(self._waiting[0])
            if sentence:
                self.bar.set_sentence(sentence)
                self.bar.show()
                return
            self._waiting.pop(0).remove()
        self.bar.hide()

    def _on_bar_open_requested(self) -> None:
        self._recover(self._waiting.pop(0))
        self._offer_next()

    def _on_bar_discard_requested(self) -> None:
        self._waiting.pop(0).remove()
        self._offer_next()


def sentence_of(run: KeptRun) -> str:
    """What was left behind; empty where nothing of it can be read."""
    from dictrace.engine.files import Reader  # brings more of the engine along than the first frame needs
    from dictrace.engine.recording import RecordingError

    try:
        with Reader(run.path) as reader:
            what = reader.recording.header.what
        when = QDateTime.fromSecsSinceEpoch(int(run.path.stat().st_mtime))
    except (RecordingError, OSError):
        return ""
    return _("dictrace ended unexpectedly; the run “{what}” of {when} was not saved.").format(
        what=preset_title(what) if what in PRESETS else what,
        when=QLocale(chosen_language()).toString(when, QLocale.FormatType.ShortFormat),
    )
