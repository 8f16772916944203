"""The menu bar: which action stands where."""

from __future__ import annotations

from aigc_studio.translation import _
from aigc_studio.ui.window.actions import MenuEntry


def menus(edit: tuple[str | MenuEntry | None, ...], view: tuple[str | MenuEntry | None, ...],
          item: tuple[str | MenuEntry | None, ...]) -> list[MenuEntry]:
    """All menus; those of the canvas are filled by it."""
    return [
        MenuEntry(
            "file",
            _("&File"),
            (
                "new",
                "open",
                MenuEntry("recent", _("Open &Recent"), ()),
                None,
                "save",
                "save_as",
                None,
                "import",
                "export_items",
                "export_board",
                None,
                "quit",
            ),
        ),
        MenuEntry("edit", _("&Edit"), ("undo", "redo", None, *edit)),
        MenuEntry("view", _("&View"), (*view, None, "history", "monitor", "jobs")),
        MenuEntry("item", _("&Item"), item),
        MenuEntry(
            "generate",
            _("&Generate"),
            (
                "generate",
                "edit_selection",
                "cancel",
                None,
                "accept",
                "discard_all",
                None,
                "focus_prompt",
            ),
        ),
        MenuEntry("train", _("&Train"), ("train", "resume_training", None, "monitor")),
        MenuEntry("tools", _("T&ools"), ("library", "plugins", None, "log", None, "settings")),
        MenuEntry("help", _("&Help"), ("shortcuts", "about")),
    ]
