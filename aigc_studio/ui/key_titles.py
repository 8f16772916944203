"""What keys are called: `D major`, `E♭ dorian`, in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aigc_studio.translation import _

if TYPE_CHECKING:
    from aigc_studio.api.melody import KeySignature


def mode_titles() -> dict[str, str]:
    """The modes, by their names in a `KeySignature`, the usual ones first."""
    return {
        "major": _("major"),
        "minor": _("minor"),
        "dorian": _("dorian"),
        "mixolydian": _("mixolydian"),
        "phrygian": _("phrygian"),
        "lydian": _("lydian"),
        "locrian": _("locrian"),
    }


def key_title(key: KeySignature) -> str:
    """A key as people call it."""
    from aigc_studio.project.spelling import tonic_name

    name = tonic_name(key)
    # In Chinese the sign comes before the letter, as a word.
    signs = {"b": _("{letter}♭"), "#": _("{letter}♯")}
    tonic = signs.get(name[1:], "{letter}").format(letter=name[0])
    return _("{tonic} {mode}").format(tonic=tonic, mode=mode_titles()[key.mode])
