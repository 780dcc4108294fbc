"""Every text is readable on every background it can stand on, in both themes."""

import pytest
from PySide6.QtWidgets import QApplication

from dictrace.widgets.theme import (
    DARK,
    LIGHT,
    PROCESS_COLOURS,
    TextSize,
    Theme,
    contrast,
    font,
    ink_on,
    line_colour,
    mixed,
    presenting_zoom,
    process_colour,
)

READABLE, VISIBLE = 4.5, 3.0


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Theme:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("height_px", "zoom"), [(600, 1.0), (720, 1.0), (1080, 1.5), (1200, 1.5), (1440, 2.0), (2160, 3.0), (4320, 3.0)]
)
def test_what_is_presented_is_as_large_on_every_screen(height_px: float, zoom: float) -> None:
    assert presenting_zoom(height_px) == zoom


@pytest.mark.parametrize("text", ["text", "muted", "lost_text", "accent_text"])
@pytest.mark.parametrize("background", ["window", "panel", "sunken", "raised"])
def test_text_is_readable_on_each_background(theme: Theme, text: str, background: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, background)) >= READABLE


def test_text_is_readable_on_filled_things(theme: Theme) -> None:
    assert contrast(theme.on_accent, theme.accent) >= READABLE
    assert contrast(theme.panel, theme.text) >= READABLE
    assert contrast(theme.text, theme.lost_fill) >= READABLE
    assert contrast(theme.lost_text, theme.lost_fill) >= READABLE


@pytest.mark.parametrize("process", range(len(PROCESS_COLOURS)))
def test_text_is_readable_on_the_colours_of_processes(theme: Theme, process: int) -> None:
    assert contrast(ink_on(process_colour(process)), process_colour(process)) >= READABLE
    assert contrast(theme.text, theme.tint(process)) >= READABLE


def test_lost_marks_are_visible_and_no_process_has_their_colour(theme: Theme) -> None:
    assert contrast(theme.lost, theme.panel) >= VISIBLE
    hues = [colour.hslHue() for colour in PROCESS_COLOURS if colour.hslHue() >= 0]
    assert min(abs(theme.lost.hslHue() - hue) for hue in hues) >= 12


def test_lines_of_every_process_stand_out_from_the_panel(theme: Theme) -> None:
    assert min(contrast(line_colour(process, theme), theme.panel) for process in range(7)) >= 2.0
    assert line_colour(0, theme) == process_colour(0)


def test_colours_repeat_after_the_last() -> None:
    assert process_colour(len(PROCESS_COLOURS)) == process_colour(0)
    assert process_colour(-1) not in PROCESS_COLOURS


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(LIGHT.panel, LIGHT.panel) == 1
    assert contrast(ink_on(LIGHT.panel), LIGHT.panel) == pytest.approx(21)
    assert mixed(LIGHT.panel, ink_on(LIGHT.panel), 0.5).name() == "#808080"


def test_fonts_have_the_size_in_base_units(qapp: QApplication) -> None:
    assert font(TextSize.TITLE).pixelSize() == TextSize.TITLE
    assert font(TextSize.TITLE, bold=True).bold()
