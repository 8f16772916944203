"""Every action of the window: its words, icon, shortcut and place in a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from aigc_studio.translation import _
from aigc_studio.ui import icons


@dataclass(frozen=True)
class Entry:
    """One action. `keys` are shortcuts, the first of them shown; `tip` is one sentence."""

    name: str
    text: str
    tip: str = ""
    icon: str = ""
    keys: tuple[str, ...] = ()
    checkable: bool = False
    canvas_only: bool = False


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

    def add(self, entries: list[Entry]) -> None:
        """Make these actions; shortcuts that are single keys work on the canvas only."""
        for entry in entries:
            action = QAction(entry.text, self)
            action.setObjectName(entry.name)
            if entry.icon:
                action.setIcon(icons.icon(entry.icon))
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
            action.setCheckable(entry.checkable)
            plain = entry.text.replace("&", "").rstrip("…")
            tip = entry.tip or plain
            action.setStatusTip(tip)
            action.setToolTip(f"{tip} ({_shown(entry.keys[0])})" if entry.keys else tip)
            if entry.canvas_only:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._actions[entry.name] = action
            if not entry.canvas_only:
                self._parent.addAction(action)

    def connect_all(self, slots: Mapping[str, Callable[..., object]]) -> None:
        """Say what each action does. A checkable one passes whether it is on."""
        for name, slot in slots.items():
            action = self._actions[name]
            action.triggered.connect(slot if action.isCheckable() else _Plain(slot, action).call)

    def build_menus(self, bar: QMenuBar, menus: list[MenuEntry]) -> None:
        """Fill a menu bar."""
        for entry in menus:
            bar.addMenu(self._menu(entry))

    def _menu(self, entry: MenuEntry) -> QMenu:
        menu = QMenu(entry.title, self._parent)
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


class _Plain(QObject):
    """Calls a slot without the `checked` that `triggered` carries."""

    def __init__(self, slot: Callable[..., object], parent: QObject) -> None:
        super().__init__(parent)
        self._slot = slot

    def call(self) -> None:
        self._slot()


def _shown(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def file_entries() -> list[Entry]:
    """Actions of the File menu."""
    return [
        Entry("new", _("&New"), _("Start an empty board"), "new", ("Ctrl+N",)),
        Entry("open", _("&Open…"), _("Open a project"), "open", ("Ctrl+O",)),
        Entry("save", _("&Save"), _("Save the project"), "save", ("Ctrl+S",)),
        Entry("save_as", _("Save &As…"), _("Save under another name"), "save", ("Ctrl+Shift+S",)),
        Entry(
            "import",
            _("&Import…"),
            _("Put pictures, texts or melodies on the board"),
            "import",
            ("Ctrl+I",),
        ),
        Entry(
            "export_items",
            _("&Export Items…"),
            _("Write the selected items as files"),
            "export",
            ("Ctrl+E",),
        ),
        Entry(
            "export_board",
            _("Export &Board…"),
            _("Write the whole board as one picture"),
            "export",
            ("Ctrl+Shift+E",),
        ),
        Entry("quit", _("&Quit"), _("Close the studio"), "", ("Ctrl+Q",)),
    ]


def work_entries() -> list[Entry]:
    """Actions of the Generate and Train menus."""
    return [
        Entry(
            "generate",
            _("&Generate"),
            _("Make candidates"),
            "generate",
            ("Ctrl+Return", "Ctrl+Enter"),
        ),
        Entry(
            "edit_selection",
            _("&Regenerate Selection"),
            _("Let the generator work on the selected part"),
            "sparkle",
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        ),
        Entry("cancel", _("&Cancel"), _("Stop what the generator is doing"), "cancel", ("Esc",)),
        Entry(
            "accept",
            _("&Accept Candidate"),
            _("Put the candidate on the board"),
            "check",
            ("Ctrl+Shift+A",),
        ),
        Entry(
            "discard_all",
            _("&Throw Away All Candidates"),
            _("Empty the candidate strip"),
            "trash",
        ),
        Entry("focus_prompt", _("Go to the &Prompt"), _("Type what to make"), "edit", ("Ctrl+L",)),
        Entry(
            "train",
            _("&Train…"),
            _("Teach the generator with your own data"),
            "train",
            ("Ctrl+T",),
        ),
        Entry(
            "monitor",
            _("Training &Monitor"),
            _("Watch the training that runs"),
            "history",
            ("Ctrl+Shift+T",),
            checkable=True,
        ),
        Entry(
            "resume_training",
            _("&Resume Interrupted Trainings…"),
            _("Go on where a training was cut off"),
            "play",
        ),
    ]


def tool_entries() -> list[Entry]:
    """Actions of the Tools and Help menus and of the bottom tabs."""
    return [
        Entry(
            "library",
            _("&Library…"),
            _("Models, datasets and sample packs"),
            "library",
            ("Ctrl+D",),
        ),
        Entry("plugins", _("&Plugins…"), _("What can generate, and what is wrong"), "plugins"),
        Entry("settings", _("&Settings…"), _("Theme, language, folders"), "settings", ("Ctrl+,",)),
        Entry("log", _("L&og…"), _("What the studio and its workers noted"), "log"),
        Entry(
            "history", _("&History"), _("Every step, to go back to"), "history", ("Ctrl+H",), True
        ),
        Entry("jobs", _("&Jobs"), _("What is under way"), "jobs", ("Ctrl+J",), True),
        Entry("shortcuts", _("&Keyboard Shortcuts…"), _("All shortcuts"), "keyboard", ("F1",)),
        Entry("about", _("&About AIGC Studio…"), _("Version and licences"), "info"),
    ]
