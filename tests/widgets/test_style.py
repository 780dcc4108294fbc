"""Palette and style sheet come from the theme, at its zoom."""

from dataclasses import replace

from PySide6.QtGui import QPalette
from pytestqt.qtbot import QtBot

from dictrace.widgets.style import palette_of, style_sheet
from dictrace.widgets.theme import DARK, LIGHT


def test_palette_has_the_colours_of_the_theme() -> None:
    palette = palette_of(DARK)
    assert palette.color(QPalette.ColorRole.Window) == DARK.window
    assert palette.color(QPalette.ColorRole.WindowText) == DARK.text
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text) == DARK.muted


def test_style_sheet_has_the_colours_and_scales(qtbot: QtBot) -> None:
    sheet = style_sheet(LIGHT)
    assert LIGHT.accent.name() in sheet
    assert "font-size: 13px" in sheet
    assert "font-size: 26px" in style_sheet(replace(LIGHT, zoom=2.0))
    assert "$" not in sheet
