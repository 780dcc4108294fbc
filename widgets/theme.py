"""How everything looks: colours, text sizes, spacing and zoom as one immutable `Theme`, light or dark.

Painters work in base units (pixels at 100 %) and never see the zoom: a view scales its painter by it. Ordinary controls
get palette and style sheet from `dictrace.widgets.style`.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication

UNIT = 4.0
"""Base of the spacing grid, in base units; every margin and gap is a multiple of it."""

RADIUS = 8.0
"""Corner radius of cards, base units."""

ZOOM_STEPS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)

PRESENTED_HEIGHT = 720.0
"""Height of a screen on which the last row reads text at zoom 1, base units."""

PROCESS_COLOURS = tuple(
    QColor(name) for name in ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#F0E442", "#7F7F7F")
)
"""Okabe-Ito without vermillion, which means lost, and with grey for its black, which dark backgrounds swallow."""


class TextSize(IntEnum):
    """Heights of text in base units."""

    SMALL = 11
    BODY = 13
    TITLE = 14
    LARGE = 17
    HEADLINE = 22
    HUGE = 28
    COUNTER = 52


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """Colours by what they are for, and the zoom.

    Attributes:
        dark: whether it is the dark one.
        window, panel, sunken, raised: backgrounds: behind panels, of a panel, of a field in it, of a button or chip.
        border, strong_border: lines around panels and controls; around what matters most.
        text, muted: text, and text that steps back; both readable (4.5:1) on all four backgrounds.
        accent, on_accent, accent_text: the one obvious action; text on it; text in its hue on a panel.
        lost, lost_fill, lost_text: vermillion: marks, pale areas, and text readable on both and on all backgrounds.
        empty: a cell that holds nothing yet.
        zoom: factor from base units to logical pixels.
    """

    dark: bool
    window: QColor
    panel: QColor
    sunken: QColor
    raised: QColor
    border: QColor
    strong_border: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    accent_text: QColor
    lost: QColor
    lost_fill: QColor
    lost_text: QColor
    empty: QColor
    zoom: float = 1.0

    def px(self, units: float) -> int:
        """Logical pixels of a length in base units, for ordinary controls."""
        return round(units * self.zoom)

    def tint(self, process: int) -> QColor:
        """A soft background in the colour of a process, on which text stays readable."""
        return mixed(self.panel, process_colour(process), 0.22 if self.dark else 0.18)


LIGHT = Theme(
    dark=False,
    window=QColor("#EEF0F4"),
    panel=QColor("#FFFFFF"),
    sunken=QColor("#F5F6F9"),
    raised=QColor("#EBEDF2"),
    border=QColor("#DCE0E7"),
    strong_border=QColor("#3B4252"),
    text=QColor("#1B2029"),
    muted=QColor("#565E6C"),
    accent=QColor("#5446C8"),
    on_accent=QColor("#FFFFFF"),
    accent_text=QColor("#5446C8"),
    lost=QColor("#D55E00"),
    lost_fill=QColor("#FBE6DA"),
    lost_text=QColor("#A64600"),
    empty=QColor("#E4E7ED"),
)

DARK = Theme(
    dark=True,
    window=QColor("#12151A"),
    panel=QColor("#1B1F26"),
    sunken=QColor("#232831"),
    raised=QColor("#2D333E"),
    border=QColor("#353C48"),
    strong_border=QColor("#9AA3B2"),
    text=QColor("#EEF1F5"),
    muted=QColor("#AAB2BF"),
    accent=QColor("#B3A9FF"),
    on_accent=QColor("#17131F"),
    accent_text=QColor("#B9B0FF"),
    lost=QColor("#E8701A"),
    lost_fill=QColor("#4A2A16"),
    lost_text=QColor("#FF9D57"),
    empty=QColor("#333A46"),
)


def process_colour(process: int) -> QColor:
    """Colour of a process by its index; repeats after seven, then with another shape. -1: not a worker."""
    return QColor("#8A919E") if process < 0 else PROCESS_COLOURS[process % len(PROCESS_COLOURS)]


@cache
def line_colour(process: int, theme: Theme) -> QColor:
    """Colour of a process for lines on a panel: darkened or lightened where it would hardly be seen there."""
    colour = process_colour(process)
    while contrast(colour, theme.panel) < 2.0:
        colour = mixed(colour, theme.text, 0.1)
    return colour


@cache
def faded(process: int, theme: Theme, share: float) -> QColor:
    """A panel with a `share` (0 to 1) of `line_colour` in it."""
    return mixed(theme.panel, line_colour(process, theme), share)


def mixed(base: QColor, other: QColor, share: float) -> QColor:
    """`base` with a `share` (0 to 1) of `other` in it."""
    return QColor.fromRgbF(*(b + (o - b) * share for b, o in zip(_rgb(base), _rgb(other), strict=True)))


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _rgb(colour: QColor) -> tuple[float, float, float]:
    return colour.redF(), colour.greenF(), colour.blueF()


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def ink_on(background: QColor) -> QColor:
    """Black or white, whichever is easier to read on `background`."""
    return max((QColor("#000000"), QColor("#FFFFFF")), key=lambda ink: contrast(ink, background))


def presenting_zoom(height_px: float) -> float:
    """The zoom at which the last row reads a screen of this height."""
    return max(step for step in ZOOM_STEPS if step == ZOOM_STEPS[0] or step * PRESENTED_HEIGHT <= height_px)


def system_is_dark() -> bool:
    """Whether the desktop asks for dark windows."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


@cache
def font(size: TextSize, *, bold: bool = False, mono: bool = False) -> QFont:
    """The system's font, proportional or fixed, in base units."""
    role = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
    made = QFontDatabase.systemFont(role)
    if mono:
        made.setStyleHint(QFont.StyleHint.Monospace)
    made.setPixelSize(int(size))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


@cache
def metrics(size: TextSize, *, bold: bool = False, mono: bool = False) -> QFontMetricsF:
    """Metrics of `font` with the same arguments."""
    return QFontMetricsF(font(size, bold=bold, mono=mono))
