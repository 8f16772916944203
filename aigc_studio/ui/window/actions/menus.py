"""The menu bar: which action stands where."""

from __future__ import annotations

from aigc_studio.translation import _
from aigc_studio.ui.canvas.menu import EXPLAINS, TRANSPOSES, VERBS
from aigc_studio.ui.window.actions.actions import MenuEntry

LISTEN = ("play", "play_start", "loop", None, "metronome", "mute")
"""What there is for the ear."""


def menus() -> list[MenuEntry]:
    """All menus, in order."""
    return [_file(), _edit(), _view(), _insert(), _item(), *_work(), *_rest()]


def _file() -> MenuEntry:
    recent = MenuEntry("recent", _("Open &Recent"), ())
    parts = ("new", "open", recent, None, "save", "save_as", None, "import", "export_items")
    return MenuEntry("file", _("&File"), (*parts, "export_board", "export_sequence", None, "quit"))


def _edit() -> MenuEntry:
    parts = ("undo", "redo", None, "cut", "copy", "copy_files", "paste", "duplicate", "delete")
    rest = (None, "select_all", "deselect", "find", "replace", None, _mask())
    return MenuEntry("edit", _("&Edit"), (*parts, *rest))


def _mask() -> MenuEntry:
    edge = ("grow_mask", "shrink_mask", "feather_mask", "mask_pixels")
    ways = ("mask_opaque", "mask_shape", "import_mask", "export_mask")
    return MenuEntry("mask", _("&Mask"), ("invert_mask", "clear_mask", None, *edge, None, *ways))


def _view() -> MenuEntry:
    parts = ("fit", "fit_selection", "actual_size", "zoom_in", "zoom_out", None)
    tabs = ("candidates", "layers", "history", "monitor", "jobs")
    rest = ("smooth", "staff", "full_screen", None, *tabs, None, "message")
    return MenuEntry("view", _("&View"), (*parts, *rest))


def _insert() -> MenuEntry:
    parts = ("insert_sheet", "insert_text", "insert_melody", "insert_picture")
    return MenuEntry("insert", _("I&nsert"), parts)


def _item() -> MenuEntry:
    edges = ("align_left", "align_center", "align_right", "align_top", "align_middle")
    spread = ("align_bottom", None, "distribute_h", "distribute_v")
    return MenuEntry(
        "item",
        _("&Item"),
        (
            "write",
            "rename",
            "hide",
            "show",
            "show_all",
            None,
            MenuEntry("order", _("&Order"), ("front", "forward", "backward", "back")),
            MenuEntry("align", _("&Align"), (*edges, *spread)),
            None,
            "edit_notes",
            "add_bars",
            "insert_bar",
            "delete_bars",
            MenuEntry("transpose", _("&Transpose"), TRANSPOSES),
            MenuEntry("listen", _("Li&sten"), LISTEN),
            None,
            "crop",
            "turn_left",
            "turn_right",
            "flip_h",
            "flip_v",
            None,
            "compare",
            "made_with",
            "learn_from",
        ),
    )


def _work() -> list[MenuEntry]:
    making = ("generate", "edit_selection", *VERBS, *EXPLAINS, "cancel", None)
    waiting = ("accept", "discard", None, "accept_all", "discard_all")
    places = ("focus_prompt", "focus_verbs")
    candidates = MenuEntry("candidates", _("Can&didates"), waiting)
    return [
        MenuEntry("generate", _("&Generate"), (*making, candidates, None, *places)),
        MenuEntry("train", _("&Train"), ("train", "resume_training", None, "monitor")),
    ]


def _rest() -> list[MenuEntry]:
    return [
        MenuEntry("tools", _("T&ools"), ("library", "plugins", None, "log", None, "settings")),
        MenuEntry("help", _("&Help"), ("tour", None, "shortcuts", "about")),
    ]
