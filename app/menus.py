"""Menu entries, and keys of one stroke without Ctrl: those are left to a control that wants them."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar


def command(
    parent: QObject, text: str, act: Callable[[], object], keys: Iterable[str] = (), plain_key: str = ""
) -> QAction:
    """A menu entry that does `act`, also on `keys` anywhere in the window.

    `plain_key` (``Space``, ``Shift+N``) is shown, but is no shortcut, which would take it away from the controls: see
    `plain_keys`.
    """
    key = QKeySequence(plain_key)
    action = QAction(f"{text}\t{key.toString(QKeySequence.SequenceFormat.NativeText)}" if plain_key else text, parent)
    action.setShortcuts([QKeySequence(shortcut) for shortcut in keys])
    action.setData(key.toString(QKeySequence.SequenceFormat.PortableText))
    action.triggered.connect(lambda: act())
    return action


def exclusive(parent: QObject, *actions: QAction) -> tuple[QAction, ...]:
    """Actions of which one is always chosen, at first the first."""
    group = QActionGroup(parent)
    for action in actions:
        action.setCheckable(True)
        group.addAction(action)
    actions[0].setChecked(True)
    return actions


def fill_menu(bar: QMenuBar, title: str, *actions: QAction | None) -> None:
    """Add a menu of these actions; None is a line between them."""
    menu = bar.addMenu(title)
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)


def plain_keys(bar: QMenuBar) -> dict[str, QAction]:
    """The actions of all menus that have a plain key, by its name as `key_name` gives it."""
    actions = [action for menu in bar.findChildren(QMenu) for action in menu.actions()]
    return {action.data(): action for action in actions if action.data()}


def key_name(event: QKeyEvent) -> str:
    """The stroke in portable words; the number pad's keys are like the others."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(modifiers.value | event.key()).toString(QKeySequence.SequenceFormat.PortableText)
