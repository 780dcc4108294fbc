"""Menu entries, their keys, and those of one stroke without Ctrl, which are left to a control that wants them."""

import re
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from dictrace.widgets.keys_sheet import KeyGroup

_NATIVE = QKeySequence.SequenceFormat.NativeText
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_ACCESS_KEY = re.compile(r"\(&\w\)|&")
"""Its mark, and all of it where it is no letter of the word: Chinese entries are written ``退出(&Q)``."""


def command(
    parent: QObject, text: str, act: Callable[[], object], keys: Iterable[str] = (), plain_key: str = ""
) -> QAction:
    """A menu entry that does `act`, also on `keys` anywhere in the window.

    `plain_key` (``Space``, ``Shift+N``) is shown, but is no shortcut, which would take it away from the controls: see
    `plain_keys`.
    """
    key = QKeySequence(plain_key)
    action = QAction(f"{text}\t{key.toString(_NATIVE)}" if plain_key else text, parent)
    action.setShortcuts([QKeySequence(shortcut) for shortcut in keys])
    action.setData(key.toString(_PORTABLE))
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


def fill_menu(bar: QMenuBar, title: str, *entries: QAction | QMenu | None) -> None:
    """Add a menu of these entries; None is a line between them."""
    menu = bar.addMenu(title)
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(entry)


def words_of(action: QAction) -> str:
    """What an entry does, without its key and the mark of its access key."""
    return _ACCESS_KEY.sub("", action.text().split("\t")[0])


def keys_of(bar: QMenuBar) -> tuple[KeyGroup, ...]:
    """All keys, by menu: what really happens, because the menus' entries are what the keys trigger."""
    groups = []
    for entry in bar.actions():
        menu = entry.menu()
        assert isinstance(menu, QMenu)
        keys = tuple((words_of(action), _keys(action)) for action in menu.actions() if _keys(action))
        groups.append(KeyGroup(words_of(entry), keys))
    return tuple(group for group in groups if group.keys)


def plain_keys(bar: QMenuBar) -> dict[str, QAction]:
    """The actions of all menus that have a plain key, by its name as `key_name` gives it."""
    actions = [action for menu in bar.findChildren(QMenu) for action in menu.actions()]
    return {action.data(): action for action in actions if action.data()}


def key_name(event: QKeyEvent) -> str:
    """The stroke in portable words; the number pad's keys are like the others, ``?`` needs no Shift."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() == Qt.Key.Key_Question:
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(modifiers.value | event.key()).toString(_PORTABLE)


def _keys(action: QAction) -> tuple[str, ...]:
    sequences = [QKeySequence(action.data())] if isinstance(action.data(), str) else []
    shown = (sequence.toString(_NATIVE) for sequence in (*sequences, *action.shortcuts()))
    return tuple(key for key in shown if key)
