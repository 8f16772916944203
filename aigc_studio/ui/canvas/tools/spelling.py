"""The names of notes: which pitch a letter means in a key, near another pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aigc_studio.api.melody import KeySignature

_NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHARPS = "FCGDAEB"


def pitch_of(letter: str, near: int, fifths: int) -> int:
    """The pitch of a letter under a key signature, the one that is nearest to `near`.

    Of two that are as near, the higher one: a tune that goes on rises.
    """
    name = _NATURAL[letter] + altered(letter, fifths)
    up = (name - near) % 12
    pitch = near + (up if up <= 6 else up - 12)
    while pitch < 0:
        pitch += 12
    while pitch > 127:
        pitch -= 12
    return pitch


def altered(letter: str, fifths: int) -> int:
    """Semitones that a key signature raises (1) or lowers (-1) a letter."""
    place = _SHARPS.index(letter)
    if fifths > place:
        return 1
    return -1 if -fifths > 6 - place else 0


def key_at(keys: Sequence[KeySignature], tick: float) -> int:
    """The sharps (negative: flats) of the key that holds at a tick; none where there is no key."""
    return next((key.fifths for key in reversed(keys) if key.start <= tick), 0)
