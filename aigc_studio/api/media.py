"""What media are called by people."""

from __future__ import annotations

from aigc_studio.translation import _


def one(medium: str) -> str:
    """`Picture`, as an item is called that has no other name; an unknown medium is its own name."""
    return {"image": _("Picture"), "text": _("Text"), "melody": _("Melody")}.get(medium, medium)


def many(medium: str) -> str:
    """`pictures`, within a sentence; nothing of an unknown one."""
    return {"image": _("pictures"), "text": _("texts"), "melody": _("tunes")}.get(medium, "")
