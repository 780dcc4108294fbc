"""The verdict bar tells the counts of its frame, what happened, and what went wrong."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from dictrace.engine.frame import Counts, Frame
from dictrace.engine.framing import frame_at
from dictrace.engine.rows import GateMode
from dictrace.widgets.narration import Narration
from dictrace.widgets.theme import DARK, LIGHT, Theme
from dictrace.widgets.verdict_bar import VerdictBar
from tests.engine.races import race
from tests.widgets.frames import frame_with_loss, share_of


@pytest.fixture
def bar(qtbot: QtBot) -> VerdictBar:
    made = VerdictBar()
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    made.resize(1600, made.sizeHint().height())
    return made


@pytest.fixture(scope="module")
def last() -> Frame:
    recording = race()
    return frame_at(recording, len(recording.events))


def test_invites_before_the_first_run_and_says_when_it_starts(bar: VerdictBar) -> None:
    assert bar.accessibleName() == "Press Run and watch the updates"
    bar.set_running(True)
    assert bar.accessibleName() == "Starting the processes…"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_it_shows_how_much_of_a_recording_has_been_read(bar: VerdictBar, last: Frame, theme: Theme) -> None:
    def reached() -> float:
        """The share of the width at which the line ends."""
        image = bar.grab().toImage()
        return share_of(image, theme.accent, QRectF(0, image.height() - 3, image.width(), 1))

    bar.set_theme(theme)
    bar.set_share(0.24)
    assert bar.accessibleName() == "Reading: 24 %"
    assert bar.accessibleDescription() == "A recording is being read; Esc stops."
    assert reached() == pytest.approx(0.24, abs=0.01)
    bar.set_frame(last)
    bar.set_share(0.5)
    assert bar.accessibleName().endswith("survived"), "what was shown before is still there"
    assert bar.accessibleDescription() == "A recording is being read; Esc stops."
    assert reached() == pytest.approx(0.5, abs=0.01)
    bar.set_share(None)
    assert bar.accessibleDescription() == last.happened
    assert reached() == 0


def test_headline_counts_so_far_and_judges_at_the_end(bar: VerdictBar, last: Frame) -> None:
    counts = last.counts
    bar.set_frame(replace(last, event=last.events - 1))
    assert bar.accessibleName() == f"{counts.survived} of {counts.attempted} updates survived so far"
    bar.set_frame(last)
    assert bar.accessibleName() == f"{counts.survived} of {counts.attempted} updates survived"
    bar.set_frame(replace(last, live=True))
    assert bar.accessibleName().endswith("so far"), "at the end of what is there more may come"
    bar.set_frame(replace(last, event=0, counts=Counts()))
    assert bar.accessibleName() == "No update yet"


def test_sentence_is_what_happened_then_the_note_at_the_end_only(bar: VerdictBar, last: Frame) -> None:
    bar.set_note("Only 2 of 4 processes took part.")
    bar.set_frame(replace(last, event=1, happened="P1 fetched."))
    assert bar.toolTip() == "P1 fetched."
    bar.set_frame(last)
    assert bar.toolTip() == f"{last.happened} · Only 2 of 4 processes took part."


def test_problem_takes_the_place_of_the_last_sentence(bar: VerdictBar, last: Frame) -> None:
    bar.set_frame(last)
    bar.set_problem("The run broke off.")
    assert bar.accessibleDescription() == "The run broke off."
    bar.set_frame(replace(last, event=1, happened="P1 fetched."))
    assert bar.accessibleDescription() == "P1 fetched.", "a person who steps back reads what happened there"
    bar.set_frame(last)
    bar.set_problem("")
    assert bar.accessibleDescription() == last.happened


def test_message_is_told_at_once_until_the_next_frame(bar: VerdictBar, last: Frame) -> None:
    earlier = replace(last, event=1, happened="P1 fetched.")
    bar.set_frame(earlier)
    bar.set_message("“run.dictrace” can't be written.")
    assert bar.accessibleDescription() == "“run.dictrace” can't be written."
    bar.set_frame(earlier)
    assert bar.accessibleDescription() == "P1 fetched."


@pytest.mark.parametrize("width", [1600, 1000, 640])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_only_losses_are_vermillion(bar: VerdictBar, last: Frame, theme: object, width: int) -> None:
    theme = DARK if theme is DARK else LIGHT
    bar.set_theme(theme)
    bar.resize(width, bar.sizeHint().height())
    bar.set_gate(GateMode.FREE)
    bar.set_frame(frame_with_loss(race()))
    assert share_of(bar.grab().toImage(), theme.lost_text) > 0
    bar.set_frame(replace(last, counts=Counts(5, 5)))
    assert share_of(bar.grab().toImage(), theme.lost_text) == 0


def test_chip_names_who_decided_the_order(bar: VerdictBar, last: Frame) -> None:
    bar.set_frame(last)
    without = bar.grab().toImage()
    pictures = [without]
    for gate in GateMode:
        bar.set_gate(gate)
        pictures.append(bar.grab().toImage())
    assert all(one != other for n, one in enumerate(pictures) for other in pictures[:n])
    bar.set_gate(None)
    assert bar.grab().toImage() == without


def test_height_follows_the_zoom(bar: VerdictBar) -> None:
    height = bar.sizeHint().height()
    bar.set_theme(replace(LIGHT, zoom=2.0))
    assert bar.sizeHint().height() == 2 * height


@pytest.mark.parametrize("zoom", [1.0, 2.0])
@pytest.mark.parametrize("width", [1600, 1000])
def test_the_sentence_lies_in_a_text_of_its_own(bar: VerdictBar, last: Frame, width: int, zoom: float) -> None:
    bar.set_theme(replace(LIGHT, zoom=zoom))
    bar.resize(round(width * zoom), bar.sizeHint().height())
    silent = replace(last, event=1, happened="")
    bar.set_frame(silent)
    without = pixels(bar)
    bar.set_frame(replace(silent, happened="P1 fetched."))
    narration = bar.findChild(Narration)
    assert narration is not None
    assert narration.text() == "P1 fetched."
    rows, columns = (pixels(bar) != without).nonzero()[:2]
    painted = QRect(QPoint(columns.min(), rows.min()), QPoint(columns.max(), rows.max()))
    assert narration.geometry().adjusted(-1, -1, 1, 1).contains(painted)


def pixels(bar: VerdictBar) -> npt.NDArray[np.uint8]:
    """What is painted, shape (height, width, 4)."""
    image = bar.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()
