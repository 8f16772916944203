"""Every action of the window: its words, icon, shortcut and place in a menu."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from aigc_studio.ui import icons, keys


@dataclass(frozen=True)
class Entry:
    """One action; `tip` is one sentence. Its keys stand in the table of keys, under its name."""

    name: str
    text: str
    tip: str = ""
    icon: str = ""
    checkable: bool = False


@dataclass(frozen=True)
class MenuEntry:
    """A menu: names of actions, None for a line, or menus in it. `name` finds it again."""

    name: str
    title: str
    parts: tuple[str | MenuEntry | None, ...]


class Actions(QObject):
    """All actions by name, and the menus made of them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}

    def add(self, entries: list[Entry], owner: QWidget | None = None) -> None:
        """Make these actions. Keys of the canvas work while `owner` has the focus."""
        for entry in entries:
            action = QAction(entry.text, self)
            action.setObjectName(entry.name)
            if entry.icon:
                action.setIcon(icons.icon(entry.icon))
            action.setShortcuts(keys.sequences(entry.name))
            action.setCheckable(entry.checkable)
            plain = _plain(entry.text)
            action.setIconText(plain)
            # No status tip: while one is shown, Qt hides the buttons of the status bar.
            action.setWhatsThis(entry.tip or plain)
            named = keys.with_key(plain, entry.name)
            action.setToolTip("\n".join(filter(None, (named, entry.tip))))
            if keys.is_tap(entry.name):
                # Shown in menus; the key is the canvas's, and elsewhere it presses buttons.
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            on_canvas = owner is not None and keys.is_of_canvas(entry.name)
            if on_canvas:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._actions[entry.name] = action
            (owner if owner is not None and on_canvas else self._parent).addAction(action)

    def adopt(self, name: str, action: QAction) -> None:
        """Take in an action that another widget made, so that it stands in menus."""
        self._actions[name] = action

    def retitle(self, name: str, text: str) -> None:
        """Call an action otherwise: what it does has changed, and so has its tip."""
        action, plain = self._actions[name], _plain(text)
        tip = action.whatsThis()
        action.setText(text)
        action.setIconText(plain)
        named = keys.with_key(plain, name)
        action.setToolTip("\n".join(filter(None, (named, tip))))

    def connect_all(self, slots: Mapping[str, Callable[..., object]]) -> None:
        """Say what each action does. A checkable one passes whether it is on."""
        for name, slot in slots.items():
            action = self._actions[name]
            action.triggered.connect(slot if action.isCheckable() else _Plain(slot, action).call)

    def build_menus(self, bar: QMenuBar, menus: list[MenuEntry]) -> None:
        """Fill a menu bar, whose menus may be there by name already."""
        for entry in menus:
            there = bar.findChild(QMenu, entry.name)
            menu = self._menu(entry, there)
            if there is None:
                bar.addMenu(menu)

    def _menu(self, entry: MenuEntry, there: QMenu | None = None) -> QMenu:
        menu = there if there is not None else QMenu(entry.title, self._parent)
        self.menus[entry.name] = menu
        for part in entry.parts:
            if part is None:
                menu.addSeparator()
            elif isinstance(part, MenuEntry):
                menu.addMenu(self._menu(part))
            elif part in self._actions:
                menu.addAction(self._actions[part])
        return menu

    def enable(self, names: list[str], on: bool) -> None:
        """Switch actions on or off together."""
        for name in names:
            self._actions[name].setEnabled(on)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __contains__(self, name: str) -> bool:
        return name in self._actions

    def names(self) -> list[str]:
        """All of them."""
        return list(self._actions)


@functools.cache
def _plain(text: str) -> str:
    """The words of a menu without what is for menus alone."""
    # Chinese names put the letter in brackets behind: 历史记录(&H).
    return re.sub(r"\(&\w\)", "", text).replace("&", "").rstrip("…")


class _Plain(QObject):
    """Calls a slot without the `checked` that `triggered` carries."""

    def __init__(self, slot: Callable[..., object], parent: QObject) -> None:
        super().__init__(parent)
        self._slot = slot

    def call(self) -> None:
        self._slot()
