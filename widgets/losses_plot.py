"""The lost-updates plot as a view. It appears a moment after the window, because its library takes long to load."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from dictrace.engine.frame import Frame
from dictrace.engine.history import Curve
from dictrace.engine.words import _
from dictrace.widgets.style import named
from dictrace.widgets.theme import LIGHT, Theme

if TYPE_CHECKING:
    from dictrace.widgets.losses_picture import LossesPicture


class LossesPlot(QWidget):
    """Attempted and surviving updates against commits served, up to the frame's position.

    Signals:
        loaded: the plot is there; before, everything that is set is kept for it.
    """

    loaded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._curve: Curve | None = None
        self._expected = 0
        self._frame: Frame | None = None
        self._picture: LossesPicture | None = None
        self._stack = QStackedLayout(self)
        invitation = _("Two lines will grow here: updates attempted, and updates that survive.")
        self._stack.addWidget(named(QLabel(invitation, alignment=Qt.AlignmentFlag.AlignCenter), "note"))
        self._loader = QTimer(self, singleShot=True, interval=0)
        self._loader.timeout.connect(self._load)
        self.setAccessibleName(_("Lost updates"))

    @property
    def is_loaded(self) -> bool:
        """The plot is there."""
        return self._picture is not None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.updateGeometry()
        if self._picture is not None:
            self._picture.set_theme(theme)

    def set_curve(self, curve: Curve | None, expected: int = 0) -> None:
        """Show a recording's curve, on axes that reach to `expected` updates."""
        self._curve, self._expected = curve, expected
        if self._picture is not None:
            self._picture.set_curve(curve, expected)
            self._stack.setCurrentIndex(int(curve is not None))

    def set_frame(self, frame: Frame | None) -> None:
        self._frame = frame
        if self._picture is not None:
            self._picture.set_frame(frame)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(480), self._theme.px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(96))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first time, the plot is loaded as soon as what is on screen has been painted."""
        if self._picture is None:
            self._loader.start()

    def _load(self) -> None:
        from dictrace.widgets.losses_picture import LossesPicture, view_of

        self._picture = LossesPicture(self._theme)
        self._stack.addWidget(view_of(self._picture))
        self.set_curve(self._curve, self._expected)
        self._picture.set_frame(self._frame)
        self.loaded.emit()
