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

    def add(self, entries: list[Entry], owner: QWidget | None = None) -> None:
        """Make these actions. Keys of `canvas_only` ones work while `owner` has the focus."""
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
            (owner if entry.canvas_only and owner else self._parent).addAction(action)

    def adopt(self, name: str, action: QAction) -> None:
        """Take in an action that another widget made, so that it stands in menus."""
        self._actions[name] = action

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
    """Actions of the Generate and Train menus; running and cancelling belong to the prompt panel."""
    return [
        Entry(
            "edit_selection",
            _("&Regenerate Selection"),
            _("Let the generator work on what is selected"),
            "sparkle",
            ("Ctrl+Shift+Return", "Ctrl+Shift+Enter"),
        ),
        Entry(
            "accept",
            _("&Accept Candidate"),
            _("Put the chosen candidate on the board"),
            "check",
            ("Alt+Return", "Alt+Enter"),
        ),
        Entry("discard_all", _("&Throw Away All Candidates"), _("Empty the strip"), "trash"),
        Entry("focus_prompt", _("Go to the &Prompt"), _("Type what to make"), "edit", ("Ctrl+L",)),
        Entry(
            "train", _("&Train…"), _("Teach the generator with your own data"), "train", ("Ctrl+T",)
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
            _("&Resume Interrupted Trainings"),
            _("Go on where a training was cut off"),
            "play",
        ),
    ]


def canvas_entries() -> list[Entry]:
    """Actions of the Edit, View and Item menus. Their keys work while the canvas has the focus."""
    canvas = {"canvas_only": True}
    return [
        Entry("cut", _("Cu&t"), _("Take the items to the clipboard"), "", ("Ctrl+X",), **canvas),
        Entry("copy", _("&Copy"), _("Copy the items"), "copy", ("Ctrl+C",), **canvas),
        Entry("paste", _("&Paste"), _("Put in what was copied"), "paste", ("Ctrl+V",), **canvas),
        Entry(
            "duplicate", _("&Duplicate"), _("A copy beside it"), "duplicate", ("Ctrl+D",), **canvas
        ),
        Entry("delete", _("D&elete"), _("Take the items off"), "trash", ("Del",), **canvas),
        Entry("select_all", _("Select &All"), "", "", ("Ctrl+A",), **canvas),
        Entry("deselect", _("Dese&lect"), "", "", ("Ctrl+Shift+A",), **canvas),
        Entry(
            "invert_mask",
            _("&Invert Mask"),
            _("Mark what is not marked"),
            "invert",
            ("Ctrl+Shift+I",),
            **canvas,
        ),
        Entry("clear_mask", _("C&lear Mask"), _("Mark nothing"), "clear", **canvas),
        Entry("fit", _("Fit &All"), _("Show everything"), "fit", ("Ctrl+0",)),
        Entry("actual_size", _("&100 %"), _("Show at full size"), "actual-size", ("Ctrl+1",)),
        Entry("zoom_in", _("Zoom &In"), "", "zoom-in", ("Ctrl++", "Ctrl+=")),
        Entry("zoom_out", _("Zoom &Out"), "", "zoom-out", ("Ctrl+-",)),
        Entry("full_screen", _("&Full Screen"), "", "", ("F11",), checkable=True),
        Entry("rename", _("&Rename…"), "", "edit", ("F2",), **canvas),
        Entry("hide", _("&Hide"), _("Hide the selected items"), "eye-off", **canvas),
        Entry("show_all", _("&Show All"), _("Show items that are hidden"), "eye", **canvas),
        Entry("front", _("To &Front"), "", "to-front", ("Ctrl+Shift+]",), **canvas),
        Entry("forward", _("For&ward"), "", "up", ("Ctrl+]",), **canvas),
        Entry("backward", _("Back&ward"), "", "down", ("Ctrl+[",), **canvas),
        Entry("back", _("To &Back"), "", "to-back", ("Ctrl+Shift+[",), **canvas),
        Entry("crop", _("&Crop"), _("Keep what is marked"), "crop", **canvas),
        Entry("turn_left", _("Turn &Left"), "", "rotate-left", **canvas),
        Entry("turn_right", _("Turn &Right"), "", "rotate", **canvas),
        Entry("flip_h", _("Flip &Horizontally"), "", "flip-h", **canvas),
        Entry("flip_v", _("Flip &Vertically"), "", "flip-v", **canvas),
        Entry("align_left", _("Left Edges"), "", "align-left", **canvas),
        Entry("align_center", _("Centres"), "", "align-center", **canvas),
        Entry("align_right", _("Right Edges"), "", "align-right", **canvas),
        Entry("align_top", _("Top Edges"), "", "align-top", **canvas),
        Entry("align_middle", _("Middles"), "", "align-middle", **canvas),
        Entry("align_bottom", _("Bottom Edges"), "", "align-bottom", **canvas),
        Entry("distribute_h", _("Distribute Horizontally"), "", "distribute-h", **canvas),
        Entry("distribute_v", _("Distribute Vertically"), "", "distribute-v", **canvas),
        Entry(
            "made_with",
            _("Use the &Settings That Made It"),
            _("Generator, model, prompt, parameters and seed as they were"),
            "reset",
            **canvas,
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
            ("Ctrl+Shift+L",),
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
