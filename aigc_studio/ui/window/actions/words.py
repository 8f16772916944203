"""The words, icons and shortcuts of every action of the window."""

from __future__ import annotations

from aigc_studio.translation import _
from aigc_studio.ui.window.actions.actions import Entry


def file_entries() -> list[Entry]:
    """Actions of the File menu."""
    return [
        Entry("new", _("&New"), _("Start an empty board"), "new"),
        Entry("open", _("&Open…"), _("Open a project"), "open"),
        Entry("save", _("&Save"), _("Save the project"), "save"),
        Entry("save_as", _("Save &As…"), _("Save under another name"), "save"),
        Entry(
            "import",
            _("&Import…"),
            _("Put pictures, texts or melodies on the board"),
            "import",
        ),
        Entry(
            "export_items",
            _("&Export Items…"),
            _("Write the selected items as files"),
            "export",
        ),
        Entry(
            "export_board",
            _("Export &Board…"),
            _("Write the whole board as one picture"),
            "export",
        ),
        Entry(
            "export_sequence",
            _("Export as &Animation…"),
            _("Write a sequence of pictures, of candidates or of the board, as a moving picture"),
            "export",
        ),
        Entry("quit", _("&Quit"), _("Close the studio"), ""),
    ]


def history_entries() -> list[Entry]:
    """Undo and redo."""
    return [
        Entry("undo", _("&Undo"), _("Undo the last step"), "undo"),
        Entry("redo", _("&Redo"), _("Do it again"), "redo"),
    ]


def work_entries() -> list[Entry]:
    """Actions of the Generate and Train menus; the prompt panel has Generate and Cancel."""
    return [
        Entry(
            "edit_selection",
            _("&Regenerate Selection"),
            _("Let the generator work on what is selected"),
            "sparkle",
        ),
        Entry(
            "accept",
            _("&Keep"),
            _("Put the chosen candidates on the board"),
            "check",
        ),
        Entry("discard", _("&Drop"), _("Drop the chosen candidates"), "trash"),
        Entry("accept_all", _("Keep &All"), _("Put all candidates on the board"), ""),
        Entry("discard_all", _("Drop A&ll"), _("Drop all candidates"), ""),
        Entry("focus_prompt", _("Go to the &Prompt"), _("Type what to make"), "edit"),
        Entry(
            "focus_verbs",
            _("Go to the &Selection Bar"),
            _("Choose what is done with what is selected"),
            "sparkle",
        ),
        Entry("train", _("&Train…"), _("Teach the generator with your own data"), "train"),
        Entry(
            "monitor",
            _("Training &Monitor"),
            _("Watch the training that runs"),
            "chip",
            checkable=True,
        ),
        Entry(
            "resume_training",
            _("&Resume Interrupted Trainings"),
            _("Go on where a training was cut off"),
            "play",
        ),
    ]


def insert_entries() -> list[Entry]:
    """What can be put on the board by hand."""
    return [
        Entry(
            "insert_sheet", _("Blank &Sheet"), _("Paper to draw on, and the brush in hand"), "sheet"
        ),
        Entry("insert_text", _("&Text"), _("Write a text on the board"), "text"),
        Entry(
            "insert_melody",
            _("&Melody"),
            _("Four empty bars, and the brush in hand to draw notes"),
            "melody",
        ),
        Entry("insert_picture", _("&Picture…"), _("A picture from a file"), "image"),
    ]


def canvas_entries() -> list[Entry]:
    """Actions of the Edit, View and Item menus."""
    lists = (_edit(), _masks(), _view(), _item(), _melody(), _listen(), _picture(), _alignment())
    return [entry for entries in lists for entry in entries]


def _edit() -> list[Entry]:
    return [
        Entry("write", _("&Write"), _("Write in the selected text"), "edit"),
        Entry("cut", _("Cu&t"), _("Move the items to the clipboard"), ""),
        Entry("copy", _("&Copy"), _("Copy the items"), "copy"),
        Entry("copy_files", _("Copy as &Files"), _("Copy the items for other programs"), "copy"),
        Entry("paste", _("&Paste"), _("Insert what was copied"), "paste"),
        Entry("duplicate", _("&Duplicate"), _("A copy beside it"), "duplicate"),
        Entry("delete", _("D&elete"), _("Remove the items"), "trash"),
        Entry("find", _("&Find in Text…"), _("Find words in the selected text"), "search"),
        Entry("replace", _("&Replace in Text…"), _("Put other words in their place"), "search"),
        Entry("select_all", _("Select &All"), "", ""),
        Entry("deselect", _("Dese&lect"), "", ""),
    ]


def _masks() -> list[Entry]:
    return [
        Entry("invert_mask", _("&Invert Mask"), _("Mark what is not marked"), "invert"),
        Entry("clear_mask", _("C&lear Mask"), _("Mark nothing"), "clear"),
        Entry("grow_mask", _("&Grow Mask"), _("Mark more on every side"), "mask-grow"),
        Entry("shrink_mask", _("&Shrink Mask"), _("Mark less on every side"), "mask-shrink"),
        Entry(
            "feather_mask",
            _("&Feather Mask"),
            _("Let the mask fade over its edge, so that what is made anew blends in"),
            "mask-feather",
        ),
        Entry(
            "mask_pixels",
            _("&Edge of the Mask…"),
            _("By how many pixels a mask is grown, shrunk or feathered"),
        ),
        Entry(
            "mask_opaque",
            _("Mask from &Transparency"),
            _("Mark what of the picture is not transparent"),
            "mask-opaque",
        ),
        Entry(
            "mask_shape",
            _("Mask from the &Upper Picture"),
            _("Of the pictures that are selected: its shape, as it lies over the others"),
            "mask-shape",
        ),
        Entry(
            "import_mask",
            _("Mask f&rom File…"),
            _("A picture of the same size: white is made anew, black is kept"),
            "import",
        ),
        Entry("export_mask", _("E&xport Mask…"), _("Write the mask as a PNG file"), "export"),
    ]


def _view() -> list[Entry]:
    return [
        Entry("fit", _("Fit &All"), _("Show everything"), "fit"),
        Entry("fit_selection", _("Fit &Selection"), _("Show what is selected"), "fit"),
        Entry("actual_size", _("Ac&tual Size"), _("Show at 100 %"), "actual-size"),
        Entry("zoom_in", _("Zoom &In"), "", "zoom-in"),
        Entry("zoom_out", _("Zoom &Out"), "", "zoom-out"),
        Entry(
            "smooth",
            _("S&mooth Pictures"),
            _("Show small pictures smooth; off: each pixel as a square"),
            "smooth",
            checkable=True,
        ),
        Entry(
            "staff",
            _("&Tunes as Staves"),
            _("Show tunes on staves; off: as piano rolls, where notes are drawn"),
            "staff",
            checkable=True,
        ),
        Entry("full_screen", _("&Full Screen"), "", "", checkable=True),
    ]


def _item() -> list[Entry]:
    return [
        Entry("rename", _("&Rename…"), "", "edit"),
        Entry(
            "compare",
            _("Be&fore and After"),
            _("A line over the picture: left of it as it was, right of it as it is"),
            "wipe",
        ),
        Entry("hide", _("&Hide"), _("Hide the selected items"), "eye-off"),
        Entry("show", _("Sho&w"), _("Show the selected layers that are hidden"), "eye"),
        Entry("show_all", _("&Show All"), _("Show items that are hidden"), "eye"),
        Entry("front", _("To &Front"), "", "to-front"),
        Entry("forward", _("For&ward"), "", "up"),
        Entry("backward", _("Back&ward"), "", "down"),
        Entry("back", _("To &Back"), "", "to-back"),
        Entry(
            "learn_from",
            _("&Learn from These…"),
            _("Make data of what is selected, and train a generator with it"),
            "learn",
        ),
        Entry(
            "made_with",
            _("Use the Same &Settings"),
            _("Generator, model, prompt, parameters and seed as they were"),
            "dice",
        ),
    ]


def _melody() -> list[Entry]:
    return [
        Entry("edit_notes", _("Edit &Notes"), _("Move and stretch notes with the mouse"), "melody"),
        Entry("add_bars", _("Add Four &Bars"), _("Make the melody longer"), "plus"),
        Entry("insert_bar", _("&Insert a Bar"), _("Before the selected bars, or at the end"), ""),
        Entry("delete_bars", _("&Delete the Bars"), _("What comes behind them moves up"), ""),
        Entry("semitone_up", _("A Semitone &Up"), _("The tune, or the selected bars"), "up"),
        Entry("semitone_down", _("A Semitone &Down"), _("The tune, or the selected bars"), "down"),
        Entry("octave_up", _("An &Octave Up"), _("The tune, or the selected bars"), "up"),
        Entry("octave_down", _("An O&ctave Down"), _("The tune, or the selected bars"), "down"),
    ]


def _listen() -> list[Entry]:
    return [
        Entry(
            "play", _("&Play"), _("Play the tune, from its selected bars on, or stop it"), "play"
        ),
        Entry("play_start", _("Play from the &Beginning"), "", "hear-before"),
        Entry(
            "loop",
            _("&Loop"),
            _("Play the selected bars, or all, again and again"),
            "loop",
            checkable=True,
        ),
        Entry(
            "metronome",
            _("&Metronome"),
            _("A click on each beat, a higher one where a bar begins"),
            "metronome",
            checkable=True,
        ),
        Entry("mute", _("M&ute"), _("Play without a sound"), "volume", checkable=True),
    ]


def _picture() -> list[Entry]:
    return [
        Entry("crop", _("&Crop"), _("Keep what is marked, or choose what to keep"), "crop"),
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
        ),
        Entry("plugins", _("&Plugins…"), _("What can generate, and what is wrong"), "plugins"),
        Entry("settings", _("&Settings…"), _("Theme, language, folders"), "settings"),
        Entry("log", _("L&og…"), _("What the studio and its workers logged"), "log"),
        Entry(
            "layers",
            _("&Layers"),
            _("Everything on the board: show, hide, rename, put in order"),
            "layers",
            True,
        ),
        Entry("history", _("&History"), _("Every step, to go back to"), "history", True),
        Entry(
            "candidates",
            _("Can&didates"),
            _("What was generated, to be kept or dropped"),
            "candidates",
            True,
        ),
        Entry("message", _("Go to the &Message"), _("Answer what is asked, with the keyboard"), ""),
        Entry("jobs", _("&Jobs"), _("What is under way"), "jobs", True),
        Entry("shortcuts", _("&Keyboard Shortcuts…"), _("All shortcuts"), "keyboard"),
        Entry("tour", _("Take the &Tour"), _("A few steps, learnt by doing"), "help"),
        Entry("about", _("&About AIGC Studio…"), _("Version and licences"), "info"),
    ]
