"""The lost-updates plot as a view. The plot itself comes when it is loaded, because its library takes long for that."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.history import Curve
from dictrace.engine.verdicts import breakdown
from dictrace.engine.words import _
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, Theme

if TYPE_CHECKING:
    from dictrace.widgets.losses_picture import LossesPicture


class LossesPlot(QWidget):
    """Attempted and surviving updates against commits served, up to the frame's position.

    Until `load`, everything that is set is kept for the plot.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._curve: Callable[[], Curve] | None = None
        self._is_behind = False
        self._expected = 0
        self._frame: Frame | None = None
        self._picture: LossesPicture | None = None
        self._stack = QStackedLayout(self)
        invitation = _("Two lines will grow here: updates attempted, and updates that survive.")
        corner = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._stack.addWidget(named(QLabel(invitation, wordWrap=True, alignment=corner, indent=0), "invitation"))
        self.setAccessibleName(_("Lost updates"))

    def load(self) -> None:
        """Make the plot."""
        from dictrace.widgets.losses_picture import LossesPicture, view_of

        self._picture = LossesPicture(self._theme)
        self._stack.addWidget(view_of(self._picture))
        self.set_frame(self._frame)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        if self._picture is not None:
            self._picture.set_theme(theme)

    def set_curve(self, curve: Callable[[], Curve] | None, expected: int = 0) -> None:
        """Show, from the next frame on, a recording's curve, on axes that reach to `expected` updates.

        `curve` gives it as it is when it is asked for, which takes long where there are very many events.
        """
        self._curve, self._expected, self._is_behind = curve, expected, True

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self.setAccessibleDescription(breakdown(frame.counts) if frame is not None else "")
        if self._picture is not None:
            if self._is_behind:
                self._take_curve(self._picture)
            self._picture.set_frame(frame)

    def _take_curve(self, picture: "LossesPicture") -> None:
        self._is_behind = False
        curve = self._curve() if self._curve is not None else None
        picture.set_curve(curve, self._expected)
        self._stack.setCurrentIndex(int(curve is not None and len(curve.events) > 0))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self._theme.px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(96))
