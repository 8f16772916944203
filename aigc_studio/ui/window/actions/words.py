"""The words, icons and shortcuts of every action of the window."""

from __future__ import annotations

from dataclasses import replace

from aigc_studio.translation import _
from aigc_studio.ui.window.actions.actions import Entry


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
        Entry(
            "export_sequence",
            _("Export Candidates as &Animation…"),
            _("Write a sequence of candidates as a moving picture"),
            "export",
        ),
        Entry("quit", _("&Quit"), _("Close the studio"), "", ("Ctrl+Q",)),
    ]


def history_entries() -> list[Entry]:
    """Undo and redo."""
    return [
        Entry("undo", _("&Undo"), _("Take back the last step"), "undo", ("Ctrl+Z",)),
        Entry("redo", _("&Redo"), _("Do it again"), "redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ]


def work_entries() -> list[Entry]:
    """Actions of the Generate and Train menus; the prompt panel has Generate and Cancel."""
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
            _("&Accept"),
            _("Put the chosen candidates on the board"),
            "check",
            ("Alt+Return", "Alt+Enter"),
        ),
        Entry("discard", _("&Discard"), _("Throw the chosen candidates away"), "trash"),
        Entry("accept_all", _("A&ccept All"), _("Put all candidates on the board"), ""),
        Entry("discard_all", _("D&iscard All"), _("Throw all candidates away"), ""),
        Entry("focus_prompt", _("Go to the &Prompt"), _("Type what to make"), "edit", ("Ctrl+L",)),
        Entry(
            "train", _("&Train…"), _("Teach the generator with your own data"), "train", ("Ctrl+T",)
        ),
        Entry(
            "monitor",
            _("Training &Monitor"),
            _("Watch the training that runs"),
            "chip",
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
    return [replace(entry, canvas_only=entry.name not in _anywhere) for entry in _canvas()]


_anywhere = ("fit", "fit_selection", "actual_size", "zoom_in", "zoom_out", "full_screen", "smooth")


def _canvas() -> list[Entry]:
    return [*_edit(), *_view(), *_item(), *_picture(), *_alignment()]


def _edit() -> list[Entry]:
    return [
        Entry("write", _("&Write"), _("Write in the selected text"), "edit", ("Return", "Enter")),
        Entry("cut", _("Cu&t"), _("Take the items to the clipboard"), "", ("Ctrl+X",)),
        Entry("copy", _("&Copy"), _("Copy the items"), "copy", ("Ctrl+C",)),
        Entry("copy_files", _("Copy as &Files"), _("Copy the items for other programs"), "copy"),
        Entry("paste", _("&Paste"), _("Put in what was copied"), "paste", ("Ctrl+V",)),
        Entry("duplicate", _("&Duplicate"), _("A copy beside it"), "duplicate", ("Ctrl+D",)),
        Entry("delete", _("D&elete"), _("Take the items off"), "trash", ("Del",)),
        Entry("select_all", _("Select &All"), "", "", ("Ctrl+A",)),
        Entry("deselect", _("Dese&lect"), "", "", ("Ctrl+Shift+A",)),
        Entry(
            "invert_mask",
            _("&Invert Mask"),
            _("Mark what is not marked"),
            "invert",
            ("Ctrl+Shift+I",),
        ),
        Entry("clear_mask", _("C&lear Mask"), _("Mark nothing"), "clear"),
    ]


def _view() -> list[Entry]:
    return [
        Entry("fit", _("Fit &All"), _("Show everything"), "fit", ("Ctrl+0",)),
        Entry("fit_selection", _("Fit &Selection"), _("Show what is selected"), "fit", ("Ctrl+2",)),
        Entry("actual_size", _("Ac&tual Size"), _("Show at 100 %"), "actual-size", ("Ctrl+1",)),
        Entry("zoom_in", _("Zoom &In"), "", "zoom-in", ("Ctrl++", "Ctrl+=")),
        Entry("zoom_out", _("Zoom &Out"), "", "zoom-out", ("Ctrl+-",)),
        Entry(
            "smooth",
            _("S&mooth Pictures"),
            _("Show small pictures smooth; off: each pixel as a square"),
            checkable=True,
        ),
        Entry("full_screen", _("&Full Screen"), "", "", ("F11",), checkable=True),
    ]


def _item() -> list[Entry]:
    return [
        Entry("rename", _("&Rename…"), "", "edit", ("F2",)),
        Entry("hide", _("&Hide"), _("Hide the selected items"), "eye-off"),
        Entry("show_all", _("&Show All"), _("Show items that are hidden"), "eye"),
        Entry("front", _("To &Front"), "", "to-front", ("Ctrl+Shift+]",)),
        Entry("forward", _("For&ward"), "", "up", ("Ctrl+]",)),
        Entry("backward", _("Back&ward"), "", "down", ("Ctrl+[",)),
        Entry("back", _("To &Back"), "", "to-back", ("Ctrl+Shift+[",)),
        Entry(
            "made_with",
            _("Use the Same &Settings"),
            _("Generator, model, prompt, parameters and seed as they were"),
            "dice",
        ),
    ]


def _picture() -> list[Entry]:
    return [
        Entry("crop", _("&Crop"), _("Keep what is marked"), "crop"),
        Entry("turn_left", _("Turn &Left"), "", "rotate-left"),
        Entry("turn_right", _("Turn &Right"), "", "rotate"),
        Entry("flip_h", _("Flip &Horizontally"), "", "flip-h"),
        Entry("flip_v", _("Flip &Vertically"), "", "flip-v"),
    ]


def _alignment() -> list[Entry]:
    return [
        Entry("align_left", _("Left Edges"), "", "align-left"),
        Entry("align_center", _("Centres"), "", "align-center"),
        Entry("align_right", _("Right Edges"), "", "align-right"),
        Entry("align_top", _("Top Edges"), "", "align-top"),
        Entry("align_middle", _("Middles"), "", "align-middle"),
        Entry("align_bottom", _("Bottom Edges"), "", "align-bottom"),
        Entry("distribute_h", _("Distribute Horizontally"), "", "distribute-h"),
        Entry("distribute_v", _("Distribute Vertically"), "", "distribute-v"),
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
