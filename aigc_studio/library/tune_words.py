"""What the attributes that a tune's own header gives are called in the language spoken."""

from __future__ import annotations

from aigc_studio.translation import _


def tune_word(name: str) -> str:
    """The word for an attribute of a tune, or for a mode; empty for what only the data names."""
    words = {
        "title": _("Title"),
        "metre": _("Metre"),
        "key": _("Key"),
        "mode": _("Mode"),
        "type": _("Kind of tune"),
        "origin": _("Origin"),
        "composer": _("Composer"),
        "transcriber": _("Written down by"),
        "major": _("major"),
        "minor": _("minor"),
        "dorian": _("dorian"),
        "mixolydian": _("mixolydian"),
        "phrygian": _("phrygian"),
        "lydian": _("lydian"),
        "locrian": _("locrian"),
    }
    return words.get(name, "")
