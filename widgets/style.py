"""Palette and style sheet of ordinary controls (Fusion), made from a `Theme`."""

from string import Template
from typing import TypeVar

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from dictrace.widgets.theme import TextSize, Theme, font

Widget = TypeVar("Widget", bound=QWidget)


def palette_of(theme: Theme) -> QPalette:
    """Colours for what the style sheet leaves to Fusion: dialogs, menus, tooltips, selections."""
    palette = QPalette()
    role = QPalette.ColorRole
    for roles, colour in (
        ((role.Window,), theme.window),
        ((role.Base, role.ToolTipBase), theme.panel),
        ((role.AlternateBase,), theme.sunken),
        ((role.Button,), theme.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText), theme.text),
        ((role.PlaceholderText,), theme.muted),
        ((role.Highlight, role.Accent), theme.accent),
        ((role.HighlightedText,), theme.on_accent),
        ((role.Link,), theme.accent_text),
        ((role.Light, role.Midlight, role.Mid), theme.border),
        ((role.Dark, role.Shadow), theme.strong_border),
    ):
        for one in roles:
            palette.setColor(one, colour)
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, theme.muted)
    return palette


def style_sheet(theme: Theme) -> str:
    """Style sheet for the whole window, at the theme's zoom."""
    colours = {name: getattr(theme, name) for name in Theme.__slots__}
    names = {name: value.name() for name, value in colours.items() if isinstance(value, QColor)}
    sizes = {f"px{n}": f"{max(1, theme.px(n))}px" for n in (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 40)}
    texts = {f"text_{size.name.lower()}": f"{theme.px(size)}px" for size in TextSize}
    mono = font(TextSize.BODY, mono=True).family()
    return _SHEET.substitute(names | sizes | texts, mono=mono)


def resize_within_screen(window: QWidget, size: QSize) -> None:
    """Give a window this size, or as much of it as the screen has room for."""
    window.resize(size.boundedTo(window.screen().availableSize() * 0.95))


def close_button(dialog: QDialog) -> QDialogButtonBox:
    """The button that closes `dialog`, in a row of its own, without Fusion's picture."""
    row = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    row.rejected.connect(dialog.reject)
    row.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
    return row


def named(widget: Widget, name: str) -> Widget:
    """The widget, under the name by which the style sheet knows it."""
    widget.setObjectName(name)
    return widget


_SHEET = Template("""
* { font-size: $text_body; color: $text; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: transparent; width: $px8; height: $px8; }
QMainWindow::separator:hover { background: $border; }
QMenuBar { background: $window; }
QMenuBar::item { padding: $px3 $px8; border-radius: $px4; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $panel; border: 1px solid $border; padding: $px4; }
QMenu::item { padding: $px4 $px24 $px4 $px24; border-radius: $px4; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: $px4 $px8; }
QToolTip { background: $panel; color: $text; border: 1px solid $strong_border; padding: $px4; }
#card { background: $panel; border: 1px solid $border; border-radius: $px8; }
#panelHeader { background: $panel; border: 1px solid $border; border-bottom: none;
    border-top-left-radius: $px8; border-top-right-radius: $px8; }
#panelBody { background: $panel; border: 1px solid $border; border-top: none;
    border-bottom-left-radius: $px8; border-bottom-right-radius: $px8; }
#panelTitle { font-size: $text_title; font-weight: bold; }
#note { color: $muted; font-size: $text_small; }
#invitation { color: $muted; padding-top: $px4; }
#strong { font-weight: bold; }
#code { background: $sunken; border: 1px solid $border; border-radius: $px4; padding: $px6;
    font-family: "$mono"; font-size: $text_small; }
QTabBar { background: transparent; }
QTabBar::tab { padding: $px4 $px12; border: 2px solid transparent; border-radius: $px6; color: $muted; }
QTabBar::tab:selected { background: $panel; border-color: $border; color: $text; font-weight: bold; }
QTabBar::tab:focus { border-color: $accent; }
QTextBrowser { background: $panel; }
QScrollArea, #scrolled { background: transparent; border: none; }
QScrollArea { border: 2px solid transparent; border-radius: $px4; }
QScrollArea:focus { border-color: $accent; }
QScrollBar:vertical { background: transparent; width: $px8; margin: 0; }
#scrolled QScrollBar:vertical { width: $px12; margin-left: $px4; }
QScrollBar:horizontal { background: transparent; height: $px8; margin: 0; }
QScrollBar::handle { background: $border; border-radius: $px4; min-height: $px24; min-width: $px24; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QComboBox, QAbstractSpinBox { background: $panel; border: 1px solid $border; border-radius: $px4;
    padding: $px3 $px6; min-height: $px20; selection-background-color: $accent; selection-color: $on_accent; }
QComboBox { padding-right: $px20; }
QComboBox:hover, QAbstractSpinBox:hover { border-color: $muted; }
QComboBox:focus, QAbstractSpinBox:focus { border: 2px solid $accent; padding: $px2 $px6; }
QComboBox:focus { padding-right: $px20; }
QComboBox:disabled, QAbstractSpinBox:disabled { color: $muted; background: $sunken; }
QAbstractSpinBox { padding: 1px 0; }
QAbstractSpinBox:focus { padding: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: $px6; border: none; background: transparent; }
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow { image: none; }
QComboBox::drop-down { border: none; width: $px20; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { background: $panel; border: 1px solid $border; outline: none; padding: $px4;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit#field { background: $panel; border: 1px solid $border; border-radius: $px4; padding: $px3 $px4;
    min-height: $px20; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit#field:hover { border-color: $muted; }
QLineEdit#field:focus { border: 2px solid $accent; padding: $px2 $px3; }
QLineEdit#field:disabled { color: $muted; background: $sunken; }
QProgressBar { background: $raised; border: none; border-radius: $px4; }
QProgressBar::chunk { background: $accent; border-radius: $px4; }
#offer { background: $panel; border: none; border-bottom: 1px solid $border; }
#notice { background: $text; color: $panel; border-radius: $px8; padding: $px8 $px16; }
QRadioButton { spacing: $px8; padding: $px2; border: 2px solid transparent; border-radius: $px4; }
QRadioButton:focus { border-color: $accent; }
QRadioButton:disabled { color: $muted; }
QRadioButton::indicator { width: $px12; height: $px12; border-radius: $px8; border: $px2 solid $muted;
    background: $panel; }
QRadioButton::indicator:checked { border-color: $accent;
    background: qradialgradient(cx:0.5, cy:0.5, radius:0.5, fx:0.5, fy:0.5,
        stop:0 $accent, stop:0.55 $accent, stop:0.65 $panel, stop:1 $panel); }
QPushButton { background: $raised; border: 1px solid $border; border-radius: $px6; padding: $px6 $px16; }
QPushButton:hover { border-color: $muted; }
QPushButton:focus { border: 2px solid $accent; }
QPushButton:disabled { color: $muted; }
QPushButton#primary { background: $accent; color: $on_accent; border: 2px solid $accent; font-weight: bold;
    font-size: $text_title; min-height: $px24; }
QPushButton#primary:hover { border-color: $text; }
QPushButton#primary:focus { border-color: $text; }
QPushButton#primary:disabled { background: $raised; color: $muted; border-color: $border; }
QPushButton#primary[running="true"] { background: $text; color: $panel; border-color: $text; }
QPushButton#primary[running="true"]:focus { border-color: $accent; }
QToolButton { background: transparent; border: 2px solid transparent; border-radius: $px4; padding: $px3; }
QToolButton:hover { background: $raised; }
QToolButton:pressed { background: $border; }
QToolButton:checked { background: $raised; border-color: $muted; }
QToolButton:focus { border-color: $accent; }
QTabBar::scroller { width: $px24; }
QTabBar QToolButton { background: $raised; border: none; padding: 0; }
""")
