"""Keys by their names: what people, forms and ABC call them, and what a `KeySignature` is."""

from __future__ import annotations

import re

from aigc_studio.api import KeySignature

MODES = ("major", "minor", "dorian", "mixolydian", "phrygian", "lydian", "locrian")
"""The seven modes, the most usual first."""

TONICS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""The keynotes by their pitch classes, 0 (C) to 11 (B)."""

CHINESE_MODES = {
    "major": "大调",
    "minor": "小调",
    "dorian": "多利亚调式",
    "mixolydian": "混合利底亚调式",
    "phrygian": "弗里几亚调式",
    "lydian": "利底亚调式",
    "locrian": "洛克里亚调式",
}

_SHARPS = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_BESIDE_MAJOR = {
    "major": 0, "lydian": 1, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4,
    "locrian": -5,
}  # fmt: skip
"""How many fifths the signature of a mode lies from that of the major key on the same tonic."""
_SHORT = {
    "maj": "major", "ion": "major", "min": "minor", "m": "minor", "aeo": "minor", "dor": "dorian",
    "mix": "mixolydian", "phr": "phrygian", "lyd": "lydian", "loc": "locrian",
}  # fmt: skip
_NAME = re.compile(
    r"([A-Ga-g])(#|♯|b|♭|-?sharp|-?flat)?(?:[ -]*(maj|ion|min|aeo|dor|mix|phr|lyd|loc)[a-z]*|(m))?",
)


def signature(tonic: int, mode: str, start: int = 0) -> KeySignature:
    """The key on a tonic, a pitch class 0 (C) to 11 (B), written with the fewest accidentals."""
    fifths = (7 * tonic + _BESIDE_MAJOR[mode]) % 12
    # F sharp and G flat are as far: sharps are what most instruments here read.
    return KeySignature(start, fifths if fifths <= 6 else fifths - 12, mode)


def read_key(name: str) -> KeySignature | None:
    """The key that a name as in ABC or in English stands for ("Dm", "Bb", "F# mixolydian")."""
    found = _NAME.fullmatch(name.strip())
    if found is None:
        return None
    letter, sign, mode, minor = found.groups()
    sign = {"♯": "#", "♭": "b"}.get(sign, (sign or "").strip("-"))
    fifths = _SHARPS[letter.upper()]
    fifths += 7 if sign in ("#", "sharp") else -7 if sign else 0
    chosen = _SHORT[mode.lower()] if mode else "minor" if minor else "major"
    fifths += _BESIDE_MAJOR[chosen]
    if not -7 <= fifths <= 7:
        fifths += 12 if fifths < 0 else -12
    return KeySignature(0, fifths, chosen)


def key_name(key: KeySignature) -> dict[str, str]:
    """What a key is called in both languages."""
    tonic = _letter(key)
    letter, sign = tonic[0], tonic[1:]
    spoken = {"": "", "#": "升 ", "b": "降 "}[sign]
    return {
        "en": f"{letter}{sign.replace('#', '♯').replace('b', '♭')} {key.mode}",
        "zh": f"{spoken}{letter} {CHINESE_MODES[key.mode]}",
    }


def _letter(key: KeySignature) -> str:
    """The keynote as it is written in the signature: D flat of five flats, C sharp of seven."""
    place = key.fifths - _BESIDE_MAJOR[key.mode]
    for letter, sharps in _SHARPS.items():
        for sign, moved in (("", 0), ("#", 7), ("b", -7)):
            if sharps + moved == place:
                return letter + sign
    return TONICS[key.tonic]
