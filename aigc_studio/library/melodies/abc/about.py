"""What is known of a tune beside its notes: the attributes that examples of it have."""

from __future__ import annotations

from collections.abc import Iterator

from aigc_studio.api import KeySignature, limits
from aigc_studio.library.melodies.abc.reading import Tune

_above_major = {
    "major": 0, "minor": 3, "dorian": 2, "phrygian": 4, "lydian": -1, "mixolydian": 1, "locrian": 5,
}  # fmt: skip
"""Fifths from the tonic of a mode to that of the major key with its signature, with the sign
turned."""


def tonic_name(key: KeySignature) -> str:
    """The keynote as a person writes it: `D`, `Bb`, `F#`."""
    place = key.fifths + _above_major[key.mode] + 1
    return "FCGDAEB"[place % 7] + ("#" * (place // 7) if place >= 0 else "b" * -(place // 7))


def attributes(tune: Tune) -> dict[str, str]:
    """Metre, key (its tonic), mode and type (`R:`, in small letters) of a tune, its title, and who
    wrote it down, as far as its header says them."""
    return dict(_told(tune))


def _told(tune: Tune) -> Iterator[tuple[str, str]]:
    if tune.title:
        yield "title", tune.title[: limits.ATTRIBUTE_TEXT]
    yield "metre", tune.metre
    keys = tune.melody.keys if tune.melody else ()
    if keys:
        yield "key", tonic_name(keys[0])
        yield "mode", keys[0].mode
    kind = " ".join(tune.first("R").lower().split())
    if kind:
        yield "type", kind[: limits.ATTRIBUTE_TEXT]
    for letter, name in (("O", "origin"), ("C", "composer"), ("Z", "transcriber")):
        if letter in tune.fields:
            yield name, "; ".join(tune.fields[letter])[: limits.ATTRIBUTE_TEXT]
